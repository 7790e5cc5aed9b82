/* Any bytes as text: code points go out and come back, numbers are read as the C library reads them, alphabets undo
 * themselves, quoting is undone by unquoting. */
#include "base/crypto.h"
#include "base/json.h"

#include <assert.h>
#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge_utf8(struct str text, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    size_t n = 0;
    bool broken = false;
    for (size_t at = 0; at < text.n; n++) {
        size_t before = at;
        uint32_t c = utf8_next(text, &at);
        assert(at > before && at <= text.n && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff));
        broken = broken || c == 0xfffd || c == 0;
        utf8_put(&out, c);
    }
    if (!utf8_valid(text)) {
        assert(broken);
        return;
    }
    assert(utf8_count(text) == n && str_eq(strbuf_str(&out), text.n ? text : STR("")));
    struct strbuf quoted = {.arena = arena};
    json_quote(&quoted, text);
    assert(str_eq(json_unquote(strbuf_str(&quoted), arena), text));
}

static void judge_number(struct str text, struct arena *arena)
{
    int64_t value;
    char *end, *z = str_z(arena, text);
    errno = 0;
    if (!str_to_int(text, INT64_MIN, INT64_MAX, &value))
        return;
    long long expected = strtoll(z, &end, 10);
    assert(errno == 0 && *end == '\0' && expected == value);
}

static void judge_pieces(struct str text)
{
    struct str rest = text, piece;
    size_t n = 0;
    while (str_split(&rest, ';', &piece))
        n += piece.n + 1;
    assert(n == text.n + 1 || n == text.n);
    struct str trimmed = str_trim(text);
    assert(trimmed.n <= text.n && str_eq(str_trim(trimmed), trimmed));
    assert(str_find(text, trimmed, 0) >= 0);
}

static void judge_alphabets(struct str bytes, struct arena *arena)
{
    struct str back;
    struct err err;
    assert(crypto_base64url_decode(crypto_base64url(bytes, arena), arena, &back, &err) == 0 && str_eq(back, bytes));
    if (crypto_base64url_decode(bytes, arena, &back, &err) == 0)
        assert(str_eq(crypto_base64url(back, arena), bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {size ? (const char *)data : "", size};
    if (size > 65536)
        return 0;
    struct arena *arena = arena_new((size_t)64 * 1024 * 1024);
    judge_utf8(text, arena);
    judge_number(text, arena);
    judge_pieces(text);
    judge_alphabets(text, arena);
    arena_free(arena);
    return 0;
}

/* Any bytes as a form: whatever pieces it arrives in, the same parts come out, or it is refused. The first byte sets
 * the size of the pieces; what is up to the first line end is the Content-Type when it names a boundary. */
#include "api/wire/multipart.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    struct strbuf log;
    bool pause;
    int open;
};

static int part(void *self, struct str name, bool file, struct err *err)
{
    struct seen *seen = self;
    (void)err;
    assert(seen->open++ == 0);
    strbuf_printf(&seen->log, "[%.*s%s:", STR_ARG(name), file ? " file" : "");
    return seen->pause ? 1 : 0;
}

static int data_of(void *self, struct str bytes, struct err *err)
{
    struct seen *seen = self;
    (void)err;
    assert(seen->open == 1);
    strbuf_add(&seen->log, bytes);
    return 0;
}

static int end(void *self, struct err *err)
{
    struct seen *seen = self;
    (void)err;
    assert(seen->open-- == 1);
    strbuf_add_c(&seen->log, "]");
    return 0;
}

/* Absent when refused or unfinished. */
static struct str walk(struct str type, struct str body, size_t step, struct arena *arena)
{
    struct seen seen = {.log.arena = arena, .pause = step & 1};
    struct api_multipart_hooks hooks = {&seen, part, data_of, end};
    struct api_multipart *m;
    struct err err;
    if (api_multipart_new(type, &hooks, arena, &m, &err) < 0)
        return STR_NONE;
    for (size_t at = 0, taken; at < body.n; at += taken) {
        struct str piece = str_slice(body, at, at + step);
        if (api_multipart_feed(m, piece, &taken, &err) < 0)
            return STR_NONE;
        assert(taken <= piece.n && (taken == piece.n || seen.pause));
    }
    return api_multipart_complete(m) ? strbuf_str(&seen.log) : STR_NONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str body = {size ? (const char *)data + 1 : "", size ? size - 1 : 0}, line, rest = body;
    struct str type = STR("multipart/form-data; boundary=B");
    if (size == 0 || size > 65536)
        return 0;
    struct arena *arena = arena_new((size_t)64 * 1024 * 1024);
    if (str_split(&rest, '\n', &line) && str_find(line, STR("boundary="), 0) >= 0) {
        type = line;
        body = rest;
    }
    struct str whole = walk(type, body, body.n + 1, arena);
    struct str pieces = walk(type, body, 1 + (size_t)data[0] % 64, arena);
    assert(str_eq(whole, pieces));
    arena_free(arena);
    return 0;
}

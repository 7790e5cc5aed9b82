/* Normal forms of text with ICU; the only file that knows it. ICU works in UTF-16: each function goes there and back.
 */
#include "contact/text.h"

#include <assert.h>
#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* UTF-16 in the arena, with room to grow in the calls below. */
struct wide {
    UChar *p;
    int32_t n, size;
};

static bool to_wide(struct str s, struct arena *arena, struct wide *ret_wide)
{
    UErrorCode status = U_ZERO_ERROR;
    if (s.n > INT32_MAX / 8)
        return false;
    int32_t size = (int32_t)s.n + 1;
    UChar *p = arena_array(arena, (size_t)size, sizeof *p);
    int32_t n = 0;
    u_strFromUTF8(p, size, &n, s.p, (int32_t)s.n, &status);
    if (U_FAILURE(status))
        return false;
    *ret_wide = (struct wide){p, n, size};
    return true;
}

static struct str from_wide(struct wide wide, struct arena *arena)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t size = wide.n * 3 + 1, n = 0;
    char *p = arena_alloc(arena, (size_t)size);
    u_strToUTF8(p, size, &n, wide.p, wide.n, &status);
    assert(U_SUCCESS(status));
    return (struct str){p, (size_t)n};
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

static struct str normalized(struct str s, const UNormalizer2 *form, struct arena *arena)
{
    struct wide wide;
    if (is_ascii(s) || !to_wide(s, arena, &wide))
        return s;
    UErrorCode status = U_ZERO_ERROR;
    int32_t size = wide.n * 18 + 1; /* UAX 15: the most a normalisation form can grow by */
    struct wide out = {arena_array(arena, (size_t)size, sizeof(UChar)), 0, size};
    out.n = unorm2_normalize(form, wide.p, wide.n, out.p, size, &status);
    return U_FAILURE(status) ? s : from_wide(out, arena);
}

struct str contact_text_nfc(struct str s, struct arena *arena)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFCInstance(&status);
    return U_FAILURE(status) ? s : normalized(s, form, arena);
}

struct str contact_text_nfkc(struct str s, struct arena *arena)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKCInstance(&status);
    return U_FAILURE(status) ? s : normalized(s, form, arena);
}

/* NFKD of the lower-cased text: base letters with their accents behind them. */
static struct str decomposed(struct str s, struct arena *arena)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKDInstance(&status);
    return U_FAILURE(status) ? s : normalized(contact_text_lower(s, arena), form, arena);
}

/* Letters that decompose into nothing Latin-1 readers would type. */
static const struct {
    uint32_t c;
    const char *plain;
} stroked[] = {{0xDF, "ss"}, {0xF8, "o"},  {0xE6, "ae"}, {0x153, "oe"}, {0xE5, "a"},  {0x142, "l"},  {0x111, "d"},
               {0xF0, "d"},  {0xFE, "th"}, {0x131, "i"}, {0x127, "h"},  {0x167, "t"}, {0x1E9E, "ss"}};

static const char *plain_letter(uint32_t c)
{
    for (size_t i = 0; i < ARRAY_LEN(stroked); i++)
        if (stroked[i].c == c)
            return stroked[i].plain;
    return NULL;
}

static bool is_mark(uint32_t c)
{
    return (U_GET_GC_MASK((UChar32)c) & U_GC_M_MASK) != 0;
}

/* What fold() makes of ASCII, without the detour over UTF-16: most words are. */
static struct str fold_ascii(struct str s, struct arena *arena, bool blanks)
{
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    bool pending = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool upper = c >= 'A' && c <= 'Z';
        if (c == '\'')
            continue;
        if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
            pending = blanks && n > 0;
            continue;
        }
        if (pending)
            out[n++] = ' ';
        pending = false;
        out[n++] = (char)(upper ? c + 32 : c);
    }
    return (struct str){out, n};
}

/* U+00C0 to U+00FF folded. */
static const char latin1[64][3] = {"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
                                   "d", "n", "o", "o", "o", "o", "o",  " ", "o", "u", "u", "u", "u", "y", "th", "ss",
                                   "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
                                   "d", "n", "o", "o", "o", "o", "o",  " ", "o", "u", "u", "u", "u", "y", "th", "y"};

/* What a character of several bytes folds to: letters, " " for what divides words, "" for what vanishes; NULL when it
 * is none of the common ones. */
static const char *latin_letter(const unsigned char *p, size_t left, size_t *ret_bytes)
{
    *ret_bytes = 2;
    if (p[0] == 0xC3 && left > 1 && p[1] >= 0x80 && p[1] <= 0xBF)
        return latin1[p[1] - 0x80];
    if (p[0] == 0xC2 && left > 1 && strchr("\xa0\xa7\xa9\xab\xae\xb0\xb7\xbb", p[1]))
        return " ";
    *ret_bytes = 3;
    if (p[0] != 0xE2 || p[1] != 0x80 || left < 3)
        return NULL;
    return p[2] == 0x99 ? "" : strchr("\x90\x91\x92\x93\x94\x98\x9a\x9c\x9d\x9e\xa2\xa6", p[2]) ? " " : NULL;
}

/* What fold() makes of ASCII and the letters and signs of western Europe; absent when there are others. */
static struct str fold_latin(struct str s, struct arena *arena, bool blanks)
{
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    bool pending = false;
    for (size_t i = 0; i < s.n;) {
        char one[2] = {s.p[i], '\0'};
        const char *letters = one;
        size_t bytes = 1;
        if ((unsigned char)s.p[i] >= 0x80) {
            letters = latin_letter((const unsigned char *)s.p + i, s.n - i, &bytes);
            if (!letters)
                return STR_NONE;
        } else if (one[0] >= 'A' && one[0] <= 'Z') {
            one[0] = (char)(one[0] + 32);
        }
        i += bytes;
        if (letters[0] == '\0' || letters[0] == '\'')
            continue;
        if (!(letters[0] >= 'a' && letters[0] <= 'z') && !(letters[0] >= '0' && letters[0] <= '9')) {
            pending = blanks && n > 0;
            continue;
        }
        if (pending)
            out[n++] = ' ';
        pending = false;
        for (; *letters; letters++)
            out[n++] = *letters;
    }
    return (struct str){out, n};
}

static struct str fold(struct str s, struct arena *arena, bool blanks)
{
    if (is_ascii(s))
        return fold_ascii(s, arena, blanks);
    struct str latin = fold_latin(s, arena, blanks);
    if (latin.p)
        return latin;
    struct strbuf buf = {.arena = arena};
    struct str d = decomposed(s, arena);
    bool pending = false;
    for (size_t at = 0; at < d.n;) {
        uint32_t c = utf8_next(d, &at);
        if (is_mark(c) || c == '\'' || c == 0x2019)
            continue;
        if (!u_isalnum((UChar32)c)) {
            pending = blanks && buf.n > 0;
            continue;
        }
        if (pending)
            strbuf_add_char(&buf, ' ');
        pending = false;
        const char *plain = plain_letter(c);
        if (plain)
            strbuf_add_c(&buf, plain);
        else
            utf8_put(&buf, c);
    }
    return strbuf_str(&buf);
}

struct str contact_text_fold(struct str s, struct arena *arena)
{
    return fold(s, arena, true);
}

/* Umlauts written out, before accents are removed. */
static struct str write_out(struct str s, struct arena *arena)
{
    static const struct {
        uint32_t c;
        const char *out;
    } table[] = {{0xE4, "ae"}, {0xF6, "oe"}, {0xFC, "ue"}, {0xF8, "oe"}, {0xE5, "aa"}};
    struct str lower = contact_text_nfc(contact_text_lower(s, arena), arena);
    struct strbuf buf = {.arena = arena};
    for (size_t at = 0; at < lower.n;) {
        uint32_t c = utf8_next(lower, &at);
        const char *out = NULL;
        for (size_t i = 0; i < ARRAY_LEN(table); i++)
            if (table[i].c == c)
                out = table[i].out;
        if (out)
            strbuf_add_c(&buf, out);
        else
            utf8_put(&buf, c);
    }
    return strbuf_str(&buf);
}

struct str contact_text_translit(struct str s, struct arena *arena)
{
    return is_ascii(s) ? fold_ascii(s, arena, true) : fold(write_out(s, arena), arena, true);
}

struct str contact_text_letters(struct str s, struct arena *arena)
{
    return is_ascii(s) ? fold_ascii(s, arena, false) : fold(write_out(s, arena), arena, false);
}

typedef int32_t (*case_function)(UChar *, int32_t, const UChar *, int32_t, const char *, UErrorCode *);

static struct str cased(struct str s, case_function map, struct arena *arena)
{
    struct wide wide;
    if (!to_wide(s, arena, &wide))
        return s;
    UErrorCode status = U_ZERO_ERROR;
    int32_t size = wide.n * 3 + 1; /* SpecialCasing.txt: at most three for one */
    struct wide out = {arena_array(arena, (size_t)size, sizeof(UChar)), 0, size};
    out.n = map(out.p, size, wide.p, wide.n, "", &status);
    return U_FAILURE(status) ? s : from_wide(out, arena);
}

struct str contact_text_lower(struct str s, struct arena *arena)
{
    return s.p && is_ascii(s) ? str_lower(arena, s) : cased(s, u_strToLower, arena);
}

struct str contact_text_upper(struct str s, struct arena *arena)
{
    return cased(s, u_strToUpper, arena);
}

struct str contact_text_title(struct str s, struct arena *arena)
{
    struct str lower = contact_text_lower(s, arena);
    struct strbuf buf = {.arena = arena};
    bool first = true;
    for (size_t at = 0; at < lower.n;) {
        uint32_t c = utf8_next(lower, &at);
        utf8_put(&buf, first ? (uint32_t)u_totitle((UChar32)c) : c);
        first = !u_isalnum((UChar32)c) && !is_mark(c);
    }
    return strbuf_str(&buf);
}

bool contact_char_space(uint32_t c)
{
    return u_isUWhiteSpace((UChar32)c) || (c >= 0x200B && c <= 0x200D) || c == 0x2060 || c == 0xFEFF;
}

struct str contact_text_squeeze(struct str s, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    bool pending = false;
    for (size_t at = 0; at < s.n;) {
        uint32_t c = utf8_next(s, &at);
        if (contact_char_space(c)) {
            pending = buf.n > 0;
            continue;
        }
        if (pending)
            strbuf_add_char(&buf, ' ');
        pending = false;
        utf8_put(&buf, c);
    }
    return strbuf_str(&buf);
}

bool contact_char_letter(uint32_t c)
{
    return u_isalpha((UChar32)c);
}

bool contact_char_upper(uint32_t c)
{
    return u_isupper((UChar32)c);
}

bool contact_char_lower(uint32_t c)
{
    return u_islower((UChar32)c);
}

bool contact_char_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

bool contact_text_has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (contact_char_digit((unsigned char)s.p[i]))
            return true;
    return false;
}

bool contact_text_starts_upper(struct str s)
{
    size_t at = 0;
    return s.n && contact_char_upper(utf8_next(s, &at));
}

struct str contact_domain_ascii(struct str domain, struct arena *arena)
{
    enum { DOMAIN_MAX = 253 };
    UErrorCode status = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    if (str_ends(domain, STR(".")))
        domain.n--;
    if (domain.n == 0 || domain.n > (size_t)4 * DOMAIN_MAX)
        return STR_NONE;
    UIDNA *idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI, &status);
    char *ascii = arena_alloc(arena, DOMAIN_MAX + 1);
    int32_t n = U_FAILURE(status)
                    ? 0
                    : uidna_nameToASCII_UTF8(idna, domain.p, (int32_t)domain.n, ascii, DOMAIN_MAX + 1, &info, &status);
    uidna_close(idna);
    return U_FAILURE(status) || info.errors || n <= 0 || n > DOMAIN_MAX ? STR_NONE : (struct str){ascii, (size_t)n};
}

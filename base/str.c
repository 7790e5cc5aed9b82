/* See str.h. */
#include "base/str.h"

#include <assert.h>

enum { LONG_TEXT = 512 };

struct str str_c(const char *text)
{
    return text ? (struct str){text, strlen(text)} : STR_NONE;
}

bool str_eq(struct str a, struct str b)
{
    if (!a.p || !b.p)
        return !a.p && !b.p;
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (!a.p || !b.p)
        return !a.p && !b.p;
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
            return false;
    return true;
}

int str_word(struct str text, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (str_eq(text, str_c(words[i])))
            return i;
    return -1;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

ptrdiff_t str_find(struct str s, struct str needle, size_t from)
{
    if (from > s.n || needle.n > s.n - from)
        return -1;
    if (needle.n == 0)
        return (ptrdiff_t)from;
    const char *last = s.p + s.n - needle.n, *at = s.p + from;
    if (s.n > LONG_TEXT) {
        at = memmem(at, s.n - from, needle.p, needle.n);
        return at ? at - s.p : -1;
    }
    for (; at <= last; at++) { /* in a line the first letter finds sooner */
        at = memchr(at, needle.p[0], (size_t)(last - at) + 1);
        if (!at)
            return -1;
        if (memcmp(at, needle.p, needle.n) == 0)
            return at - s.p;
    }
    return -1;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.n)
        to = s.n;
    if (from > to)
        from = to;
    return (struct str){s.p ? s.p + from : NULL, to - from};
}

static bool ascii_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.n && ascii_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n && ascii_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool str_split(struct str *rest, char separator, struct str *ret_piece)
{
    if (!rest->p)
        return false;
    const char *hit = rest->n ? memchr(rest->p, separator, rest->n) : NULL;
    if (!hit) {
        *ret_piece = *rest;
        *rest = STR_NONE;
        return true;
    }
    size_t n = (size_t)(hit - rest->p);
    *ret_piece = (struct str){rest->p, n};
    *rest = (struct str){hit + 1, rest->n - n - 1};
    return true;
}

bool str_to_int(struct str s, int64_t min, int64_t max, int64_t *ret_value)
{
    size_t at = 0;
    bool negative = s.n && s.p[0] == '-';
    int64_t value = 0;
    if (negative)
        at = 1;
    if (at == s.n || s.n - at > 19)
        return false;
    for (; at < s.n; at++) {
        if (s.p[at] < '0' || s.p[at] > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -(s.p[at] - '0') : s.p[at] - '0', &value))
            return false;
    }
    if (value < min || value > max)
        return false;
    *ret_value = value;
    return true;
}

char *str_z(struct arena *arena, struct str s)
{
    if (!s.p)
        return NULL;
    char *copy = arena_alloc(arena, s.n + 1);
    if (s.n)
        memcpy(copy, s.p, s.n);
    return copy;
}

struct str str_dup(struct arena *arena, struct str s)
{
    return (struct str){str_z(arena, s), s.n};
}

struct str str_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    assert(n >= 0);
    char *text = arena_alloc(arena, (size_t)n + 1);
    (void)vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return (struct str){text, (size_t)n};
}

struct str str_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str s = str_vprintf(arena, format, args);
    va_end(args);
    return s;
}

struct str str_lower(struct arena *arena, struct str s)
{
    char *copy = str_z(arena, s);
    for (size_t i = 0; i < s.n; i++)
        copy[i] = ascii_lower(copy[i]);
    return (struct str){copy, s.n};
}

static void strbuf_reserve(struct strbuf *buf, size_t more)
{
    if (more < buf->size - buf->n)
        return;
    size_t size = buf->size ? buf->size * 2 : 64;
    while (size - buf->n <= more)
        size *= 2;
    char *grown = arena_alloc(buf->arena, size);
    if (buf->n)
        memcpy(grown, buf->p, buf->n);
    buf->p = grown;
    buf->size = size;
}

void strbuf_add(struct strbuf *buf, struct str s)
{
    strbuf_reserve(buf, s.n);
    if (s.n)
        memcpy(buf->p + buf->n, s.p, s.n);
    buf->n += s.n;
    buf->p[buf->n] = '\0';
}

void strbuf_add_c(struct strbuf *buf, const char *text)
{
    strbuf_add(buf, str_c(text));
}

void strbuf_add_char(struct strbuf *buf, char c)
{
    if (buf->size - buf->n < 2)
        strbuf_reserve(buf, 1);
    buf->p[buf->n++] = c;
    buf->p[buf->n] = '\0';
}

void strbuf_printf(struct strbuf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    strbuf_add(buf, str_vprintf(buf->arena, format, args));
    va_end(args);
}

struct str strbuf_str(const struct strbuf *buf)
{
    return buf->p ? (struct str){buf->p, buf->n} : STR("");
}

void strbuf_add_html(struct strbuf *buf, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        switch (text.p[i]) {
        case '&':
            strbuf_add_c(buf, "&amp;");
            break;
        case '<':
            strbuf_add_c(buf, "&lt;");
            break;
        case '>':
            strbuf_add_c(buf, "&gt;");
            break;
        case '"':
            strbuf_add_c(buf, "&quot;");
            break;
        case '\'':
            strbuf_add_c(buf, "&#39;");
            break;
        default:
            strbuf_add_char(buf, text.p[i]);
        }
    }
}

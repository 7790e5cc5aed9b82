/* See json_scan.h. */
#include "base/json_scan.h"

enum { DEPTH_MAX = 2048 }; /* as deep as the parser of whole documents goes */

static void blanks(struct json_walk *w)
{
    while (w->p < w->end && (*w->p == ' ' || *w->p == '\t' || *w->p == '\n' || *w->p == '\r'))
        w->p++;
}

static bool take_char(struct json_walk *w, char c)
{
    if (w->p == w->end || *w->p != c)
        return false;
    w->p++;
    return true;
}

static bool digits(struct json_walk *w)
{
    const char *from = w->p;
    while (w->p < w->end && *w->p >= '0' && *w->p <= '9')
        w->p++;
    return w->p > from;
}

static bool number(struct json_walk *w)
{
    (void)take_char(w, '-');
    if (!take_char(w, '0') && !digits(w))
        return false;
    if (take_char(w, '.') && !digits(w))
        return false;
    if (!take_char(w, 'e') && !take_char(w, 'E'))
        return true;
    if (!take_char(w, '+'))
        (void)take_char(w, '-');
    return digits(w);
}

static bool hex4(struct json_walk *w)
{
    for (int i = 0; i < 4; i++, w->p++)
        if (w->p == w->end ||
            !((*w->p >= '0' && *w->p <= '9') || (*w->p >= 'a' && *w->p <= 'f') || (*w->p >= 'A' && *w->p <= 'F')))
            return false;
    return true;
}

/* Eight bytes at a time, as long as none is a quote, a backslash or a control. */
static void plain_text(struct json_walk *w)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    uint64_t eight;
    while (w->end - w->p >= (ptrdiff_t)sizeof eight) {
        memcpy(&eight, w->p, sizeof eight);
        uint64_t quote = eight ^ (ones * '"'), slash = eight ^ (ones * '\\');
        uint64_t hit = ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((eight - ones * ' ') & ~eight);
        if (hit & tops)
            return;
        w->p += sizeof eight;
    }
}

static bool string(struct json_walk *w)
{
    if (!take_char(w, '"'))
        return false;
    for (plain_text(w); w->p < w->end;) {
        unsigned char c = (unsigned char)*w->p++;
        if (c == '"')
            return true;
        if (c < ' ')
            return false;
        if (c != '\\')
            continue;
        if (w->p == w->end || !*w->p || !strchr("\"\\/bfnrtu", *w->p))
            return false;
        if (*w->p++ == 'u' && !hex4(w))
            return false;
    }
    return false;
}

static bool word(struct json_walk *w, struct str literal)
{
    if ((size_t)(w->end - w->p) < literal.n || memcmp(w->p, literal.p, literal.n) != 0)
        return false;
    w->p += literal.n;
    return true;
}

static bool value(struct json_walk *w, int depth);

static bool member(struct json_walk *w, bool named, int depth)
{
    blanks(w);
    if (named && !string(w))
        return false;
    blanks(w);
    if (named && !take_char(w, ':'))
        return false;
    blanks(w);
    return value(w, depth);
}

static bool container(struct json_walk *w, char close, int depth)
{
    w->p++;
    blanks(w);
    if (take_char(w, close))
        return true;
    do {
        if (depth == 0 || !member(w, close == '}', depth - 1))
            return false;
        blanks(w);
    } while (take_char(w, ','));
    return take_char(w, close);
}

static bool value(struct json_walk *w, int depth)
{
    if (w->p == w->end)
        return false;
    switch (*w->p) {
    case '{':
        return container(w, '}', depth);
    case '[':
        return container(w, ']', depth);
    case '"':
        return string(w);
    case 't':
        return word(w, STR("true"));
    case 'f':
        return word(w, STR("false"));
    case 'n':
        return word(w, STR("null"));
    default:
        return number(w);
    }
}

static struct json_walk over(struct str text)
{
    return (struct json_walk){text.p, text.p + text.n};
}

static struct str since(const char *from, const struct json_walk *w)
{
    return (struct str){from, (size_t)(w->p - from)};
}

bool json_scan(struct str text, struct str *ret_value)
{
    struct json_walk w = over(text);
    blanks(&w);
    const char *from = w.p;
    if (!value(&w, DEPTH_MAX))
        return false;
    *ret_value = since(from, &w);
    blanks(&w);
    return w.p == w.end;
}

struct json_walk json_walk_into(struct str container)
{
    struct json_walk w = over(container);
    w.p++;
    return w;
}

bool json_walk_next(struct json_walk *walk, struct str *ret_name, struct str *ret_value)
{
    blanks(walk);
    (void)take_char(walk, ',');
    blanks(walk);
    if (*walk->p == '}' || *walk->p == ']')
        return false;
    bool named = walk->end[-1] == '}';
    const char *from = walk->p;
    *ret_name = STR_NONE;
    if (named) {
        (void)string(walk);
        *ret_name = since(from, walk);
        blanks(walk);
        (void)take_char(walk, ':');
        blanks(walk);
        from = walk->p;
    }
    (void)value(walk, DEPTH_MAX);
    *ret_value = since(from, walk);
    return true;
}

/* UTF-8 by RFC 3629; declared in str.h because text is UTF-8 here. */
#include "base/str.h"

/* Length of the well-formed sequence at p (n bytes left) and its code point, or 0. */
static size_t utf8_sequence(const unsigned char *p, size_t n, uint32_t *ret_code_point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = p[0] < 0x80 ? 1 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2 : (p[0] & 0xf0) == 0xe0 ? 3 : 4;
    if ((p[0] >= 0x80 && p[0] < 0xc2) || p[0] > 0xf4 || len > n)
        return 0;
    uint32_t cp = len == 1 ? p[0] : p[0] & (0xffU >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        cp = cp << 6 | (p[i] & 0x3fU);
    }
    if (cp < least[len] || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
        return 0;
    *ret_code_point = cp;
    return len;
}

/* Eight bytes of ASCII without NUL at once. */
static bool plain_eight(const char *p)
{
    uint64_t word, low = 0x0101010101010101u, high = 0x8080808080808080u;
    memcpy(&word, p, sizeof word);
    return ((word | ((word - low) & ~word)) & high) == 0;
}

bool utf8_valid(struct str s)
{
    uint32_t cp;
    for (size_t at = 0, len; at < s.n; at += len) {
        while (at + 8 <= s.n && plain_eight(s.p + at))
            at += 8;
        if (at == s.n)
            break;
        len = utf8_sequence((const unsigned char *)s.p + at, s.n - at, &cp);
        if (len == 0 || cp == 0)
            return false;
    }
    return true;
}

uint32_t utf8_next(struct str s, size_t *at)
{
    uint32_t cp;
    size_t len = utf8_sequence((const unsigned char *)s.p + *at, s.n - *at, &cp);
    *at += len ? len : 1;
    return len ? cp : 0xfffd;
}

void utf8_put(struct strbuf *buf, uint32_t cp)
{
    char out[4];
    size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3f));
    out[0] = (char)(lead[n] | cp);
    strbuf_add(buf, (struct str){out, n});
}

size_t utf8_count(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++)
        count += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return count;
}

/* See id.h. */
#include "base/id.h"

#include "base/clock.h"
#include "base/crypto.h"

struct id id_new(void)
{
    unsigned char b[16];
    struct id id;
    char *out = id.s;
    uint64_t ms = (uint64_t)clock_now_ms();
    crypto_random(b, sizeof b);
    for (int i = 0; i < 6; i++)
        b[i] = (unsigned char)(ms >> (40 - 8 * i));
    b[6] = (unsigned char)(0x70 | (b[6] & 0x0f));
    b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
    for (size_t i = 0; i < sizeof b; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = "0123456789abcdef"[b[i] >> 4];
        *out++ = "0123456789abcdef"[b[i] & 15];
    }
    *out = '\0';
    return id;
}

bool id_parse(struct str text, struct id *ret_id)
{
    struct id id = {{0}};
    if (text.n != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        char c = text.p[i];
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hex)
            return false;
        id.s[i] = c >= 'A' && c <= 'F' ? (char)(c + 32) : c;
    }
    *ret_id = id;
    return true;
}

bool id_eq(const struct id *a, const struct id *b)
{
    return memcmp(a->s, b->s, 36) == 0;
}

/* Hex and base64 in their two alphabets; declared in crypto.h because that is where bytes become text. */
#include "base/crypto.h"

static const char url_alphabet[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char std_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str crypto_hex(struct str bytes, struct arena *arena)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(arena, bytes.n * 2 + 1);
    for (size_t i = 0; i < bytes.n; i++) {
        out[2 * i] = digits[(unsigned char)bytes.p[i] >> 4];
        out[2 * i + 1] = digits[bytes.p[i] & 15];
    }
    return (struct str){out, bytes.n * 2};
}

static struct str encode(struct str bytes, const char *alphabet, bool pad, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t left = bytes.n - i;
        uint32_t group = (uint32_t)(unsigned char)bytes.p[i] << 16;
        group |= left > 1 ? (uint32_t)(unsigned char)bytes.p[i + 1] << 8 : 0;
        group |= left > 2 ? (uint32_t)(unsigned char)bytes.p[i + 2] : 0;
        for (size_t k = 0; k < 4; k++) {
            if (k <= left)
                strbuf_add_char(&out, alphabet[group >> (18 - 6 * k) & 63]);
            else if (pad)
                strbuf_add_char(&out, '=');
        }
    }
    return strbuf_str(&out);
}

struct str crypto_base64url(struct str bytes, struct arena *arena)
{
    return encode(bytes, url_alphabet, false, arena);
}

struct str crypto_base64(struct str bytes, struct arena *arena)
{
    return encode(bytes, std_alphabet, true, arena);
}

int crypto_base64url_decode(struct str text, struct arena *arena, struct str *ret_bytes, struct err *err)
{
    char *out = arena_alloc(arena, text.n * 3 / 4 + 1);
    size_t n = 0;
    uint32_t group = 0;
    unsigned bits = 0;
    if (text.n % 4 == 1)
        return err_set(err, ERR_INVALID, "not base64url");
    for (size_t i = 0; i < text.n; i++) {
        const char *hit = memchr(url_alphabet, text.p[i], sizeof url_alphabet);
        if (!hit)
            return err_set(err, ERR_INVALID, "not base64url");
        group = group << 6 | (uint32_t)(hit - url_alphabet);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[n++] = (char)(group >> bits & 0xff);
        }
    }
    if (group & ((1U << bits) - 1))
        return err_set(err, ERR_INVALID, "not base64url");
    *ret_bytes = (struct str){out, n};
    return 0;
}

bool crypto_token_formed(struct str text)
{
    enum { LENGTH = 43 };
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    return text.n == LENGTH;
}

struct str crypto_token(struct arena *arena)
{
    char bytes[32];
    crypto_random(bytes, sizeof bytes);
    struct str token = crypto_base64url((struct str){bytes, sizeof bytes}, arena);
    crypto_wipe(bytes, sizeof bytes);
    return token;
}

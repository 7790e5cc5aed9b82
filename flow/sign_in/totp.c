/* See totp.h. */
#include "flow/sign_in/totp.h"

#include "base/crypto.h"

int64_t flow_totp_step(int64_t now_ms)
{
    return now_ms / (FLOW_TOTP_SECONDS * 1000);
}

struct str flow_totp_code(struct str seed, int64_t step, struct arena *arena)
{
    unsigned char counter[8], mac[20];
    for (size_t i = 0; i < sizeof counter; i++)
        counter[i] = (unsigned char)(step >> (56 - 8 * i));
    crypto_hmac_sha1(seed, (struct str){(const char *)counter, sizeof counter}, mac);
    const unsigned char *at = mac + (mac[19] & 15); /* RFC 4226 section 5.3 */
    uint32_t number = (uint32_t)(at[0] & 127) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    crypto_wipe(mac, sizeof mac);
    return str_printf(arena, "%06u", (unsigned)(number % 1000000));
}

struct str flow_base32(struct str bytes, struct arena *arena)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct strbuf out = {.arena = arena};
    uint32_t bits = 0;
    int n = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        bits = (bits << 8 | (unsigned char)bytes.p[i]) & 0xfff;
        for (n += 8; n >= 5; n -= 5)
            strbuf_add_char(&out, alphabet[bits >> (n - 5) & 31]);
    }
    if (n > 0)
        strbuf_add_char(&out, alphabet[bits << (5 - n) & 31]);
    return strbuf_str(&out);
}

struct str flow_code_new(struct arena *arena)
{
    char bytes[FLOW_CODE_SIGNS * 5 / 8];
    crypto_random(bytes, sizeof bytes);
    struct str code = flow_base32((struct str){bytes, sizeof bytes}, arena);
    crypto_wipe(bytes, sizeof bytes);
    return code;
}

struct str flow_code_shown(struct str code, struct arena *arena)
{
    return str_printf(arena, "%.4s-%.4s-%.4s-%.4s", code.p, code.p + 4, code.p + 8, code.p + 12);
}

struct str flow_code_bare(struct str typed, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c != ' ' && c != '-')
            strbuf_add_char(&out, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    return strbuf_str(&out);
}

static void add_encoded(struct strbuf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            strbuf_add_char(out, c);
        else
            strbuf_printf(out, "%%%02X", (unsigned char)c);
    }
}

struct str flow_totp_uri(struct str seed, struct str issuer, struct str account, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    struct str secret = flow_base32(seed, arena);
    strbuf_add_c(&out, "otpauth://totp/");
    add_encoded(&out, issuer);
    strbuf_add_c(&out, ":");
    add_encoded(&out, account);
    strbuf_printf(&out, "?secret=%.*s&issuer=", STR_ARG(secret));
    add_encoded(&out, issuer);
    strbuf_printf(&out, "&algorithm=SHA1&digits=%d&period=%d", FLOW_TOTP_DIGITS, FLOW_TOTP_SECONDS);
    return strbuf_str(&out);
}

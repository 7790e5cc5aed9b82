/* Published vectors of RFC 7515, every bit of a signature, and what may not be a key. */
#include "tests/unit/unit.h"

#include "base/crypto.h"
#include "base/jose/jwt.h"

#define CLAIMS "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
/* RFC 7515 appendix A.2 and A.3: keys and tokens. */
#define RSA_N                                                                                                          \
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-"   \
    "pCgNMs"                                                                                                           \
    "D1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-"                        \
    "UTo7WTBEMa2R2CapHg665xsmtdV"                                                                                      \
    "MTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
#define RSA_TOKEN                                                                                                      \
    "eyJhbGciOiJSUzI1NiJ9." CLAIMS ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_"   \
    "lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1"                                                                              \
    "dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--"       \
    "xi12jzDwu"                                                                                                        \
    "sC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_"              \
    "IoypGlUPQGe77Rw"
#define EC_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define EC_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define EC_TOKEN                                                                                                       \
    "eyJhbGciOiJFUzI1NiJ9." CLAIMS                                                                                     \
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
#define RSA_KEY "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"%s}"
#define EC_KEY  "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"%s}"

static struct str key_set(struct arena *arena, const char *keys)
{
    return str_printf(arena, "{\"keys\":[%s]}", keys);
}

static enum jose_verdict verdict(struct arena *arena, const char *token, struct str keys)
{
    struct jose_jwt jwt;
    struct str key;
    struct err err = {0};
    assert_int_equal(jose_jwt_read(str_c(token), arena, &jwt, &err), 0);
    return jose_jwt_verify(&jwt, keys, arena, &key);
}

static void published_tokens_are_good(void **state)
{
    struct str rsa = str_printf(*state, RSA_KEY, ""), ec = str_printf(*state, EC_KEY, "");
    assert_int_equal(verdict(*state, RSA_TOKEN, key_set(*state, rsa.p)), JOSE_GOOD);
    assert_int_equal(verdict(*state, EC_TOKEN, key_set(*state, ec.p)), JOSE_GOOD);
    struct str both = str_printf(*state, "%.*s,%.*s", STR_ARG(rsa), STR_ARG(ec));
    assert_int_equal(verdict(*state, RSA_TOKEN, key_set(*state, both.p)), JOSE_GOOD);
    assert_int_equal(verdict(*state, EC_TOKEN, key_set(*state, both.p)), JOSE_GOOD);
    assert_int_equal(jose_keys_usable(key_set(*state, both.p), *state), 2);
}

static void every_bit_of_signature_and_text_counts(void **state)
{
    static const char *const tokens[] = {RSA_TOKEN, EC_TOKEN};
    struct str keys = key_set(*state, str_printf(*state, RSA_KEY "," EC_KEY, "", "").p), key;
    for (size_t t = 0; t < ARRAY_LEN(tokens); t++) {
        struct jose_jwt jwt;
        struct err err = {0};
        assert_int_equal(jose_jwt_read(str_c(tokens[t]), *state, &jwt, &err), 0);
        struct str *const parts[] = {&jwt.signature, &jwt.text};
        for (size_t p = 0; p < ARRAY_LEN(parts); p++) {
            struct str whole = *parts[p];
            for (size_t bit = 0; bit < whole.n * 8; bit += 3) {
                struct str bad = str_dup(*state, whole);
                ((char *)(uintptr_t)bad.p)[bit / 8] ^= (char)(1 << bit % 8);
                *parts[p] = bad;
                assert_int_equal(jose_jwt_verify(&jwt, keys, *state, &key), JOSE_BAD);
            }
            *parts[p] = str_slice(whole, 0, whole.n - 1);
            assert_int_equal(jose_jwt_verify(&jwt, keys, *state, &key), JOSE_BAD);
            *parts[p] = whole;
        }
    }
}

static void what_is_no_key_for_it_judges_nothing(void **state)
{
    static const char *const extra[] = {",\"use\":\"enc\"",   ",\"alg\":\"PS256\"", ",\"key_ops\":[\"encrypt\"]",
                                        ",\"alg\":\"HS256\"", ",\"key_ops\":7",     ",\"kty\":\"oct\""};
    for (size_t i = 0; i < ARRAY_LEN(extra); i++) {
        assert_int_equal(verdict(*state, RSA_TOKEN, key_set(*state, str_printf(*state, RSA_KEY, extra[i]).p)),
                         JOSE_NO_KEY);
        assert_int_equal(jose_keys_usable(key_set(*state, str_printf(*state, RSA_KEY, ",\"kty\":\"oct\"").p), *state),
                         0);
    }
    static const char *const sets[] = {
        "", "{\"kty\":\"oct\",\"k\":\"AAAA\"}", "{\"kty\":\"RSA\"}", "[]", "7", "{\"kty\":\"EC\",\"crv\":\"P-384\"}",
    };
    for (size_t i = 0; i < ARRAY_LEN(sets); i++)
        assert_int_equal(verdict(*state, RSA_TOKEN, key_set(*state, sets[i])), JOSE_NO_KEY);
    assert_int_equal(verdict(*state, RSA_TOKEN, STR("{}")), JOSE_NO_KEY);
    assert_int_equal(verdict(*state, RSA_TOKEN, STR("no json")), JOSE_NO_KEY);
    /* Two that could be meant, and a token that names none. */
    assert_int_equal(verdict(*state, RSA_TOKEN, key_set(*state, str_printf(*state, RSA_KEY "," RSA_KEY, "", "").p)),
                     JOSE_NO_KEY);
    assert_int_equal(verdict(*state, EC_TOKEN, key_set(*state, str_printf(*state, RSA_KEY, "").p)), JOSE_NO_KEY);
}

static void weak_and_broken_keys_are_none(void **state)
{
    static const struct jose_key keys[] = {
        {.n = {"\xc1", 1}, .e = {"\x01\x00\x01", 3}},
        {.ec = true, .x = {"12345678901234567890123456789012", 32}, .y = {"12345678901234567890123456789012", 32}},
        {.ec = true, .x = {"1", 1}, .y = {"2", 1}},
    };
    char zeros[64] = {0};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        for (int alg = 0; alg < JOSE_ALGS; alg++)
            assert_false(jose_verify((enum jose_alg)alg, &keys[i], STR("data"), (struct str){zeros, sizeof zeros}));
    struct jose_key sound = {.ec = true};
    struct err err;
    assert_int_equal(crypto_base64url_decode(STR(EC_X), *state, &sound.x, &err), 0);
    assert_int_equal(crypto_base64url_decode(STR(EC_Y), *state, &sound.y, &err), 0);
    assert_false(jose_verify(JOSE_ES256, &sound, STR("data"), (struct str){zeros, sizeof zeros})); /* CVE-2022-21449 */
}

static void what_is_no_token_is_refused(void **state)
{
    static const struct {
        const char *header, *reason;
    } cases[] = {
        {"{\"alg\":\"none\"}", "alg"},
        {"{\"alg\":\"None\"}", "alg"},
        {"{\"alg\":\"HS256\"}", "alg"},
        {"{\"alg\":\"RS384\"}", "alg"},
        {"{\"alg\":\"rs256\"}", "alg"},
        {"{}", "alg"},
        {"{\"alg\":7}", "header"},
        {"[]", "header"},
        {"x", "header"},
        {"{\"alg\":\"RS256\",\"alg\":\"none\"}", "header"},
        {"{\"alg\":\"RS256\",\"crit\":[\"exp\"],\"exp\":1}", "crit"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}", "typ"},
    };
    static const char *const forms[] = {"",
                                        ".",
                                        "..",
                                        "a.b",
                                        "a.b.c.d",
                                        "a.b.c.d.e",
                                        "eyJhbGciOiJSUzI1NiJ9.e30.",
                                        "eyJhbGciOiJSUzI1NiJ9..AAAA",
                                        "eyJhbGciOiJSUzI1NiJ9.e30.AA==",
                                        "eyJhbGciOiJSUzI1NiJ9.e30.A+/A",
                                        " eyJhbGciOiJSUzI1NiJ9.e30.AAAA"};
    struct jose_jwt jwt;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = {0};
        struct str token =
            str_printf(*state, "%.*s.e30.AAAA", STR_ARG(crypto_base64url(str_c(cases[i].header), *state)));
        assert_int_equal(jose_jwt_read(token, *state, &jwt, &err), -1);
        assert_string_equal(err.param, cases[i].reason);
    }
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        struct err err = {0};
        assert_int_equal(jose_jwt_read(str_c(forms[i]), *state, &jwt, &err), -1);
        assert_string_equal(err.param, "form");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(published_tokens_are_good),
        unit_with_arena(every_bit_of_signature_and_text_counts),
        unit_with_arena(what_is_no_key_for_it_judges_nothing),
        unit_with_arena(weak_and_broken_keys_are_none),
        unit_with_arena(what_is_no_token_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

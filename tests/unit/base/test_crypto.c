/* Published vectors for the hashes, and that sealed data opens only with its key, context and every bit. */
#include "tests/unit/unit.h"

#include "base/crypto.h"
#include "base/password.h"

static void hashes_match_published_vectors(void **state)
{
    struct crypto_hash hash = crypto_sha256(STR("abc")); /* FIPS 180-4 */
    assert_text(crypto_hex(crypto_hash_str(&hash), *state),
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    struct crypto_key key = {{0}};
    hash = crypto_hmac(&key, STR("")); /* HMAC with the all-zero key equals the one with the empty key (RFC 2104) */
    assert_text(crypto_hex(crypto_hash_str(&hash), *state),
                "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void running_digest_equals_the_whole(void **state)
{
    (void)state;
    struct crypto_digest *digest = crypto_digest_new();
    crypto_digest_add(digest, "a", 1);
    crypto_digest_add(digest, "bc", 2);
    struct crypto_hash pieces = crypto_digest_end(&digest), whole = crypto_sha256(STR("abc"));
    assert_memory_equal(pieces.b, whole.b, sizeof whole.b);
    assert_null(digest);
}

static void derived_keys_differ_by_purpose(void **state)
{
    (void)state;
    struct crypto_key key = {{1}}, a = crypto_derive(&key, STR("a")), b = crypto_derive(&key, STR("b"));
    assert_memory_not_equal(a.b, b.b, sizeof a.b);
}

static void sealed_opens_only_with_key_context_and_every_bit(void **state)
{
    struct crypto_key key = {{7}}, other = {{8}};
    struct err err = {0};
    struct str plain, sealed = crypto_seal(&key, STR("table|row"), STR("Anna Schmidt"), *state);
    assert_int_equal(str_find(sealed, STR("Anna"), 0), -1);
    assert_int_equal(crypto_open(&key, STR("table|row"), sealed, *state, &plain, &err), 0);
    assert_text(plain, "Anna Schmidt");
    assert_int_equal(crypto_open(&other, STR("table|row"), sealed, *state, &plain, &err), -1);
    assert_int_equal(crypto_open(&key, STR("table|row2"), sealed, *state, &plain, &err), -1);
    assert_int_equal(err.code, ERR_SEAL);
    for (size_t bit = 0; bit < sealed.n * 8; bit++) {
        struct str bad = str_dup(*state, sealed);
        ((char *)(uintptr_t)bad.p)[bit / 8] ^= (char)(1 << bit % 8);
        assert_int_equal(crypto_open(&key, STR("table|row"), bad, *state, &plain, &err), -1);
    }
    for (size_t n = 0; n < sealed.n; n++)
        assert_int_equal(crypto_open(&key, STR("table|row"), str_slice(sealed, 0, n), *state, &plain, &err), -1);
}

static void base64url_round_trips_and_refuses(void **state)
{
    struct err err = {0};
    struct str bytes;
    for (size_t n = 0; n < 40; n++) {
        char raw[40];
        crypto_random(raw, n);
        struct str text = crypto_base64url((struct str){raw, n}, *state);
        assert_int_equal(crypto_base64url_decode(text, *state, &bytes, &err), 0);
        assert_int_equal(bytes.n, n);
        assert_memory_equal(bytes.p, raw, n);
    }
    assert_text(crypto_base64(STR("fo"), *state), "Zm8="); /* RFC 4648 section 10 */
    assert_int_equal(crypto_base64url_decode(STR("a"), *state, &bytes, &err), -1);
    assert_int_equal(crypto_base64url_decode(STR("a+=="), *state, &bytes, &err), -1);
    assert_int_equal(crypto_base64url_decode(STR("aB"), *state, &bytes, &err), -1); /* stray bits */
}

static void tokens_have_one_form(void **state)
{
    static const char *const bad[] = {"", "A", "+", "=", " ", "\xc3"};
    struct str token = crypto_token(*state);
    assert_true(crypto_token_formed(token));
    assert_false(crypto_token_formed(STR_NONE));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) /* too short, too long, or something else in place of the last */
        assert_false(crypto_token_formed(str_printf(*state, "%.*s%s", i < 2 ? 42 + (int)i : 42, token.p, bad[i])));
}

static void passwords_verify_and_nobody_never_does(void **state)
{
    struct err err = {0};
    struct str hash;
    assert_int_equal(password_hash(STR("correct horse battery"), *state, &hash, &err), 0);
    assert_true(str_starts(hash, STR("$argon2id$v=19$m=65536,t=3,")));
    assert_true(password_verify(hash, STR("correct horse battery")));
    assert_false(password_verify(hash, STR("correct horse batterz")));
    assert_false(password_verify(STR_NONE, STR("")));
}

static void a_kept_state_gives_the_same_code(void **state)
{
    struct crypto_key key;
    struct crypto_mac mac;
    for (size_t n = 0; n < 300; n += 7) {
        crypto_random(&key, sizeof key);
        crypto_mac_begin(&key, &mac);
        char *text = arena_alloc(*state, n + 1);
        crypto_random(text, n + 1);
        struct crypto_hash once = crypto_hmac(&key, (struct str){text, n});
        for (int i = 0; i < 2; i++) {
            struct crypto_hash again = crypto_mac_of(&mac, (struct str){text, n});
            assert_memory_equal(once.b, again.b, sizeof once.b);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(hashes_match_published_vectors),
        unit_with_arena(running_digest_equals_the_whole),
        unit_with_arena(derived_keys_differ_by_purpose),
        unit_with_arena(sealed_opens_only_with_key_context_and_every_bit),
        unit_with_arena(base64url_round_trips_and_refuses),
        unit_with_arena(tokens_have_one_form),
        unit_with_arena(passwords_verify_and_nobody_never_does),
        unit_with_arena(a_kept_state_gives_the_same_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* See crypto.h. A failing OpenSSL call here means a broken installation, so it ends the process. */
/* HMAC over a state that is kept needs SHA-256's own functions; the new ones allocate for every copy of one. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/sha.h>
#include <sys/random.h>

struct crypto_digest {
    EVP_MD_CTX *ctx;
};

static void must(bool ok, const char *what)
{
    if (!ok) {
        (void)fprintf(stderr, "kartei: fatal: cryptography failed: %s\n", what);
        abort();
    }
}

static const unsigned char *bytes_of(struct str s)
{
    return (const unsigned char *)(s.p ? s.p : "");
}

void crypto_random(void *ret_bytes, size_t n)
{
    unsigned char *p = ret_bytes;
    while (n) {
        ssize_t got = getrandom(p, n, 0);
        must(got > 0, "getrandom");
        p += got;
        n -= (size_t)got;
    }
}

struct crypto_hash crypto_sha256(struct str data)
{
    struct crypto_hash hash;
    must(EVP_Digest(bytes_of(data), data.n, hash.b, NULL, EVP_sha256(), NULL) == 1, "SHA-256");
    return hash;
}

struct crypto_hash crypto_hmac(const struct crypto_key *key, struct str data)
{
    struct crypto_hash hash;
    unsigned n = sizeof hash.b;
    must(HMAC(EVP_sha256(), key->b, sizeof key->b, bytes_of(data), data.n, hash.b, &n), "HMAC");
    return hash;
}

void crypto_hmac_sha1(struct str key, struct str data, unsigned char ret_mac[20])
{
    unsigned n = 20;
    must(HMAC(EVP_sha1(), key.p, (int)key.n, bytes_of(data), data.n, ret_mac, &n), "HMAC");
}

/* RFC 2104: the states of the inner and the outer hash after their first block. */
struct mac_states {
    SHA256_CTX inner, outer;
};
_Static_assert(sizeof(struct mac_states) <= sizeof(struct crypto_mac), "room for both states");

static void state_begin(const struct crypto_key *key, unsigned char pad, SHA256_CTX *ret_state)
{
    unsigned char block[SHA256_CBLOCK];
    memset(block, pad, sizeof block);
    for (size_t i = 0; i < sizeof key->b; i++)
        block[i] ^= key->b[i];
    must(SHA256_Init(ret_state) && SHA256_Update(ret_state, block, sizeof block), "HMAC");
    crypto_wipe(block, sizeof block);
}

void crypto_mac_begin(const struct crypto_key *key, struct crypto_mac *ret_mac)
{
    struct mac_states states;
    state_begin(key, 0x36, &states.inner);
    state_begin(key, 0x5c, &states.outer);
    memcpy(ret_mac->state, &states, sizeof states);
    crypto_wipe(&states, sizeof states);
}

struct crypto_hash crypto_mac_of(const struct crypto_mac *mac, struct str data)
{
    struct mac_states states;
    struct crypto_hash hash;
    memcpy(&states, mac->state, sizeof states);
    must(SHA256_Update(&states.inner, bytes_of(data), data.n) && SHA256_Final(hash.b, &states.inner) &&
             SHA256_Update(&states.outer, hash.b, sizeof hash.b) && SHA256_Final(hash.b, &states.outer),
         "HMAC");
    return hash;
}

struct crypto_key crypto_derive(const struct crypto_key *key, struct str purpose)
{
    struct crypto_key derived;
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("digest", (char[]){"SHA256"}, 0),
        OSSL_PARAM_construct_octet_string("key", (void *)(uintptr_t)key->b, sizeof key->b),
        OSSL_PARAM_construct_octet_string("info", (void *)(uintptr_t)bytes_of(purpose), purpose.n),
        OSSL_PARAM_construct_end(),
    };
    must(ctx && EVP_KDF_derive(ctx, derived.b, sizeof derived.b, params) == 1, "HKDF");
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    return derived;
}

bool crypto_equal(struct str a, struct str b)
{
    return a.n == b.n && CRYPTO_memcmp(bytes_of(a), bytes_of(b), a.n) == 0;
}

void crypto_wipe(void *p, size_t n)
{
    OPENSSL_cleanse(p, n);
}

static void gcm_init(EVP_CIPHER_CTX *ctx, bool seal, const struct crypto_key *key, const unsigned char *nonce)
{
    must(ctx && EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->b, nonce, seal) == 1, "AES-GCM");
}

struct str crypto_seal(const struct crypto_key *key, struct str context, struct str plain, struct arena *arena)
{
    int n = 0, tail = 0;
    unsigned char *out = arena_alloc(arena, plain.n + CRYPTO_SEAL_EXTRA);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    crypto_random(out, CRYPTO_NONCE);
    gcm_init(ctx, true, key, out);
    unsigned char *text = out + CRYPTO_NONCE;
    must(EVP_CipherUpdate(ctx, NULL, &n, bytes_of(context), (int)context.n) == 1 &&
             EVP_CipherUpdate(ctx, text, &n, bytes_of(plain), (int)plain.n) == 1 &&
             EVP_CipherFinal_ex(ctx, text + n, &tail) == 1 &&
             EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, CRYPTO_TAG, text + plain.n) == 1,
         "AES-GCM seal");
    EVP_CIPHER_CTX_free(ctx);
    return (struct str){(const char *)out, plain.n + CRYPTO_SEAL_EXTRA};
}

int crypto_open(const struct crypto_key *key, struct str context, struct str sealed, struct arena *arena,
                struct str *ret_plain, struct err *err)
{
    int n = 0, tail = 0;
    if (sealed.n < CRYPTO_SEAL_EXTRA)
        return err_set(err, ERR_SEAL, "too short");
    size_t len = sealed.n - CRYPTO_SEAL_EXTRA;
    const unsigned char *in = bytes_of(sealed);
    unsigned char *out = arena_alloc(arena, len + 1);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    gcm_init(ctx, false, key, in);
    bool ok = EVP_CipherUpdate(ctx, NULL, &n, bytes_of(context), (int)context.n) == 1 &&
              EVP_CipherUpdate(ctx, out, &n, in + CRYPTO_NONCE, (int)len) == 1 &&
              EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, CRYPTO_TAG,
                                  (void *)(uintptr_t)(in + CRYPTO_NONCE + len)) == 1 &&
              EVP_CipherFinal_ex(ctx, out + n, &tail) == 1;
    EVP_CIPHER_CTX_free(ctx);
    if (!ok) {
        crypto_wipe(out, len);
        return err_set(err, ERR_SEAL, "key or data differ");
    }
    *ret_plain = (struct str){(const char *)out, len};
    return 0;
}

struct crypto_digest *crypto_digest_new(void)
{
    struct crypto_digest *digest = calloc(1, sizeof *digest);
    must(digest && (digest->ctx = EVP_MD_CTX_new()) && EVP_DigestInit_ex(digest->ctx, EVP_sha256(), NULL) == 1,
         "SHA-256");
    return digest;
}

void crypto_digest_add(struct crypto_digest *digest, const void *p, size_t n)
{
    must(EVP_DigestUpdate(digest->ctx, p, n) == 1, "SHA-256");
}

struct crypto_hash crypto_digest_end(struct crypto_digest **digest)
{
    struct crypto_hash hash;
    must(EVP_DigestFinal_ex((*digest)->ctx, hash.b, NULL) == 1, "SHA-256");
    crypto_digest_freep(digest);
    return hash;
}

void crypto_digest_freep(struct crypto_digest **digest)
{
    if (*digest) {
        EVP_MD_CTX_free((*digest)->ctx);
        free(take(*digest));
    }
}

/* ---- Signing ---- */

struct crypto_key crypto_ed25519_public(const struct crypto_key *secret)
{
    struct crypto_key public_key = {{0}};
    size_t n = sizeof public_key.b;
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret->b, sizeof secret->b);
    if (!key || EVP_PKEY_get_raw_public_key(key, public_key.b, &n) != 1)
        abort();
    EVP_PKEY_free(key);
    return public_key;
}

struct str crypto_ed25519_sign(const struct crypto_key *secret, struct str data, struct arena *arena)
{
    size_t n = CRYPTO_SIGNATURE;
    unsigned char *signature = arena_array(arena, n, 1);
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret->b, sizeof secret->b);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (!key || !ctx || EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) != 1 ||
        EVP_DigestSign(ctx, signature, &n, bytes_of(data), data.n) != 1)
        abort();
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    return (struct str){(const char *)signature, n};
}

bool crypto_ed25519_good(const struct crypto_key *public_key, struct str data, struct str signature)
{
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key->b, sizeof public_key->b);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = key && ctx && signature.n == CRYPTO_SIGNATURE &&
                EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(ctx, bytes_of(signature), signature.n, bytes_of(data), data.n) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    return good;
}

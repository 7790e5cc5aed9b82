/* Hashes, keyed hashes, sealing and random bytes: OpenSSL behind plain values; only crypto.c knows it. */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include "base/err.h"

enum {
    CRYPTO_KEY = 32,   /* AES-256 and HMAC keys */
    CRYPTO_HASH = 32,  /* SHA-256 */
    CRYPTO_NONCE = 12, /* GCM */
    CRYPTO_TAG = 16,
    CRYPTO_SEAL_EXTRA = CRYPTO_NONCE + CRYPTO_TAG, /* a sealed text is this much longer */
};

struct crypto_key {
    unsigned char b[CRYPTO_KEY];
};

struct crypto_hash {
    unsigned char b[CRYPTO_HASH];
};

struct crypto_digest; /* a running SHA-256 */

/* Random bytes of the operating system (getrandom); ends the process when there are none. */
void crypto_random(void *ret_bytes, size_t n);
/* 256 random bits as base64url: 43 characters, for tokens, states, verifiers. */
struct str crypto_token(struct arena *arena);
/* Whether a text has the form of one. */
bool crypto_token_formed(struct str text);
/* SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104). */
struct crypto_hash crypto_sha256(struct str data);
struct crypto_hash crypto_hmac(const struct crypto_key *key, struct str data);
/* HMAC-SHA-1 (RFC 2104), for what speaks nothing newer: codes of authenticator apps (RFC 6238). 20 bytes. */
void crypto_hmac_sha1(struct str key, struct str data, unsigned char ret_mac[20]);
/* crypto_hmac() for many texts under one key: what the key does to the state is worked out once. Wipe it. */
struct crypto_mac {
    uint64_t state[32];
};
void crypto_mac_begin(const struct crypto_key *key, struct crypto_mac *ret_mac);
struct crypto_hash crypto_mac_of(const struct crypto_mac *mac, struct str data);
/* HKDF-SHA-256 (RFC 5869): one independent key per purpose, e.g. "match keys". */
struct crypto_key crypto_derive(const struct crypto_key *key, struct str purpose);
/* Equality in constant time for equal lengths. */
bool crypto_equal(struct str a, struct str b);
/* Wipes memory so that the compiler cannot leave it out. */
void crypto_wipe(void *p, size_t n);

/* AES-256-GCM (NIST SP 800-38D) with a random nonce: nonce | ciphertext | tag. `context` is bound in as associated
 * data; opening needs the same. Sealing never fails; opening gives ERR_SEAL when key, context or a bit differ. */
struct str crypto_seal(const struct crypto_key *key, struct str context, struct str plain, struct arena *arena);
int crypto_open(const struct crypto_key *key, struct str context, struct str sealed, struct arena *arena,
                struct str *ret_plain, struct err *err);

/* Ed25519 (RFC 8032): the private key is 32 random bytes, the public key too, a signature is 64 bytes. */
enum { CRYPTO_SIGNATURE = 64 };
struct crypto_key crypto_ed25519_public(const struct crypto_key *secret);
struct str crypto_ed25519_sign(const struct crypto_key *secret, struct str data, struct arena *arena);
bool crypto_ed25519_good(const struct crypto_key *public_key, struct str data, struct str signature);

/* Running digest for streams. crypto_digest_end() also releases it. */
struct crypto_digest *crypto_digest_new(void);
void crypto_digest_add(struct crypto_digest *digest, const void *p, size_t n);
struct crypto_hash crypto_digest_end(struct crypto_digest **digest);
void crypto_digest_freep(struct crypto_digest **digest);

/* Lower-case hex, and base64url without padding (RFC 4648 section 5). Decoding: ERR_INVALID. */
struct str crypto_hex(struct str bytes, struct arena *arena);
struct str crypto_base64url(struct str bytes, struct arena *arena);
int crypto_base64url_decode(struct str text, struct arena *arena, struct str *ret_bytes, struct err *err);
/* Padded base64 (RFC 4648 section 4), for HTTP Basic and the like. */
struct str crypto_base64(struct str bytes, struct arena *arena);

static inline struct str crypto_hash_str(const struct crypto_hash *hash)
{
    return (struct str){(const char *)hash->b, sizeof hash->b};
}

#endif

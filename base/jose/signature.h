/* Signatures of JSON Web Tokens (RFC 7518) by public keys that come as numbers and private keys that come as PEM:
 * OpenSSL behind plain values. Symmetric algorithms and "none" do not exist here, so no token can ask for them. */
#ifndef BASE_JOSE_SIGNATURE_H
#define BASE_JOSE_SIGNATURE_H

#include "base/err.h"

enum jose_alg {
    JOSE_RS256, /* RSASSA-PKCS1-v1_5 with SHA-256 (section 3.3) */
    JOSE_PS256, /* RSASSA-PSS with SHA-256, MGF1 of it, 32 bytes of salt (section 3.5) */
    JOSE_ES256, /* ECDSA on P-256 with SHA-256 (section 3.4) */
    JOSE_ALGS
};
/* "RS256" …, NULL-terminated. */
extern const char *const jose_alg_words[];

/* A public key as the numbers of a JWK (section 6), big-endian. */
struct jose_key {
    bool ec;         /* x and y count, else n and e */
    struct str n, e; /* RSA */
    struct str x, y; /* P-256, 32 bytes each */
};

/* Whether `signature`, in the form of RFC 7518, is that of `data`. False also for keys that are none: RSA below 2048 or
 * above 8192 bits, points off the curve, a key of the other kind. */
bool jose_verify(enum jose_alg alg, const struct jose_key *key, struct str data, struct str signature);

/* Signs with a private key in PEM (PKCS #8, or #1 for RSA; RFC 7468), RS256 or ES256; line ends may be missing or
 * blanks, as forms make of them. ERR_INVALID: no such key, encrypted, of the wrong kind, RSA below 2048 bits. */
int jose_sign(enum jose_alg alg, struct str pem, struct str data, struct arena *arena, struct str *ret_signature,
              struct err *err);

#endif

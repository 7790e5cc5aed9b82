/* JSON Web Tokens (RFC 7519) in the compact form of JWS (RFC 7515), by the advice of RFC 8725: an allow-list of
 * algorithms, keys only from where the caller has them, nothing of the header believed but the key's name. */
#ifndef BASE_JOSE_JWT_H
#define BASE_JOSE_JWT_H

#include "base/jose/signature.h"

enum { JOSE_TOKEN_MAX = 16 * 1024, JOSE_KEYS_MAX = 64 };

struct jose_jwt {
    enum jose_alg alg;
    struct str kid;             /* name of the key; absent = the token does not say */
    struct str claims;          /* JSON text of an object, not yet believed */
    struct str text, signature; /* what is signed; the bytes of the signature */
};

/* Takes a token apart. Errors: ERR_INVALID with what is wrong as its parameter: "form" (three parts of base64url, at
 * most JOSE_TOKEN_MAX bytes), "header" (no JSON, a key named twice), "alg" (not one of jose_alg_words), "typ" (another
 * thing than a JWT), "crit" (extensions that must be understood; RFC 7515 section 4.1.11). */
int jose_jwt_read(struct str token, struct arena *arena, struct jose_jwt *ret_jwt, struct err *err);

enum jose_verdict {
    JOSE_GOOD,
    JOSE_NO_KEY, /* the key set has none of this name for this algorithm: it may have been renewed */
    JOSE_BAD,    /* the key is there and the signature is not its */
};
/* Judges the signature by a JWK Set (RFC 7517, JSON text). Only keys for signatures, of the algorithm's own kind and,
 * where they name an algorithm, that one, count; a token without a name is judged only where exactly one key counts.
 * *ret_key: JSON text of the key that signed, with JOSE_GOOD. */
enum jose_verdict jose_jwt_verify(const struct jose_jwt *jwt, struct str keys, struct arena *arena,
                                  struct str *ret_key);

/* How many keys of the set could judge anything. */
size_t jose_keys_usable(struct str keys, struct arena *arena);

/* A signed token of the claims (JSON text of an object); `kid` absent = none. Errors: as jose_sign(). */
struct jose_claims {
    enum jose_alg alg;
    struct str kid, claims;
};
int jose_jwt_sign(const struct jose_claims *claims, struct str pem, struct arena *arena, struct str *ret_token,
                  struct err *err);

#endif

/* Signatures of the instance (Ed25519, RFC 8032): each purpose has a key of its own, wrapped under the master key. */
#ifndef STORE_KEYS_SIGN_H
#define STORE_KEYS_SIGN_H

#include "store/store.h"

#define STORE_SIGN_AUDIT   "audit heads"
#define STORE_SIGN_ERASURE "erasure certificates"

/* The signature of a text under the key for `purpose`, in base64url. Errors: those of store_instance_key(). */
int store_sign(struct store *store, const char *purpose, struct str text, struct arena *arena,
               struct str *ret_signature, struct err *err);
struct store_signed {
    struct str text, signature;
};
/* Whether the signature is one of this text under the key for `purpose`; what is no base64url is not. */
int store_sign_good(struct store *store, const char *purpose, const struct store_signed *what, bool *ret_good,
                    struct err *err);
/* The public key that the signatures of a purpose are checked by, in hex. */
int store_sign_key(struct store *store, const char *purpose, struct arena *arena, struct str *ret_hex, struct err *err);

#endif

/* See sign.h. */
#include "store/keys/sign.h"

#include "base/crypto.h"

int store_sign(struct store *store, const char *purpose, struct str text, struct arena *arena,
               struct str *ret_signature, struct err *err)
{
    struct crypto_key secret;
    if (store_instance_key(store, purpose, &secret, err) < 0)
        return -1;
    *ret_signature = crypto_base64url(crypto_ed25519_sign(&secret, text, arena), arena);
    crypto_wipe(&secret, sizeof secret);
    return 0;
}

static int public_of(struct store *store, const char *purpose, struct crypto_key *ret_key, struct err *err)
{
    struct crypto_key secret;
    if (store_instance_key(store, purpose, &secret, err) < 0)
        return -1;
    *ret_key = crypto_ed25519_public(&secret);
    crypto_wipe(&secret, sizeof secret);
    return 0;
}

int store_sign_good(struct store *store, const char *purpose, const struct store_signed *what, bool *ret_good,
                    struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(4096);
    struct crypto_key public_key;
    struct str signature;
    struct err none;
    if (public_of(store, purpose, &public_key, err) < 0)
        return -1;
    *ret_good = crypto_base64url_decode(what->signature, arena, &signature, &none) == 0 &&
                crypto_ed25519_good(&public_key, what->text, signature);
    return 0;
}

int store_sign_key(struct store *store, const char *purpose, struct arena *arena, struct str *ret_hex, struct err *err)
{
    struct crypto_key public_key;
    if (public_of(store, purpose, &public_key, err) < 0)
        return -1;
    *ret_hex = crypto_hex((struct str){(const char *)public_key.b, sizeof public_key.b}, arena);
    return 0;
}

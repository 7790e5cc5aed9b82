/* See password.h. */
#include "base/password.h"

#include <sodium.h>

enum { PASSWORD_PASSES = 3 };
static const size_t password_memory = (size_t)64 * 1024 * 1024;

int password_hash(struct str password, struct arena *arena, struct str *ret_hash, struct err *err)
{
    char *hash = arena_alloc(arena, crypto_pwhash_STRBYTES);
    if (sodium_init() < 0 || crypto_pwhash_str_alg(hash, password.p, password.n, PASSWORD_PASSES, password_memory,
                                                   crypto_pwhash_ALG_ARGON2ID13))
        return err_set(err, ERR_BUSY, "memory");
    *ret_hash = str_c(hash);
    return 0;
}

bool password_verify(struct str hash, struct str password)
{
    /* A hash of a random password nobody knows, with today's cost. */
    static const char nobody[] = "$argon2id$v=19$m=65536,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$"
                                 "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";
    char text[crypto_pwhash_STRBYTES] = {0};
    struct str used = hash.p && hash.n < sizeof text ? hash : str_c(nobody);
    memcpy(text, used.p, used.n);
    bool right = sodium_init() >= 0 && crypto_pwhash_str_verify(text, password.p ? password.p : "", password.n) == 0;
    return right && hash.p;
}

/* Inside of the store: the master key behind a table of providers. It wraps organisation keys and instance keys and
 * does nothing else, so that a provider whose key never leaves it (PKCS #11, a KMS) is one more file and one more row.
 */
#ifndef STORE_CORE_MASTER_H
#define STORE_CORE_MASTER_H

#include "base/crypto.h"

enum { STORE_MASTER_ID = 17 }; /* 16 hex digits that name a master key and say nothing of it, and NUL */

struct store_master_provider {
    const char *scheme; /* "file" in "file:/etc/kartei/master.key" */
    /* Opens the key at `where`. ERR_SEAL with words in detail, ERR_NOT_FOUND when there is none. */
    int (*open)(const char *where, void **ret_self, char ret_id[STORE_MASTER_ID], struct err *err);
    int (*wrap)(void *self, struct str context, struct str plain, struct arena *arena, struct str *ret_wrapped,
                struct err *err);
    int (*unwrap)(void *self, struct str context, struct str wrapped, struct arena *arena, struct str *ret_plain,
                  struct err *err);
    void (*close)(void *self); /* wipes */
};
extern const struct store_master_provider *const store_master_providers[]; /* ended by NULL */

struct store_master;
/* `spec` is PROVIDER:WHERE; what begins with no provider's word is a file. Errors: ERR_SEAL, ERR_NOT_FOUND. */
int store_master_open(const char *spec, struct store_master **ret_master, struct err *err);
/* Wipes and releases. NULL is allowed. */
void store_master_close(struct store_master *master);
const char *store_master_id(const struct store_master *master);
/* Wraps a key, bound to its context; opening another's or a changed one: ERR_SEAL. */
int store_master_wrap(struct store_master *master, struct str context, const struct crypto_key *key,
                      struct arena *arena, struct str *ret_wrapped, struct err *err);
int store_master_unwrap(struct store_master *master, struct str context, struct str wrapped, struct crypto_key *ret_key,
                        struct err *err);

#endif

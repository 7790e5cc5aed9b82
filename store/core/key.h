/* Inside of the store: the master key, the organisations' keys under it, sealing of columns, keyed hashes. Unwrapped
 * keys live in this process's memory only. */
#ifndef STORE_CORE_KEY_H
#define STORE_CORE_KEY_H

#include "base/crypto.h"
#include "base/id.h"

struct store;
struct store_tx;
struct store_keys;

/* Opens the master key, PROVIDER:WHERE as in store/core/master.h. Errors: ERR_SEAL. */
int store_keys_open(const char *master_key, struct store_keys **ret_keys, struct err *err);
/* Wipes all keys. NULL is allowed. */
void store_keys_close(struct store_keys *keys);
/* Loads what every process needs of the instance's keys, once the database is there. */
int store_keys_load(struct store *store, struct err *err);

/* A key as it is stored: sealed under the master key that is named. */
struct store_wrapped {
    struct str key, master;
};
/* Wraps under the newest master key; opens what is under the present or the next one, which it looks for anew when it
 * knows neither, so that a master key can be changed while programs run. Errors: ERR_SEAL. */
int store_keys_wrap(struct store_keys *keys, struct str context, const struct crypto_key *key, struct arena *arena,
                    struct store_wrapped *ret_wrapped, struct err *err);
int store_keys_unwrap(struct store_keys *keys, struct str context, const struct store_wrapped *wrapped,
                      struct crypto_key *ret_key, struct err *err);

/* Keys of one organisation. */
struct store_org_keys {
    struct id org;
    int64_t version;
    struct crypto_key data;  /* seals columns and, derived, files */
    struct crypto_key index; /* keyed hashes: match keys, remote ids, content; outlives changes of the data key */
};

/* Id of the next master key. ERR_NOT_FOUND when there is none. */
int store_keys_next(struct store_keys *keys, struct arena *arena, struct str *ret_id, struct err *err);
/* A fresh key, wrapped for storage in this transaction, for whose end a change of the master key waits. */
int store_keys_make(struct store_tx *tx, struct str context, struct arena *arena, struct store_wrapped *ret_wrapped,
                    struct err *err);
/* What is bound into an organisation's wrapped keys: "data" with its version, "index" with 0. */
struct str store_key_context(const char *what, const struct id *org, int64_t version, struct arena *arena);
/* The keys of a version of the transaction's organisation; version 0 = the present one. ERR_NOT_FOUND, ERR_SEAL. The
 * caller wipes its copy. */
int store_keys_get(struct store_tx *tx, int64_t version, struct store_org_keys *ret_keys, struct err *err);
/* The present version alone. */
int store_keys_present(struct store_tx *tx, int64_t *ret_version, struct err *err);
/* Wipes those of the process's keys that were dropped or destroyed since; store/core/listen.c asks for it when told so,
 * and now and then. */
int store_keys_forget_gone(struct store *store, struct err *err);

/* Keyed hash of an e-mail address (trimmed, ASCII lower case), the same in all organisations: the sign-in looks it up.
 */
struct crypto_hash store_email_hash(const struct store *store, struct str email, struct arena *arena);

/* A key of the whole instance for what happens before an organisation is known; one for each purpose. Wipe it. */
struct crypto_key store_door_key(const struct store *store, const char *purpose);

/* Where a sealed value belongs; bound into the seal, so that it opens nowhere else. */
struct store_place {
    const char *column; /* "contacts.contact" */
    const struct id *row;
};
/* Key version (4 bytes, big endian) | nonce | ciphertext | tag, under the present data key. Absent stays absent. */
int store_seal(struct store_tx *tx, struct store_place place, struct str plain, struct arena *arena,
               struct str *ret_sealed, struct err *err);
int store_unseal(struct store_tx *tx, struct store_place place, struct str sealed, struct arena *arena,
                 struct str *ret_plain, struct err *err);
/* Keyed hash under the organisation's index key; `purpose` keeps uses apart. */
int store_index_hash(struct store_tx *tx, const char *purpose, struct str text, struct crypto_hash *ret_hash,
                     struct err *err);

/* An id (RFC 9562 version 8) made of a hash, for rows whose identity follows from what they stand for: so two writers
 * of the same row seal for the same row. */
struct id store_derived_id(const struct crypto_hash *hash);

#endif

/* Changing keys while programs run. A data key: a fresh version becomes the present one, every value and file is sealed
 * anew under it, and the old version goes when nothing has lain under it for a while. The master key: every wrapped key
 * is wrapped under the next one. */
#ifndef STORE_KEYS_ROTATE_H
#define STORE_KEYS_ROTATE_H

#include "store/store.h"

/* A fresh version of the transaction's organisation is the present one from the commit on. */
int store_key_renew(struct store_tx *tx, int64_t *ret_version, struct err *err);
/* After that commit: returns when no transaction seals under an older version any more. */
int store_key_settle(struct store *store, const struct id *org, struct err *err);

/* Seals anew what is not sealed under the present version, until nothing is left or `stop` says so (asked before each
 * piece, never NULL). *ret_done counts values and files. May be ended at any instruction and begun again. ERR_SEAL: a
 * value cannot be opened; it is left as it is, and so is the old version. */
struct store_reseal {
    bool (*stop)(void *self);
    void *self;
};
int store_reseal(struct store *store, const struct id *org, const struct store_reseal *how, int64_t *ret_done,
                 struct err *err);

/* Versions of a data key. */
struct store_key_version {
    int64_t version, created_at, emptied_at; /* emptied_at: since when nothing lies under it, 0 = something does */
    int64_t values;                          /* values and files under it */
    bool present;
    struct str master; /* id of the master key that it is wrapped under */
};
/* Oldest first. */
int store_key_versions(struct store_tx *tx, struct arena *arena, struct json_list *ret_versions, struct err *err);
/* Drops older versions under which nothing has lain for `calm_ms`, by which time nobody reads an old copy any more.
 * *ret_left: how many older ones remain. */
int store_key_retire(struct store_tx *tx, int64_t calm_ms, int64_t *ret_left, struct err *err);

/* Wraps all keys of the instance under the next master key (PROVIDER:WHERE.next); *ret_wrapped counts those that
 * changed, and *ret_left those still under another than the next. ERR_NOT_FOUND: there is no next one. */
int store_master_rewrap(struct store *store, int64_t *ret_wrapped, int64_t *ret_left, struct err *err);

#endif

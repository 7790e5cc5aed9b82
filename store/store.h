/* The store: database, keys and sealed files behind one handle, shared by all threads; a transaction belongs to one
 * thread and one organisation. Knows nothing above it; values go in and out, rows and SQL stay inside. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/err.h"
#include "base/id.h"
#include "base/json.h"

struct store;
struct store_tx;

struct store_settings {
    const char *conninfo;   /* libpq connection string of the role kartei_app */
    const char *master_key; /* PROVIDER:WHERE, or a file: 32 raw bytes, readable by its owner only */
    const char *blob_dir;   /* exists, writable; sealed files go to blob_dir/xx/ID */
    const char *audit_dir;  /* signed heads of the audit trails go there; made when missing; NULL = none are kept */
    const char *keep_dir;   /* erasure lists go there; made when missing; NULL = none are kept */
    int connections;        /* most at one time, 1..64; further callers wait up to 5 s */
};

/* Opens key and folder, connects once, loads the rights. Errors: ERR_STORE_DOWN (also: not migrated to the version of
 * this program), ERR_SEAL (key file), ERR_INTERNAL (folder). */
int store_open(const struct store_settings *settings, struct store **ret_store, struct err *err);
/* Closes all connections and wipes the keys; no transaction, listener or reader may be open. NULL is allowed. */
void store_close(struct store *store);
static inline void store_closep(struct store **store)
{
    store_close(*store);
}
/* A random key of the whole instance, the same on all its machines, wrapped under the master key; made when it is first
 * asked for. `name` says what for: "api cursor". The caller wipes it. */
struct crypto_key;
int store_instance_key(struct store *store, const char *name, struct crypto_key *ret_key, struct err *err);
/* Whether the disk of the blob folder has `least_free` bytes left. ERR_DISK_FULL. */
int store_room(struct store *store, uint64_t least_free, struct err *err);
/* For readiness: the database answers, and there is room. ERR_STORE_DOWN, ERR_DISK_FULL. */
int store_ready(struct store *store, uint64_t least_free, struct err *err);

/* Begins a transaction that sees and changes one organisation only. Errors: ERR_STORE_DOWN, ERR_BUSY (all connections
 * taken).
 *
 * Every function that takes a tx may fail with ERR_STORE_DOWN (connection lost: nothing of the transaction happened,
 * unless it was store_commit() that failed: then it may have), ERR_DISK_FULL, ERR_BUSY (deadlock, time limit) and
 * ERR_INTERNAL. After a failure only release is possible, except after ERR_NOT_FOUND, ERR_CONFLICT by a count of rows,
 * and ERR_STALE. */
int store_begin(struct store *store, const struct id *org, struct store_tx **ret_tx, struct err *err);
/* Writes the journal (store/journal.h), commits and releases; *tx is NULL afterwards in every case. */
int store_commit(struct store_tx **tx, struct err *err);
/* For `_cleanup_(store_rollbackp) struct store_tx *tx = NULL`: rolls back what was not committed. */
void store_rollbackp(struct store_tx **tx);
/* Organisation of the transaction, and the time of the database (ms since 1970) at its beginning. */
const struct id *store_tx_org(const struct store_tx *tx);
int64_t store_tx_now(const struct store_tx *tx);

/* A page of a list, newest first. Lists have type struct json_list and live in the caller's arena. */
struct store_page {
    struct id before; /* items older than this one; empty = from the newest */
    int limit;        /* 1..201: LIMIT_PAGE and one more to know whether there is a next page */
};

/* `n` 64-bit keyed hashes under the organisation's index key, for match keys and search; `texts` are prepared by the
 * caller
 * ("email|anna@example.com"). The same text gives the same key as long as the organisation lives. */
int store_match_keys(struct store_tx *tx, const struct str *texts, size_t n, int64_t *ret_keys, struct err *err);

/* A wake-up hint from other processes. It may be missed, so poll as well (jobs: every 5 s). One connection of its own.
 */
struct store_listener;
enum store_hint { STORE_HINT_NONE, STORE_HINT_JOB, STORE_HINT_EVENT };
int store_listen(struct store *store, struct store_listener **ret_listener, struct err *err);
/* Waits up to `timeout_ms` (0..60000); *ret_org is filled for STORE_HINT_EVENT. STORE_HINT_NONE when the time is over.
 * A lost connection is opened anew by the next call. Errors: ERR_STORE_DOWN. */
int store_listener_wait(struct store_listener *listener, int timeout_ms, enum store_hint *ret_hint, struct id *ret_org,
                        struct err *err);
/* Ends another thread's store_listener_wait() early; safe from any thread. */
void store_listener_wake(struct store_listener *listener);
void store_listener_freep(struct store_listener **listener);

#endif

/* Inside of the store: its handle, its transactions, and running statements in them. */
#ifndef STORE_CORE_TX_H
#define STORE_CORE_TX_H

#include "store/core/key.h"
#include "store/people.h"
#include "store/pg.h"

struct store_rights;
struct store_journal;
struct store_audit_list;
struct store_audit_queues;

struct store {
    struct store_pool *pool;
    struct store_keys *keys;
    struct store_rights *rights;
    struct store_audit_queues *audits;                /* store/audit/group.c */
    char *conninfo, *blob_dir, *audit_dir, *keep_dir; /* NULL: no signed heads, no erasure lists are kept */
};

enum { STORE_INDEXES = 4 };

struct store_tx {
    struct store *store;
    struct store_pg *pg; /* NULL until the first statement of a transaction by store_tx_new() */
    struct id org;
    int64_t now;
    struct id as; /* store_act_as(); empty: the system */
    const char *as_role;
    struct arena *arena;           /* of the journal's entries */
    struct store_journal *journal; /* store/journal.c; NULL = nothing to write */
    int64_t key_version;           /* current one of the organisation; 0 = not yet asked */
    struct store_index {
        const char *purpose; /* a literal; NULL = free */
        struct crypto_mac mac;
    } index[STORE_INDEXES]; /* keys of keyed hashes, worked out once */
};

/* A transaction that asks the database nothing before its first statement: where cached keys may be all that is needed.
 */
struct store_tx *store_tx_new(struct store *store, const struct id *org);
/* Runs a statement in the transaction. $1 is always the organisation, `args` follow: the first wall before row level
 * security. */
int store_run(struct store_tx *tx, enum store_sql sql, const struct store_arg *args, size_t n,
              struct store_rows **ret_rows, struct err *err);
/* The same where exactly the rows it touches matter: none is ERR_NOT_FOUND. */
int store_run_one(struct store_tx *tx, enum store_sql sql, const struct store_arg *args, size_t n,
                  struct store_rows **ret_rows, struct err *err);
/* Runs a statement on one of the doors across organisations (guard_…), in a transaction of its own. */
int store_run_guard(struct store *store, enum store_sql sql, const struct store_arg *args, size_t n,
                    struct store_rows **ret_rows, struct err *err);
/* Why a change "where version = …" touched nothing: `version_sql` gives the present version of `id`. Always -1:
 * ERR_NOT_FOUND when there is none, else ERR_STALE. */
int store_stale(struct store_tx *tx, enum store_sql version_sql, const struct id *id, struct err *err);
/* Why a soft deletion (`deleted`) or restoration touched nothing: `version_sql` gives version and "is deleted". Always
 * -1: ERR_NOT_FOUND, ERR_CONFLICT when it is so already, else ERR_STALE. */
int store_not_deleted(struct store_tx *tx, enum store_sql version_sql, const struct id *id, bool deleted,
                      struct err *err);
/* store/people.c's and store/journal.c's parts of a commit, and where the latter collects audit entries. */
int store_actor_check(struct store_tx *tx, struct err *err);
int store_journal_write(struct store_tx *tx, struct err *err);
struct store_audit_list *store_journal_audit(struct store_tx *tx);

#endif

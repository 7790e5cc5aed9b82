/* The store's handle and its transactions; see store/store.h and tx.h. */
#include "store/core/tx.h"

#include "base/limits.h"
#include "migrations/migrations.h"
#include "store/audit/entry.h"

#include <assert.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum { ARGS_MOST = 32 };

struct store_rights {
    struct arena *arena;
    struct store_right *rows;
    size_t n;
};

static void rights_free(struct store_rights *rights)
{
    if (rights)
        arena_free(rights->arena);
    free(rights);
}

static int rights_load(struct store *store, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(store, SQL_RIGHTS_ALL, ARGS_NONE, &rows, err) < 0)
        return -1;
    struct store_rights *rights = calloc(1, sizeof *rights);
    if (!rights)
        abort();
    rights->arena = arena_new(1024 * 1024);
    rights->n = (size_t)store_rows_count(rows);
    rights->rows = arena_array(rights->arena, rights->n, sizeof *rights->rows);
    for (size_t i = 0; i < rights->n; i++)
        rights->rows[i] = (struct store_right){
            .role = store_row_str(rows, (int)i, 0, rights->arena),
            .resource = store_row_str(rows, (int)i, 1, rights->arena),
            .action = store_row_str(rows, (int)i, 2, rights->arena),
            .ownership = str_eq(store_row_view(rows, (int)i, 3), STR("any")) ? STORE_ANY : STORE_OWN,
        };
    store->rights = rights;
    return 0;
}

enum store_ownership store_right(const struct store *store, struct str role, struct str resource, struct str action)
{
    for (size_t i = 0; i < store->rights->n; i++) {
        const struct store_right *right = &store->rights->rows[i];
        if (str_eq(right->role, role) && str_eq(right->resource, resource) && str_eq(right->action, action))
            return right->ownership;
    }
    return STORE_NOTHING;
}

struct json_list store_rights(const struct store *store)
{
    return (struct json_list){store->rights->rows, store->rights->n};
}

/* The program and the schema belong together: an older schema lacks what we ask for, a newer one may mean something
 * else. */
static int schema_check(struct store *store, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct err lost;
    if (store_run_guard(store, SQL_MIGRATION_NEWEST, ARGS_NONE, &rows, &lost) < 0) {
        *err = lost;
        err->code = ERR_STORE_DOWN;
        return -1;
    }
    if (store_row_int(rows, 0, 0) == (int64_t)migration_count)
        return 0;
    (void)err_set(err, ERR_STORE_DOWN, "%s", "");
    return err_detail(err, "schema is at step %lld, this program needs %zu: run kartei migrate",
                      (long long)store_row_int(rows, 0, 0), migration_count);
}

static int open_parts(struct store *store, const struct store_settings *settings, struct err *err)
{
    store->conninfo = strdup(settings->conninfo);
    store->blob_dir = strdup(settings->blob_dir);
    store->audit_dir = settings->audit_dir ? strdup(settings->audit_dir) : NULL;
    store->keep_dir = settings->keep_dir ? strdup(settings->keep_dir) : NULL;
    store->audits = store_audit_queues_new();
    if (!store->conninfo || !store->blob_dir)
        abort();
    if (store->audit_dir)
        (void)mkdir(store->audit_dir, 0700); /* whoever writes there tells when that failed */
    if (access(store->blob_dir, R_OK | W_OK | X_OK) < 0) {
        (void)err_set(err, ERR_INTERNAL, "%s", "");
        return err_detail(err, "%s: not a writable folder", store->blob_dir);
    }
    if (store_keys_open(settings->master_key, &store->keys, err) < 0)
        return -1;
    store->pool = store_pool_new(settings->conninfo, settings->connections);
    return schema_check(store, err) < 0 || store_keys_load(store, err) < 0 ? -1 : rights_load(store, err);
}

int store_open(const struct store_settings *settings, struct store **ret_store, struct err *err)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store)
        abort();
    int r = open_parts(store, settings, err);
    if (r < 0)
        store_close(store);
    else
        *ret_store = store;
    return r;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    rights_free(store->rights);
    store_pool_free(store->pool);
    store_keys_close(store->keys);
    store_audit_queues_free(store->audits);
    free(store->conninfo);
    free(store->blob_dir);
    free(store->audit_dir);
    free(store->keep_dir);
    free(store);
}

int store_room(struct store *store, uint64_t least_free, struct err *err)
{
    struct statvfs fs;
    if (statvfs(store->blob_dir, &fs) < 0 || fs.f_bavail * fs.f_frsize < least_free)
        return err_set(err, ERR_DISK_FULL, "%s", "");
    return 0;
}

int store_ready(struct store *store, uint64_t least_free, struct err *err)
{
    return schema_check(store, err) < 0 ? -1 : store_room(store, least_free, err);
}

struct store_tx *store_tx_new(struct store *store, const struct id *org)
{
    struct store_tx *tx = calloc(1, sizeof *tx);
    if (!tx)
        abort();
    tx->store = store;
    tx->org = *org;
    tx->arena = arena_new(LIMIT_ARENA_REQUEST);
    return tx;
}

static int tx_connect(struct store_tx *tx, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_pool_get(tx->store->pool, &tx->pg, err) < 0)
        return -1;
    if (store_pg_command(tx->pg, "begin", err) < 0 || store_run(tx, SQL_TX_ORG, ARGS_NONE, &rows, err) < 0)
        return -1;
    tx->now = store_row_int(rows, 0, 1);
    return 0;
}

int store_begin(struct store *store, const struct id *org, struct store_tx **ret_tx, struct err *err)
{
    struct store_tx *tx = store_tx_new(store, org);
    int r = tx_connect(tx, err);
    if (r < 0)
        store_rollbackp(&tx);
    else
        *ret_tx = tx;
    return r;
}

static void tx_free(struct store_tx *tx)
{
    if (tx->pg)
        store_pool_put(tx->store->pool, tx->pg);
    arena_free(tx->arena);
    crypto_wipe(tx->index, sizeof tx->index);
    free(tx);
}

int store_commit(struct store_tx **tx, struct err *err)
{
    if (store_actor_check(*tx, err) < 0 || store_journal_write(*tx, err) < 0) {
        store_rollbackp(tx);
        return -1;
    }
    int r = (*tx)->pg ? store_pg_commit((*tx)->pg, err) : 0;
    tx_free(take(*tx));
    return r;
}

void store_rollbackp(struct store_tx **tx)
{
    struct err ignored;
    if (!*tx)
        return;
    if ((*tx)->pg && store_pg_alive((*tx)->pg))
        (void)store_pg_command((*tx)->pg, "rollback", &ignored); /* if that fails, the pool closes the connection */
    tx_free(take(*tx));
}

const struct id *store_tx_org(const struct store_tx *tx)
{
    return &tx->org;
}

int64_t store_tx_now(const struct store_tx *tx)
{
    return tx->now;
}

int store_run(struct store_tx *tx, enum store_sql sql, const struct store_arg *args, size_t n,
              struct store_rows **ret_rows, struct err *err)
{
    struct store_arg all[ARGS_MOST] = {ARG_ID(&tx->org)};
    assert(n + 1 <= ARGS_MOST);
    if (!tx->pg && tx_connect(tx, err) < 0)
        return -1;
    if (n)
        memcpy(all + 1, args, n * sizeof *args);
    return store_pg_run(tx->pg, sql, all, n + 1, ret_rows, err);
}

int store_run_one(struct store_tx *tx, enum store_sql sql, const struct store_arg *args, size_t n,
                  struct store_rows **ret_rows, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, sql, args, n, &rows, err) < 0)
        return -1;
    if (store_rows_affected(rows) == 0)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    if (ret_rows)
        *ret_rows = take(rows);
    return 0;
}

int store_run_guard(struct store *store, enum store_sql sql, const struct store_arg *args, size_t n,
                    struct store_rows **ret_rows, struct err *err)
{
    struct store_pg *pg;
    if (store_pool_get(store->pool, &pg, err) < 0)
        return -1;
    int r = store_pg_run(pg, sql, args, n, ret_rows, err);
    store_pool_put(store->pool, pg);
    return r;
}

int store_stale(struct store_tx *tx, enum store_sql version_sql, const struct id *id, struct err *err)
{
    if (store_run_one(tx, version_sql, ARGS(ARG_ID(id)), NULL, err) < 0)
        return -1;
    return err_set(err, ERR_STALE, "%s", "");
}

int store_not_deleted(struct store_tx *tx, enum store_sql version_sql, const struct id *id, bool deleted,
                      struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, version_sql, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    if (store_row_bool(rows, 0, 1) == deleted)
        return err_set(err, ERR_CONFLICT, deleted ? "it is deleted already" : "it is not deleted");
    return err_set(err, ERR_STALE, "%s", "");
}

/* See rotate.h. Sealing takes a shared lock before it learns the present version (org_key_get.sql); settling takes it
 * exclusively, so whoever seals later knows the fresh version. Twice, because a statement that began before the change
 * may have waited for the first one with its old sight of things. */
#include "store/keys/rotate.h"

#include "base/limits.h"
#include "store/blob.h"
#include "store/core/tx.h"

enum { PAGE = 200, BLOBS = 20 };

int store_key_renew(struct store_tx *tx, int64_t *ret_version, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct store_wrapped data;
    if (store_run_one(tx, SQL_ORG_KEY_NEXT, ARGS_NONE, &rows, err) < 0)
        return -1;
    int64_t version = store_row_int(rows, 0, 0);
    if (store_keys_make(tx, store_key_context("data", &tx->org, version, tx->arena), tx->arena, &data, err) < 0 ||
        store_run(tx, SQL_ORG_KEY_ADD, ARGS(ARG_INT(version), ARG_STR(data.key), ARG_STR(data.master)), NULL, err) <
            0 ||
        store_run_one(tx, SQL_ORG_KEY_USE, ARGS(ARG_INT(version)), NULL, err) < 0)
        return -1;
    *ret_version = version;
    return 0;
}

int store_key_settle(struct store *store, const struct id *org, struct err *err)
{
    for (int i = 0; i < 2; i++) {
        _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
        if (store_begin(store, org, &tx, err) < 0 || store_run(tx, SQL_ORG_KEY_BARRIER, ARGS_NONE, NULL, err) < 0 ||
            store_commit(&tx, err) < 0)
            return -1;
    }
    return 0;
}

/* ---- Values ---- */

/* A column and how far it was walked. */
struct column {
    const char *table, *name, *place; /* place: "contacts.contact" */
    struct str after;                 /* ctid */
};

static int page_seal(struct store_tx *tx, const struct column *column, const struct store_rows *rows, struct str *fresh,
                     struct err *err)
{
    for (int i = 0; i < store_rows_count(rows); i++) {
        struct id row = store_row_id(rows, i, 1);
        struct store_place place = {column->place, &row};
        struct str plain;
        if (store_unseal(tx, place, store_row_view(rows, i, 2), tx->arena, &plain, err) < 0 ||
            store_seal(tx, place, plain, tx->arena, &fresh[i], err) < 0)
            return -1;
    }
    return 0;
}

/* The next page; *ret_n is how many values it had, *done grows by those that were put. */
static int page_reseal(struct store *store, const struct id *org, struct column *column, struct arena *arena,
                       int *ret_n, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    int64_t version;
    if (store_begin(store, org, &tx, err) < 0 || store_keys_present(tx, &version, err) < 0)
        return -1;
    if (store_run(
            tx, SQL_RESEAL_PAGE,
            ARGS(ARG_C(column->table), ARG_C(column->name), ARG_INT(version), ARG_STR(column->after), ARG_INT(PAGE)),
            &rows, err) < 0)
        return -1;
    int n = *ret_n = store_rows_count(rows);
    if (n == 0)
        return 0;
    struct str *places = arena_array(tx->arena, (size_t)n * 3, sizeof *places), *old = places + n, *fresh = old + n;
    for (int i = 0; i < n; i++) {
        places[i] = store_row_view(rows, i, 0);
        old[i] = store_row_view(rows, i, 2);
    }
    if (page_seal(tx, column, rows, fresh, err) < 0 ||
        store_run(tx, SQL_RESEAL_PUT,
                  ARGS(ARG_C(column->table), ARG_C(column->name), ARG_TEXTS(places, (size_t)n),
                       ARG_BYTES(old, (size_t)n), ARG_BYTES(fresh, (size_t)n)),
                  NULL, err) < 0)
        return -1;
    column->after = str_dup(arena, places[n - 1]);
    return store_commit(&tx, err);
}

static int columns_load(struct store *store, const struct id *org, struct arena *arena, struct json_list *ret_columns,
                        struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_begin(store, org, &tx, err) < 0 || store_run(tx, SQL_RESEAL_COLUMNS, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct column *columns = arena_array(arena, (size_t)n, sizeof *columns);
    for (int i = 0; i < n; i++) {
        struct str table = store_row_view(rows, i, 0), name = store_row_view(rows, i, 1);
        columns[i] = (struct column){str_z(arena, table), str_z(arena, name),
                                     str_printf(arena, "%.*s.%.*s", STR_ARG(table), STR_ARG(name)).p, STR("(0,0)")};
    }
    *ret_columns = (struct json_list){columns, (size_t)n};
    return 0;
}

static int values_reseal(struct store *store, const struct id *org, const struct store_reseal *how, int64_t *done,
                         struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct json_list columns;
    if (columns_load(store, org, arena, &columns, err) < 0)
        return -1;
    for (size_t i = 0; i < columns.n; i++)
        for (int n = 1; n > 0; *done += n)
            if (how->stop(how->self))
                return 0;
            else if (page_reseal(store, org, (struct column *)columns.items + i, arena, &n, err) < 0)
                return -1;
    return 0;
}

/* ---- Files ---- */

static int blobs_reseal(struct store *store, const struct id *org, const struct store_reseal *how, int64_t *done,
                        struct err *err)
{
    for (int n = 1; n > 0 && !how->stop(how->self);) {
        _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
        _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
        int64_t version;
        if (store_begin(store, org, &tx, err) < 0 || store_keys_present(tx, &version, err) < 0)
            return -1;
        if (store_run(tx, SQL_RESEAL_BLOBS, ARGS(ARG_INT(version), ARG_INT(BLOBS)), &rows, err) < 0)
            return -1;
        n = store_rows_count(rows);
        store_rollbackp(&tx);
        for (int i = 0; i < n && !how->stop(how->self); i++, (*done)++) {
            struct id blob = store_row_id(rows, i, 0);
            if (store_blob_reseal(store, org, &blob, err) < 0)
                return -1;
        }
    }
    return 0;
}

int store_reseal(struct store *store, const struct id *org, const struct store_reseal *how, int64_t *ret_done,
                 struct err *err)
{
    int64_t done = 0;
    if (values_reseal(store, org, how, &done, err) < 0 || blobs_reseal(store, org, how, &done, err) < 0)
        return -1;
    *ret_done = done;
    return 0;
}

/* ---- Versions ---- */

static int version_count(struct store_tx *tx, int64_t version, int64_t *ret_n, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_RESEAL_COUNT, ARGS(ARG_INT(version)), &rows, err) < 0)
        return -1;
    *ret_n = store_row_int(rows, 0, 0);
    return 0;
}

int store_key_versions(struct store_tx *tx, struct arena *arena, struct json_list *ret_versions, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_ORG_KEY_LIST, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_key_version *versions = arena_array(arena, (size_t)n, sizeof *versions);
    for (int i = 0; i < n; i++) {
        versions[i] = (struct store_key_version){.version = store_row_int(rows, i, 0),
                                                 .master = store_row_str(rows, i, 1, arena),
                                                 .created_at = store_row_int(rows, i, 2),
                                                 .present = store_row_bool(rows, i, 3),
                                                 .emptied_at = store_row_int(rows, i, 4)};
        if (version_count(tx, versions[i].version, &versions[i].values, err) < 0)
            return -1;
    }
    *ret_versions = (struct json_list){versions, (size_t)n};
    return 0;
}

/* One older version: marks whether it is empty, drops it when it has been for long enough. */
static int version_retire(struct store_tx *tx, const struct store_key_version *version, int64_t calm_ms,
                          int64_t *ret_left, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_ORG_KEY_EMPTIED,
                      ARGS(ARG_INT(version->version), ARG_BOOL(version->values == 0), ARG_INT(calm_ms)), &rows,
                      err) < 0)
        return -1;
    if (version->values == 0 && store_row_bool(rows, 0, 0))
        return store_run(tx, SQL_ORG_KEY_DROP, ARGS(ARG_INT(version->version)), NULL, err);
    (*ret_left)++;
    return 0;
}

int store_key_retire(struct store_tx *tx, int64_t calm_ms, int64_t *ret_left, struct err *err)
{
    struct json_list versions;
    int64_t left = 0;
    if (store_key_versions(tx, tx->arena, &versions, err) < 0)
        return -1;
    for (size_t i = 0; i < versions.n; i++) {
        const struct store_key_version *version = (const struct store_key_version *)versions.items + i;
        if (!version->present && version_retire(tx, version, calm_ms, &left, err) < 0)
            return -1;
    }
    *ret_left = left;
    return 0;
}

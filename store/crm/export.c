/* See export.h. */
#include "store/crm/export.h"

#include "base/limits.h"
#include "store/core/tx.h"

static int contact_seal(struct store_tx *tx, const struct id *id, const struct contact *contact, struct arena *arena,
                        struct str *ret_sealed, struct err *err)
{
    return store_seal(tx, (struct store_place){"export_entries.contact", id},
                      json_write(&contact_shape, contact, arena), arena, ret_sealed, err);
}

int store_export_note(struct store_tx *tx, const struct id *connection, const struct id *record, bool create,
                      const struct contact *contact, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct str sealed;
    if (store_run(tx, SQL_EXPORT_ENTRY_WAITING, ARGS(ARG_ID(connection), ARG_ID(record)), &rows, err) < 0)
        return -1;
    bool waits = store_rows_count(rows) > 0;
    struct id id = waits ? store_row_id(rows, 0, 0) : id_new();
    if (contact_seal(tx, &id, contact, arena, &sealed, err) < 0)
        return -1;
    if (waits)
        return store_run_one(tx, SQL_EXPORT_ENTRY_CHANGE, ARGS(ARG_ID(&id), ARG_STR(sealed)), NULL, err);
    return store_run(
        tx, SQL_EXPORT_ENTRY_ADD,
        ARGS(ARG_ID(&id), ARG_ID(connection), ARG_ID(record), ARG_C(create ? "create" : "update"), ARG_STR(sealed)),
        NULL, err);
}

int store_export_forget(struct store_tx *tx, const struct id *connection, const struct id *record, struct err *err)
{
    return store_run_one(tx, SQL_EXPORT_ENTRY_FORGET, ARGS(ARG_ID(connection), ARG_ID(record)), NULL, err);
}

int store_export_take(struct store_tx *tx, const struct id *connection, const struct id *user, struct id *ret_id,
                      struct err *err)
{
    struct id id = id_new();
    if (store_run_one(tx, SQL_EXPORT_TAKE,
                      ARGS(ARG_ID(&id), ARG_ID(connection), ARG_ID(user), ARG_INT(STORE_EXPORT_ENTRIES)), NULL,
                      err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

static struct store_export export_read(const struct store_rows *rows, int row)
{
    return (struct store_export){.id = store_row_id(rows, row, 0),
                                 .connection = store_row_id(rows, row, 1),
                                 .entries = store_row_int(rows, row, 2),
                                 .created_at = store_row_int(rows, row, 3)};
}

int store_export_list(struct store_tx *tx, const struct id *connection, int limit, struct arena *arena,
                      struct json_list *ret_exports, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_EXPORT_LIST, ARGS(ARG_ID(connection), ARG_INT(limit)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_export *exports = arena_array(arena, (size_t)n, sizeof *exports);
    for (int i = 0; i < n; i++)
        exports[i] = export_read(rows, i);
    *ret_exports = (struct json_list){exports, (size_t)n};
    return 0;
}

int store_export_get(struct store_tx *tx, const struct id *id, struct store_export *ret_export, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_EXPORT_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    *ret_export = export_read(rows, 0);
    return 0;
}

int store_export_waiting(struct store_tx *tx, const struct id *connection, int64_t *ret_n, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_EXPORT_WAITING, ARGS(ARG_ID(connection)), &rows, err) < 0)
        return -1;
    *ret_n = store_row_int(rows, 0, 0);
    return 0;
}

int store_export_entries(struct store_tx *tx, const struct id *id, struct arena *arena, struct json_list *ret_entries,
                         struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_EXPORT_ENTRIES, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_export_entry *entries = arena_array(arena, (size_t)n, sizeof *entries);
    for (int i = 0; i < n; i++) {
        struct store_export_entry *e = &entries[i];
        struct str json;
        *e = (struct store_export_entry){
            .id = store_row_id(rows, i, 0), .record = store_row_id(rows, i, 1), .ours = store_row_bool(rows, i, 4)};
        if (store_unseal(tx, (struct store_place){"records.remote_id", &e->record}, store_row_view(rows, i, 2), arena,
                         &e->remote_id, err) < 0 ||
            store_unseal(tx, (struct store_place){"export_entries.contact", &e->id}, store_row_view(rows, i, 3), arena,
                         &json, err) < 0 ||
            json_read(&contact_shape, json, arena, &e->contact, err) < 0)
            return -1;
    }
    *ret_entries = (struct json_list){entries, (size_t)n};
    return 0;
}

int store_export_made(struct store_tx *tx, const struct id *connection, int limit, struct arena *arena,
                      struct json_list *ret_ids, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_EXPORT_MADE, ARGS(ARG_ID(connection), ARG_INT(limit)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct id *ids = arena_array(arena, (size_t)n, sizeof *ids);
    for (int i = 0; i < n; i++)
        ids[i] = store_row_id(rows, i, 0);
    *ret_ids = (struct json_list){ids, (size_t)n};
    return 0;
}

int store_export_keep(struct store_tx *tx, const struct id *connection, struct err *err)
{
    return store_run(tx, SQL_EXPORT_KEEP, ARGS(ARG_ID(connection)), NULL, err);
}

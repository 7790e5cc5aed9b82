/* See mapping.h. */
#include "store/crm/mapping.h"

#include "base/limits.h"
#include "store/core/tx.h"

static int mapping_read(struct store_tx *tx, const struct store_rows *rows, struct arena *arena,
                        struct store_mapping *ret_mapping, struct err *err)
{
    struct store_mapping mapping = {
        .version = store_row_int(rows, 0, 0), .user = store_row_id(rows, 0, 3), .at = store_row_int(rows, 0, 4)};
    const struct id row = store_row_id(rows, 0, 5);
    const struct store_place doc = {mapping.version ? "mappings.doc" : "mapping_drafts.doc", &row};
    const struct store_place fields = {mapping.version ? "mappings.fields" : "mapping_drafts.fields", &row};
    if (store_unseal(tx, doc, store_row_view(rows, 0, 1), arena, &mapping.doc, err) < 0 ||
        store_unseal(tx, fields, store_row_view(rows, 0, 2), arena, &mapping.fields, err) < 0)
        return -1;
    *ret_mapping = mapping;
    return 0;
}

int store_mapping_get(struct store_tx *tx, const struct id *connection, int64_t version, struct arena *arena,
                      struct store_mapping *ret_mapping, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_MAPPING_GET, ARGS(ARG_ID(connection), ARG_INT(version)), &rows, err) < 0)
        return -1;
    return mapping_read(tx, rows, arena, ret_mapping, err);
}

int store_mapping_add(struct store_tx *tx, const struct id *connection, const struct store_mapping *mapping,
                      int64_t *ret_version, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct id row = id_new();
    struct str doc, fields;
    if (store_seal(tx, (struct store_place){"mappings.doc", &row}, mapping->doc, arena, &doc, err) < 0 ||
        store_seal(tx, (struct store_place){"mappings.fields", &row}, mapping->fields, arena, &fields, err) < 0 ||
        store_run_one(tx, SQL_MAPPING_ADD,
                      ARGS(ARG_ID(connection), ARG_STR(doc), ARG_STR(fields), ARG_ID(&mapping->user), ARG_ID(&row)),
                      &rows, err) < 0)
        return -1;
    *ret_version = store_row_int(rows, 0, 0);
    return store_run_one(tx, SQL_MAPPING_USE, ARGS(ARG_ID(connection), ARG_INT(*ret_version)), NULL, err);
}

int store_mapping_draft(struct store_tx *tx, const struct id *connection, struct arena *arena,
                        struct store_mapping *ret_mapping, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_MAPPING_DRAFT_GET, ARGS(ARG_ID(connection)), &rows, err) < 0)
        return -1;
    return mapping_read(tx, rows, arena, ret_mapping, err);
}

int store_mapping_draft_put(struct store_tx *tx, const struct id *connection, const struct store_mapping *mapping,
                            struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str doc, fields = STR_NONE;
    if (!mapping)
        return store_run(tx, SQL_MAPPING_DRAFT_DROP, ARGS(ARG_ID(connection)), NULL, err);
    if (store_seal(tx, (struct store_place){"mapping_drafts.doc", connection}, mapping->doc, arena, &doc, err) < 0 ||
        (mapping->fields.p && store_seal(tx, (struct store_place){"mapping_drafts.fields", connection}, mapping->fields,
                                         arena, &fields, err) < 0))
        return -1;
    return store_run(tx, SQL_MAPPING_DRAFT_PUT,
                     ARGS(ARG_ID(connection), ARG_STR(doc), ARG_ID(&mapping->user), ARG_STR(fields)), NULL, err);
}

int store_mapping_revise(struct store_tx *tx, const struct id *connection, int64_t revision, struct err *err)
{
    if (store_run_one(tx, SQL_MAPPING_REVISE, ARGS(ARG_ID(connection), ARG_INT(revision)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_MAPPING_REVISION, connection, err) : -1;
    return 0;
}

int store_fields_get(struct store_tx *tx, const struct id *connection, struct arena *arena, struct str *ret_fields,
                     int64_t *ret_at, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_CONNECTION_FIELDS_GET, ARGS(ARG_ID(connection)), &rows, err) < 0 ||
        store_unseal(tx, (struct store_place){"connection_fields.fields", connection}, store_row_view(rows, 0, 0),
                     arena, ret_fields, err) < 0)
        return -1;
    *ret_at = store_row_int(rows, 0, 1);
    return 0;
}

int store_fields_put(struct store_tx *tx, const struct id *connection, struct str fields, int64_t warnings,
                     int64_t *ret_before, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct str sealed;
    if (store_seal(tx, (struct store_place){"connection_fields.fields", connection}, fields, arena, &sealed, err) < 0 ||
        store_run(tx, SQL_CONNECTION_FIELDS_PUT, ARGS(ARG_ID(connection), ARG_STR(sealed)), NULL, err) < 0 ||
        store_run_one(tx, SQL_CONNECTION_WARNINGS, ARGS(ARG_ID(connection), ARG_INT(warnings)), &rows, err) < 0)
        return -1;
    *ret_before = store_row_int(rows, 0, 0);
    return 0;
}

/* See fair.h. */
#include "store/fair.h"

#include "base/limits.h"
#include "store/core/tx.h"

static const char name_column[] = "fairs.name", tag_column[] = "fairs.tag";

/* The sealed columns of a fair. */
struct sealed {
    struct str name, tag;
};

static int fair_seal(struct store_tx *tx, const struct store_fair *fair, const struct id *id, struct arena *arena,
                     struct sealed *ret_sealed, struct err *err)
{
    if (store_seal(tx, (struct store_place){name_column, id}, fair->name, arena, &ret_sealed->name, err) < 0)
        return -1;
    return store_seal(tx, (struct store_place){tag_column, id}, fair->tag, arena, &ret_sealed->tag, err);
}

int store_fair_add(struct store_tx *tx, const struct store_fair *fair, struct id *ret_id, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct id id = id_new();
    struct sealed sealed;
    if (fair_seal(tx, fair, &id, arena, &sealed, err) < 0 ||
        store_run(tx, SQL_FAIR_ADD,
                  ARGS(ARG_ID(&id), ARG_STR(sealed.name), ARG_STR(sealed.tag), ARG_ID(&fair->list),
                       ARG_STR(fair->legal_basis), ARG_ID(&fair->created_by)),
                  NULL, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

static int fair_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                     struct store_fair *ret_fair, struct err *err)
{
    struct store_fair fair = {
        .id = store_row_id(rows, row, 0),
        .list = store_row_id(rows, row, 3),
        .legal_basis = store_row_str(rows, row, 4, arena),
        .created_by = store_row_id(rows, row, 5),
        .version = store_row_int(rows, row, 6),
        .created_at = store_row_int(rows, row, 7),
        .closed_at = store_row_int(rows, row, 8),
        .contacts = store_row_int(rows, row, 9),
    };
    if (store_unseal(tx, (struct store_place){name_column, &fair.id}, store_row_view(rows, row, 1), arena, &fair.name,
                     err) < 0 ||
        store_unseal(tx, (struct store_place){tag_column, &fair.id}, store_row_view(rows, row, 2), arena, &fair.tag,
                     err) < 0)
        return -1;
    *ret_fair = fair;
    return 0;
}

int store_fair_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_fair *ret_fair,
                   struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_FAIR_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return fair_read(tx, rows, 0, arena, ret_fair, err);
}

int store_fair_list(struct store_tx *tx, const struct id *user, struct arena *arena, struct json_list *ret_fairs,
                    struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_FAIR_LIST, ARGS(ARG_ID(user)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_fair *fairs = arena_array(arena, (size_t)n, sizeof *fairs);
    for (int i = 0; i < n; i++)
        if (fair_read(tx, rows, i, arena, &fairs[i], err) < 0)
            return -1;
    *ret_fairs = (struct json_list){fairs, (size_t)n};
    return 0;
}

/* Why a fair could not be saved. */
static int fair_not_saved(struct store_tx *tx, const struct store_fair *fair, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_FAIR_VERSION, ARGS(ARG_ID(&fair->id)), &rows, err) < 0)
        return -1;
    if (store_row_int(rows, 0, 0) != fair->version)
        return err_set(err, ERR_STALE, "%s", "");
    return err_set(err, ERR_CONFLICT, "%s", "something was captured on the former legal basis");
}

int store_fair_save(struct store_tx *tx, const struct store_fair *fair, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct sealed sealed;
    if (fair_seal(tx, fair, &fair->id, arena, &sealed, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_FAIR_SAVE,
                      ARGS(ARG_ID(&fair->id), ARG_INT(fair->version), ARG_STR(sealed.name), ARG_STR(sealed.tag),
                           ARG_ID(&fair->list), ARG_STR(fair->legal_basis), ARG_BOOL(fair->closed_at != 0)),
                      NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? fair_not_saved(tx, fair, err) : -1;
    return 0;
}

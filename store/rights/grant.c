/* See grant.h. */
#include "store/rights/grant.h"

#include "base/limits.h"
#include "store/core/tx.h"
#include "store/session.h"

static const char reason_column[] = "support_grants.reason";

int store_grant_add(struct store_tx *tx, const struct store_grant *grant, int64_t life_ms, struct id *ret_id,
                    struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct id id = id_new();
    struct str reason;
    if (store_run(tx, SQL_GRANT_LAPSE, ARGS(ARG_ID(&grant->user)), NULL, err) < 0 ||
        store_seal(tx, (struct store_place){reason_column, &id}, grant->reason, arena, &reason, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_GRANT_ADD,
                      ARGS(ARG_ID(&id), ARG_ID(&grant->user), ARG_ID(&grant->granted_by), ARG_STR(grant->area),
                           ARG_STR(reason), ARG_INT(life_ms)),
                      NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_CONFLICT, "%s", "a grant holds already") : -1;
    *ret_id = id;
    return 0;
}

int store_grant_reason(struct store_tx *tx, const struct id *id, struct str sealed, struct arena *arena,
                       struct str *ret_reason, struct err *err)
{
    return store_unseal(tx, (struct store_place){reason_column, id}, sealed, arena, ret_reason, err);
}

static int grant_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                      struct store_grant *ret_grant, struct err *err)
{
    struct store_grant grant = {.id = store_row_id(rows, row, 0),
                                .user = store_row_id(rows, row, 1),
                                .granted_by = store_row_id(rows, row, 2),
                                .area = store_row_str(rows, row, 3, arena),
                                .created_at = store_row_int(rows, row, 5),
                                .expires_at = store_row_int(rows, row, 6),
                                .ended_at = store_row_int(rows, row, 7),
                                .ended_by = store_row_id(rows, row, 8)};
    if (store_grant_reason(tx, &grant.id, store_row_view(rows, row, 4), arena, &grant.reason, err) < 0)
        return -1;
    *ret_grant = grant;
    return 0;
}

int store_grant_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_grant *ret_grant,
                    struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_GRANT_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return grant_read(tx, rows, 0, arena, ret_grant, err);
}

int store_grant_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_grants, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_GRANT_LIST, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_grant *grants = arena_array(arena, (size_t)n, sizeof *grants);
    for (int i = 0; i < n; i++)
        if (grant_read(tx, rows, i, arena, &grants[i], err) < 0)
            return -1;
    *ret_grants = (struct json_list){grants, (size_t)n};
    return 0;
}

int store_grant_end(struct store_tx *tx, const struct store_grant *grant, const struct id *by, struct err *err)
{
    if (store_run_one(tx, SQL_GRANT_END, ARGS(ARG_ID(&grant->id), ARG_ID(by)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_CONFLICT, "%s", "it has ended") : -1;
    return store_session_end_all(tx, &grant->user, err);
}

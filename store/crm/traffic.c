/* See traffic.h. */
#include "store/crm/traffic.h"

#include "store/core/tx.h"

int store_traffic_get(struct store_tx *tx, const struct id *connection, struct store_traffic *ret_traffic,
                      struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_CONNECTION_TRAFFIC, ARGS(ARG_ID(connection)), &rows, err) < 0)
        return -1;
    *ret_traffic = (struct store_traffic){.paused_at = store_row_int(rows, 0, 0),
                                          .paused_by = store_row_id(rows, 0, 1),
                                          .calls = {.failures = store_row_int(rows, 0, 2),
                                                    .retry_at = store_row_int(rows, 0, 3),
                                                    .quota_left = store_row_int(rows, 0, 4),
                                                    .quota_limit = store_row_int(rows, 0, 5),
                                                    .quota_at = store_row_int(rows, 0, 6)},
                                          .waiting = store_row_int(rows, 0, 7),
                                          .uncertain = store_row_int(rows, 0, 8)};
    return 0;
}

int store_traffic_pause(struct store_tx *tx, const struct id *connection, const struct id *by, struct err *err)
{
    return store_run_one(tx, SQL_CONNECTION_PAUSE, ARGS(ARG_ID(connection), ARG_ID(by)), NULL, err);
}

int store_call_add(struct store_tx *tx, const struct id *connection, const struct store_call *call, struct err *err)
{
    return store_run(tx, SQL_CONNECTION_WORK_ADD,
                     ARGS(ARG_ID(connection), ARG_C(call->work),
                          ARG_ID(id_none(&call->subject) ? NULL : &call->subject), ARG_STR(call->problem),
                          ARG_INT(call->requests), ARG_INT(call->total_ms), ARG_INT(call->slowest_ms)),
                     NULL, err);
}

int store_call_list(struct store_tx *tx, const struct id *connection, struct arena *arena, struct json_list *ret_calls,
                    struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_CONNECTION_WORK_LIST, ARGS(ARG_ID(connection)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_call *calls = arena_array(arena, (size_t)n, sizeof *calls);
    for (int i = 0; i < n; i++)
        calls[i] = (struct store_call){.at = store_row_int(rows, i, 0),
                                       .work = str_z(arena, store_row_view(rows, i, 1)),
                                       .subject = store_row_id(rows, i, 2),
                                       .problem = store_row_str(rows, i, 3, arena),
                                       .requests = store_row_int(rows, i, 4),
                                       .total_ms = store_row_int(rows, i, 5),
                                       .slowest_ms = store_row_int(rows, i, 6)};
    *ret_calls = (struct json_list){calls, (size_t)n};
    return 0;
}

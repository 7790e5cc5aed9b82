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

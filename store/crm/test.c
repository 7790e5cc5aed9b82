/* See test.h. */
#include "store/crm/test.h"

#include "base/limits.h"
#include "store/core/tx.h"

int store_test_put(struct store_tx *tx, const struct id *connection, const struct store_test *test, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str sealed;
    if (store_seal(tx, (struct store_place){"connection_tests.result", connection}, test->result, arena, &sealed, err) <
        0)
        return -1;
    return store_run_one(tx, SQL_CONNECTION_TEST_PUT, ARGS(ARG_ID(connection), ARG_ID(&test->user), ARG_STR(sealed)),
                         NULL, err);
}

int store_test_get(struct store_tx *tx, const struct id *connection, struct arena *arena, struct store_test *ret_test,
                   struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct store_test test;
    if (store_run_one(tx, SQL_CONNECTION_TEST_GET, ARGS(ARG_ID(connection)), &rows, err) < 0 ||
        store_unseal(tx, (struct store_place){"connection_tests.result", connection}, store_row_view(rows, 0, 2), arena,
                     &test.result, err) < 0)
        return -1;
    test.at = store_row_int(rows, 0, 0);
    test.user = store_row_id(rows, 0, 1);
    *ret_test = test;
    return 0;
}

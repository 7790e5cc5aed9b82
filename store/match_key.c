/* See match_key.h. */
#include "store/match_key.h"

#include "store/core/tx.h"

/* How the table names what a key belongs to. */
static int64_t kind_number(enum store_subject kind)
{
    return kind == STORE_CONTACT ? 1 : 2;
}

int store_match_keys_set(struct store_tx *tx, enum store_subject kind, const struct id *id, const int64_t *keys,
                         size_t n, struct err *err)
{
    if (store_run(tx, SQL_MATCH_KEY_DROP, ARGS(ARG_INT(kind_number(kind)), ARG_ID(id)), NULL, err) < 0)
        return -1;
    if (n == 0)
        return 0;
    return store_run(tx, SQL_MATCH_KEY_ADD, ARGS(ARG_INT(kind_number(kind)), ARG_ID(id), ARG_INTS(keys, n)), NULL, err);
}

int store_match_keys_meet(struct store_tx *tx, const struct store_meet *meet, struct arena *arena,
                          struct json_list *ret_meetings, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    enum store_sql sql = meet->kind == STORE_CONTACT ? SQL_MATCH_KEY_MEET_CONTACTS : SQL_MATCH_KEY_MEET_RECORDS;
    if (meet->n == 0) {
        *ret_meetings = (struct json_list){0};
        return 0;
    }
    if (store_run(tx, sql, ARGS(ARG_INTS(meet->keys, meet->n), ARG_INT(meet->cap), ARG_INT(meet->limit)), &rows, err) <
        0)
        return -1;
    int n = store_rows_count(rows);
    struct store_meeting *meetings = arena_array(arena, (size_t)n, sizeof *meetings);
    for (int i = 0; i < n; i++)
        meetings[i] = (struct store_meeting){store_row_id(rows, i, 0), store_row_int(rows, i, 1)};
    *ret_meetings = (struct json_list){meetings, (size_t)n};
    return 0;
}

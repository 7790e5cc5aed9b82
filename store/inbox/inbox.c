/* See inbox.h. */
#include "store/inbox/inbox.h"

#include "store/core/tx.h"

static struct store_inbox_item item_read(const struct store_rows *rows, int row, struct arena *arena)
{
    return (struct store_inbox_item){.contact = store_row_id(rows, row, 0),
                                     .lane = store_row_str(rows, row, 1, arena),
                                     .postponed_until = store_row_str(rows, row, 2, arena),
                                     .assignee = store_row_id(rows, row, 3)};
}

int store_inbox_list(struct store_tx *tx, const struct store_inbox_filter *filter, const struct store_page *page,
                     struct arena *arena, struct json_list *ret_items, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    const struct store_arg args[] = {ARG_ID(filter->user),        ARG_ID(filter->viewer), ARG_STR(filter->lane),
                                     ARG_ID(&filter->list),       ARG_ID(&filter->owner), ARG_ID(&filter->assignee),
                                     ARG_ID(&filter->connection), ARG_INT(filter->days),  ARG_STR(filter->reason),
                                     ARG_ID(&filter->fair),       ARG_ID(&page->before),  ARG_INT(page->limit),
                                     ARG_STR(filter->sort)};
    if (store_run(tx, filter->sort.p ? SQL_INBOX_RANKED : SQL_INBOX_LIST, args, ARRAY_LEN(args) - !filter->sort.p,
                  &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_inbox_item *items = arena_array(arena, (size_t)n, sizeof *items);
    for (int i = 0; i < n; i++)
        items[i] = item_read(rows, i, arena);
    *ret_items = (struct json_list){items, (size_t)n};
    return 0;
}

int store_inbox_lanes(struct store_tx *tx, const struct store_inbox_filter *filter, struct arena *arena,
                      struct json_list *ret_lanes, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_INBOX_LANES,
                  ARGS(ARG_ID(filter->user), ARG_ID(filter->viewer), ARG_ID(&filter->list), ARG_ID(&filter->owner),
                       ARG_ID(&filter->assignee), ARG_ID(&filter->connection), ARG_INT(filter->days),
                       ARG_STR(filter->reason), ARG_ID(&filter->fair)),
                  &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_inbox_lane *lanes = arena_array(arena, (size_t)n, sizeof *lanes);
    for (int i = 0; i < n; i++)
        lanes[i] = (struct store_inbox_lane){store_row_str(rows, i, 0, arena), store_row_int(rows, i, 1)};
    *ret_lanes = (struct json_list){lanes, (size_t)n};
    return 0;
}

int store_inbox_get(struct store_tx *tx, const struct id *contact, struct arena *arena,
                    struct store_inbox_item *ret_item, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_INBOX_GET, ARGS(ARG_ID(contact)), &rows, err) < 0)
        return -1;
    *ret_item = item_read(rows, 0, arena);
    return 0;
}

int store_inbox_put(struct store_tx *tx, const struct store_inbox_item *item, struct err *err)
{
    return store_run(tx, SQL_INBOX_PUT,
                     ARGS(ARG_ID(&item->contact), ARG_STR(item->postponed_until), ARG_ID(&item->assignee)), NULL, err);
}

int store_inbox_look(struct store_tx *tx, const struct id *contact, const struct id *user, bool here, struct err *err)
{
    return store_run(tx, here ? SQL_INBOX_LOOK : SQL_INBOX_LEAVE, ARGS(ARG_ID(contact), ARG_ID(user)), NULL, err);
}

int store_inbox_lookers(struct store_tx *tx, const struct id *contact, const struct id *user, struct arena *arena,
                        struct json_list *ret_users, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_INBOX_LOOKERS, ARGS(ARG_ID(contact), ARG_ID(user)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct id *users = arena_array(arena, (size_t)n, sizeof *users);
    for (int i = 0; i < n; i++)
        users[i] = store_row_id(rows, i, 0);
    *ret_users = (struct json_list){users, (size_t)n};
    return 0;
}

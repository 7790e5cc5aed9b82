/* See batch.h. */
#include "store/crm/batch.h"

#include "store/core/tx.h"

int store_batch_choose(struct store_tx *tx, const struct store_batch_choose *choose, struct arena *arena,
                       struct json_list *ret_items, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_BATCH_CHOOSE, ARGS(ARG_ID(&choose->connection), ARG_ID(choose->user), ARG_INT(choose->most)),
                  &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_batch_item *items = arena_array(arena, (size_t)n, sizeof *items);
    for (int i = 0; i < n; i++) {
        items[i].contact = store_row_id(rows, i, 0);
        items[i].record = store_row_id(rows, i, 1);
    }
    *ret_items = (struct json_list){items, (size_t)n};
    return 0;
}

static int items_add(struct store_tx *tx, const struct id *batch, const struct store_batch_item *items, size_t n,
                     struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    struct id *contacts = arena_array(arena, n, sizeof *contacts), *records = arena_array(arena, n, sizeof *records);
    struct id *sample = arena_array(arena, n, sizeof *sample);
    int64_t *versions = arena_array(arena, n, sizeof *versions);
    struct str *fields = arena_array(arena, n, sizeof *fields);
    size_t sampled = 0;
    for (size_t i = 0; i < n; i++) {
        contacts[i] = items[i].contact;
        records[i] = items[i].record;
        versions[i] = items[i].contact_version;
        fields[i] = items[i].fields;
        if (items[i].sampled)
            sample[sampled++] = items[i].contact;
    }
    return store_run(tx, SQL_BATCH_ITEMS_ADD,
                     ARGS(ARG_ID(batch), ARG_IDS(contacts, n), ARG_INTS(versions, n), ARG_IDS(records, n),
                          ARG_TEXTS(fields, n), ARG_IDS(sample, sampled)),
                     NULL, err);
}

int store_batch_add(struct store_tx *tx, const struct store_batch *batch, const struct store_batch_item *items,
                    size_t n, struct id *ret_id, struct err *err)
{
    struct id id = id_new();
    if (store_run_one(tx, SQL_BATCH_ADD, ARGS(ARG_ID(&id), ARG_ID(&batch->connection), ARG_ID(&batch->user)), NULL,
                      err) < 0 ||
        items_add(tx, &id, items, n, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

/* Which are asked for; empty ids = any. */
struct which {
    struct id id, user;
    struct store_page page;
};

static int batches_read(struct store_tx *tx, const struct which *which, struct arena *arena,
                        struct json_list *ret_batches, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(
            tx, SQL_BATCH_LIST,
            ARGS(ARG_ID(&which->id), ARG_ID(&which->user), ARG_ID(&which->page.before), ARG_INT(which->page.limit)),
            &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_batch *items = arena_array(arena, (size_t)n, sizeof *items);
    for (int i = 0; i < n; i++)
        items[i] = (struct store_batch){.id = store_row_id(rows, i, 0),
                                        .connection = store_row_id(rows, i, 1),
                                        .user = store_row_id(rows, i, 2),
                                        .state = store_row_str(rows, i, 3, arena),
                                        .problem = store_row_str(rows, i, 4, arena),
                                        .created_at = store_row_int(rows, i, 5),
                                        .version = store_row_int(rows, i, 6),
                                        .total = store_row_int(rows, i, 7),
                                        .sampled = store_row_int(rows, i, 8),
                                        .yes = store_row_int(rows, i, 9),
                                        .open = store_row_int(rows, i, 10),
                                        .left = store_row_int(rows, i, 11),
                                        .under_way = store_row_int(rows, i, 12),
                                        .written = store_row_int(rows, i, 13),
                                        .failed = store_row_int(rows, i, 14),
                                        .undone = store_row_int(rows, i, 15)};
    *ret_batches = (struct json_list){items, (size_t)n};
    return 0;
}

int store_batch_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_batch *ret_batch,
                    struct err *err)
{
    const struct which which = {.id = *id, .page = {.limit = 1}};
    struct json_list found;
    if (batches_read(tx, &which, arena, &found, err) < 0)
        return -1;
    if (found.n == 0)
        return err_set(err, ERR_NOT_FOUND, "batch");
    *ret_batch = *(const struct store_batch *)found.items;
    return 0;
}

int store_batch_list(struct store_tx *tx, const struct id *user, const struct store_page *page, struct arena *arena,
                     struct json_list *ret_batches, struct err *err)
{
    const struct which which = {.user = user ? *user : (struct id){""}, .page = *page};
    return batches_read(tx, &which, arena, ret_batches, err);
}

int store_batch_changes(struct store_tx *tx, const struct id *id, struct arena *arena, struct json_list *ret_changes,
                        struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_BATCH_CHANGES, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_batch_change *changes = arena_array(arena, (size_t)n, sizeof *changes);
    for (int i = 0; i < n; i++)
        changes[i] = (struct store_batch_change){store_row_str(rows, i, 0, arena), store_row_int(rows, i, 1)};
    *ret_changes = (struct json_list){changes, (size_t)n};
    return 0;
}

int store_batch_items(struct store_tx *tx, const struct store_batch_filter *filter, const struct store_page *page,
                      struct arena *arena, struct json_list *ret_items, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_BATCH_ITEMS,
                  ARGS(ARG_ID(&filter->batch), ARG_BOOL(filter->sampled), ARG_STR(filter->state), ARG_ID(&page->before),
                       ARG_INT(page->limit)),
                  &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_batch_item *items = arena_array(arena, (size_t)n, sizeof *items);
    for (int i = 0; i < n; i++)
        items[i] = (struct store_batch_item){.contact = store_row_id(rows, i, 0),
                                             .contact_version = store_row_int(rows, i, 1),
                                             .record = store_row_id(rows, i, 2),
                                             .fields = store_row_str(rows, i, 3, arena),
                                             .sampled = store_row_bool(rows, i, 4),
                                             .judged = store_row_str(rows, i, 5, arena),
                                             .state = store_row_str(rows, i, 6, arena),
                                             .problem = store_row_str(rows, i, 7, arena),
                                             .write_back = store_row_id(rows, i, 8)};
    *ret_items = (struct json_list){items, (size_t)n};
    return 0;
}

int store_batch_undoable(struct store_tx *tx, const struct id *id, int most, struct arena *arena,
                         struct json_list *ret_items, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_BATCH_UNDOABLE, ARGS(ARG_ID(id), ARG_INT(most)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_batch_item *items = arena_array(arena, (size_t)n, sizeof *items);
    for (int i = 0; i < n; i++) {
        items[i].contact = store_row_id(rows, i, 0);
        items[i].write_back = store_row_id(rows, i, 1);
    }
    *ret_items = (struct json_list){items, (size_t)n};
    return 0;
}

/* Nothing was touched: it is not in the state that it has to be in. */
static int in_state(int result, struct err *err)
{
    return result < 0 && err->code == ERR_NOT_FOUND ? err_set(err, ERR_CONFLICT, "batch") : result;
}

int store_batch_lock(struct store_tx *tx, const struct id *id, const char *state, struct err *err)
{
    return in_state(store_run_one(tx, SQL_BATCH_LOCK, ARGS(ARG_ID(id), ARG_C(state)), NULL, err), err);
}

int store_batch_judge(struct store_tx *tx, const struct id *id, const struct id *contact, bool right, struct err *err)
{
    return store_run_one(tx, SQL_BATCH_JUDGE, ARGS(ARG_ID(id), ARG_ID(contact), ARG_C(right ? "yes" : "no")), NULL,
                         err);
}

int store_batch_step(struct store_tx *tx, const struct store_batch_step *step, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(
            tx, SQL_BATCH_STEP,
            ARGS(ARG_ID(&step->id), ARG_C(step->from), ARG_C(step->to), ARG_STR(step->problem), ARG_INT(step->version)),
            NULL, err) == 0)
        return 0;
    if (err->code != ERR_NOT_FOUND || store_run_one(tx, SQL_BATCH_VERSION, ARGS(ARG_ID(&step->id)), &rows, err) < 0)
        return -1;
    bool stale = step->version != 0 && store_row_int(rows, 0, 0) != step->version;
    return err_set(err, stale ? ERR_STALE : ERR_CONFLICT, "batch");
}

int store_batch_handed(struct store_tx *tx, const struct id *id, const struct id *contact, const struct id *write_back,
                       struct err *err)
{
    return in_state(
        store_run_one(tx, SQL_BATCH_ITEM_HANDED, ARGS(ARG_ID(id), ARG_ID(contact), ARG_ID(write_back)), NULL, err),
        err);
}

int store_batch_problem(struct store_tx *tx, const struct id *id, const struct id *contact, struct str problem,
                        struct err *err)
{
    return store_run(tx, SQL_BATCH_ITEM_PROBLEM, ARGS(ARG_ID(id), ARG_ID(contact), ARG_STR(problem)), NULL, err);
}

int store_batch_leave(struct store_tx *tx, const struct id *id, struct err *err)
{
    return store_run(tx, SQL_BATCH_LEAVE, ARGS(ARG_ID(id)), NULL, err);
}

/* See write_back.h. */
#include "store/write_back.h"

#include "base/limits.h"
#include "store/core/tx.h"

/* A sealed value of a write-back: where it is in the struct, and in the rows. */
struct part {
    const char *column;
    int number;
    struct str *value;
};

int store_preview_add(struct store_tx *tx, const struct store_preview *preview, int64_t life_ms, struct id *ret_id,
                      struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct id id = id_new();
    struct str plan;
    if (store_seal(tx, (struct store_place){"previews.plan", &id}, preview->plan, arena, &plan, err) < 0 ||
        store_run(tx, SQL_PREVIEW_ADD,
                  ARGS(ARG_ID(&id), ARG_ID(&preview->contact), ARG_INT(preview->contact_version),
                       ARG_ID(&preview->connection), ARG_ID(&preview->record), ARG_ID(&preview->user),
                       ARG_STR(preview->action), ARG_STR(plan), ARG_INT(life_ms)),
                  NULL, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

int store_preview_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_preview *ret_preview,
                      struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_PREVIEW_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    struct store_preview preview = {
        .id = store_row_id(rows, 0, 0),
        .contact = store_row_id(rows, 0, 1),
        .connection = store_row_id(rows, 0, 2),
        .record = store_row_id(rows, 0, 3),
        .user = store_row_id(rows, 0, 4),
        .contact_version = store_row_int(rows, 0, 5),
        .action = store_row_str(rows, 0, 6, arena),
        .created_at = store_row_int(rows, 0, 8),
        .expires_at = store_row_int(rows, 0, 9),
    };
    if (store_unseal(tx, (struct store_place){"previews.plan", &preview.id}, store_row_view(rows, 0, 7), arena,
                     &preview.plan, err) < 0)
        return -1;
    *ret_preview = preview;
    return 0;
}

int store_preview_use(struct store_tx *tx, const struct id *id, struct err *err)
{
    return store_run_one(tx, SQL_PREVIEW_USE, ARGS(ARG_ID(id)), NULL, err);
}

int store_write_back_add(struct store_tx *tx, const struct store_write_back *write_back, struct id *ret_id,
                         struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    const struct store_write_back *w = write_back;
    struct id id = id_new(), marker = id_new();
    struct str plan, remote_id, seen;
    if (store_seal(tx, (struct store_place){"write_backs.plan", &id}, w->plan, arena, &plan, err) < 0 ||
        store_seal(tx, (struct store_place){"write_backs.remote_id", &id}, w->remote_id, arena, &remote_id, err) < 0 ||
        store_seal(tx, (struct store_place){"write_backs.version_seen", &id}, w->version_seen, arena, &seen, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_CONNECTION_VERSION, ARGS(ARG_ID(&w->connection)), NULL, err) < 0 ||
        store_run(tx, SQL_WRITE_BACK_ADD,
                  ARGS(ARG_ID(&id), ARG_ID(&w->contact), ARG_INT(w->contact_version), ARG_ID(&w->connection),
                       ARG_ID(&w->record), ARG_ID(&w->user), ARG_STR(w->action), ARG_ID(&marker), ARG_STR(plan),
                       ARG_STR(remote_id), ARG_STR(seen), ARG_ID(&w->undo_of)),
                  &rows, err) < 0)
        return -1;
    if (store_rows_affected(rows) == 0)
        return err_set(err, ERR_CONFLICT, "another change of this contact is under way");
    *ret_id = id;
    return 0;
}

static int write_back_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                           struct store_write_back *ret_write_back, struct err *err)
{
    struct store_write_back w = {
        .id = store_row_id(rows, row, 0),
        .contact = store_row_id(rows, row, 1),
        .connection = store_row_id(rows, row, 2),
        .record = store_row_id(rows, row, 3),
        .user = store_row_id(rows, row, 4),
        .job = store_row_id(rows, row, 5),
        .action = store_row_str(rows, row, 6, arena),
        .state = store_row_str(rows, row, 7, arena),
        .attempt = store_row_int(rows, row, 8),
        .marker = store_row_id(rows, row, 9),
        .problem = store_row_str(rows, row, 15, arena),
        .undo_of = store_row_id(rows, row, 17),
        .due_at = store_row_int(rows, row, 18),
        .contact_version = store_row_int(rows, row, 19),
        .version = store_row_int(rows, row, 20),
        .created_at = store_row_int(rows, row, 21),
        .updated_at = store_row_int(rows, row, 22),
    };
    const struct part parts[] = {{"write_backs.plan", 10, &w.plan},
                                 {"write_backs.before", 11, &w.before},
                                 {"write_backs.remote_id", 12, &w.remote_id},
                                 {"write_backs.version_seen", 13, &w.version_seen},
                                 {"write_backs.version_after", 14, &w.version_after},
                                 {"write_backs.param", 16, &w.param}};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (store_unseal(tx, (struct store_place){parts[i].column, &w.id}, store_row_view(rows, row, parts[i].number),
                         arena, parts[i].value, err) < 0)
            return -1;
    *ret_write_back = w;
    return 0;
}

int store_write_back_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                         struct store_write_back *ret_write_back, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_WRITE_BACK_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return write_back_read(tx, rows, 0, arena, ret_write_back, err);
}

int store_write_back_list(struct store_tx *tx, const struct store_write_back_filter *filter,
                          const struct store_page *page, struct arena *arena, struct json_list *ret_write_backs,
                          struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_WRITE_BACK_LIST,
                  ARGS(ARG_ID(filter->user), ARG_ID(filter->contact), ARG_STR(filter->state), ARG_ID(&page->before),
                       ARG_INT(page->limit), ARG_ID(filter->record), ARG_ID(&filter->connection), ARG_ID(&filter->by),
                       ARG_INT(filter->days)),
                  &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_write_back *items = arena_array(arena, (size_t)n, sizeof *items);
    for (int i = 0; i < n; i++)
        if (write_back_read(tx, rows, i, arena, &items[i], err) < 0)
            return -1;
    *ret_write_backs = (struct json_list){items, (size_t)n};
    return 0;
}

int store_write_back_step(struct store_tx *tx, const struct store_step *step, int64_t *ret_attempt, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    const struct id *id = &step->id;
    struct str before = step->before, remote_id = step->remote_id, seen = step->version_seen,
               after = step->version_after, param = step->param;
    const struct part parts[] = {{"write_backs.before", 0, &before},
                                 {"write_backs.remote_id", 0, &remote_id},
                                 {"write_backs.version_seen", 0, &seen},
                                 {"write_backs.version_after", 0, &after},
                                 {"write_backs.param", 0, &param}};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (store_seal(tx, (struct store_place){parts[i].column, id}, *parts[i].value, arena, parts[i].value, err) < 0)
            return -1;
    if (store_run(tx, SQL_WRITE_BACK_STEP,
                  ARGS(ARG_ID(id), ARG_C(step->from), ARG_INT(step->attempt), ARG_C(step->to), ARG_INT(step->due_in_ms),
                       ARG_STR(before), ARG_STR(remote_id), ARG_STR(seen), ARG_STR(after), ARG_STR(step->problem),
                       ARG_STR(param)),
                  &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) == 0)
        return err_set(err, ERR_CONFLICT, "it is not in state %s, or another attempt is", step->from);
    *ret_attempt = store_row_int(rows, 0, 0);
    return 0;
}

int store_write_back_set_job(struct store_tx *tx, const struct id *id, const struct id *job, struct err *err)
{
    return store_run_one(tx, SQL_WRITE_BACK_SET_JOB, ARGS(ARG_ID(id), ARG_ID(job)), NULL, err);
}

int store_write_back_due(struct store *store, struct arena *arena, struct json_list *ret_due, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(store, SQL_GUARD_WRITE_BACK_DUE, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_due *due = arena_array(arena, (size_t)n, sizeof *due);
    for (int i = 0; i < n; i++)
        due[i] = (struct store_due){store_row_id(rows, i, 0), store_row_id(rows, i, 1)};
    *ret_due = (struct json_list){due, (size_t)n};
    return 0;
}

/* See list.h. */
#include "store/list.h"

#include "base/limits.h"
#include "store/core/tx.h"

static const char name_column[] = "lists.name";

int store_list_add(struct store_tx *tx, const struct id *owner, struct str name, struct id *ret_id, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct id id = id_new();
    struct str sealed;
    if (store_seal(tx, (struct store_place){name_column, &id}, name, arena, &sealed, err) < 0 ||
        store_run(tx, SQL_LIST_ADD, ARGS(ARG_ID(&id), ARG_ID(owner), ARG_STR(sealed)), NULL, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

/* Members of all `n` lists in one question; both come ordered by list. */
static int list_members_fill(struct store_tx *tx, struct store_list *lists, size_t n, struct arena *arena,
                             struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct id *ids = arena_array(arena, n, sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = lists[i].id;
    if (store_run(tx, SQL_LIST_MEMBERS_OF, ARGS(ARG_IDS(ids, n)), &rows, err) < 0)
        return -1;
    int count = store_rows_count(rows), row = 0;
    struct store_list_member *members = arena_array(arena, (size_t)count, sizeof *members);
    for (size_t i = 0; i < n; i++) {
        int first = row;
        for (; row < count; row++) {
            struct id list = store_row_id(rows, row, 0);
            if (!id_eq(&list, &lists[i].id))
                break;
            members[row] = (struct store_list_member){store_row_id(rows, row, 1), store_row_str(rows, row, 2, arena)};
        }
        lists[i].members = (struct json_list){members + first, (size_t)(row - first)};
    }
    return 0;
}

static int list_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                     struct store_list *ret_list, struct err *err)
{
    struct store_list list = {
        .id = store_row_id(rows, row, 0),
        .owner = store_row_id(rows, row, 1),
        .version = store_row_int(rows, row, 3),
        .created_at = store_row_int(rows, row, 4),
        .contacts = store_row_int(rows, row, 5),
    };
    if (store_unseal(tx, (struct store_place){name_column, &list.id}, store_row_view(rows, row, 2), arena, &list.name,
                     err) < 0)
        return -1;
    *ret_list = list;
    return 0;
}

int store_list_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_list *ret_list,
                   struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct store_list list;
    if (store_run_one(tx, SQL_LIST_GET, ARGS(ARG_ID(id)), &rows, err) < 0 ||
        list_read(tx, rows, 0, arena, &list, err) < 0 || list_members_fill(tx, &list, 1, arena, err) < 0)
        return -1;
    *ret_list = list;
    return 0;
}

int store_list_all(struct store_tx *tx, const struct id *user, struct arena *arena, struct json_list *ret_lists,
                   struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_LIST_ALL, ARGS(ARG_ID(user)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_list *lists = arena_array(arena, (size_t)n, sizeof *lists);
    for (int i = 0; i < n; i++)
        if (list_read(tx, rows, i, arena, &lists[i], err) < 0)
            return -1;
    if (list_members_fill(tx, lists, (size_t)n, arena, err) < 0)
        return -1;
    *ret_lists = (struct json_list){lists, (size_t)n};
    return 0;
}

int store_list_default(struct store_tx *tx, const struct id *user, struct str name, struct id *ret_id, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_LIST_OWNER_LOCK, ARGS(ARG_ID(user)), NULL, err) < 0 ||
        store_run(tx, SQL_LIST_DEFAULT, ARGS(ARG_ID(user)), &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) == 0)
        return store_list_add(tx, user, name, ret_id, err);
    *ret_id = store_row_id(rows, 0, 0);
    return 0;
}

int store_list_save(struct store_tx *tx, const struct store_list *list, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str sealed;
    if (store_seal(tx, (struct store_place){name_column, &list->id}, list->name, arena, &sealed, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_LIST_SAVE, ARGS(ARG_ID(&list->id), ARG_INT(list->version), ARG_STR(sealed)), NULL, err) <
        0)
        return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_LIST_VERSION, &list->id, err) : -1;
    if (store_run(tx, SQL_LIST_MEMBERS_DROP, ARGS(ARG_ID(&list->id)), NULL, err) < 0)
        return -1;
    for (size_t i = 0; i < list->members.n; i++) {
        const struct store_list_member *member = (const struct store_list_member *)list->members.items + i;
        if (store_run(tx, SQL_LIST_MEMBER_ADD, ARGS(ARG_ID(&list->id), ARG_ID(&member->user), ARG_STR(member->role)),
                      NULL, err) < 0)
            return -1;
    }
    return 0;
}

int store_list_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_LIST_USED, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    if (store_row_bool(rows, 0, 0))
        return err_set(err, ERR_CONFLICT, "the list is not empty");
    if (store_run_one(tx, SQL_LIST_DELETE, ARGS(ARG_ID(id), ARG_INT(version)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_LIST_VERSION, id, err) : -1;
    return 0;
}

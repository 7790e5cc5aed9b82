/* See mark.h. */
#include "store/keep/mark.h"

#include "store/core/tx.h"

static int mark_of(struct store_tx *tx, struct store_rows *rows, struct arena *arena, struct store_mark *ret_mark,
                   struct err *err)
{
    struct store_mark mark = {.id = store_row_id(rows, 0, 0),
                              .first_at = store_row_int(rows, 0, 1),
                              .first_program = store_row_str(rows, 0, 2, arena),
                              .until = store_row_int(rows, 0, 3),
                              .user = store_row_id(rows, 0, 5),
                              .put_off_at = store_row_int(rows, 0, 6),
                              .version = store_row_int(rows, 0, 7)};
    if (store_unseal(tx, (struct store_place){"warning_marks.reason", &mark.id}, store_row_view(rows, 0, 4), arena,
                     &mark.reason, err) < 0)
        return -1;
    *ret_mark = mark;
    return 0;
}

int store_mark_put(struct store_tx *tx, const struct store_warned *warned, struct arena *arena,
                   struct store_mark *ret_mark, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash;
    struct id id = id_new();
    if (store_index_hash(tx, "warning subject", warned->subject.p ? warned->subject : STR(""), &hash, err) < 0 ||
        store_run_one(tx, SQL_MARK_PUT,
                      ARGS(ARG_C(warned->kind), ARG_STR(crypto_hash_str(&hash)), ARG_ID(&id), ARG_STR(warned->program)),
                      &rows, err) < 0)
        return -1;
    return mark_of(tx, rows, arena, ret_mark, err);
}

int store_marks_keep(struct store_tx *tx, const struct id *ids, size_t n, struct err *err)
{
    return store_run(tx, SQL_MARK_KEEP, ARGS(ARG_IDS(ids, n)), NULL, err);
}

int store_mark_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_mark *ret_mark,
                   struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_MARK_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return mark_of(tx, rows, arena, ret_mark, err);
}

int store_mark_put_off(struct store_tx *tx, const struct store_mark *mark, struct err *err)
{
    struct str sealed = STR_NONE;
    bool off = mark->until != 0;
    if (off && store_seal(tx, (struct store_place){"warning_marks.reason", &mark->id}, mark->reason, tx->arena, &sealed,
                          err) < 0)
        return -1;
    int r = off ? store_run_one(tx, SQL_MARK_PUT_OFF,
                                ARGS(ARG_ID(&mark->id), ARG_INT(mark->version), ARG_INT(mark->until), ARG_STR(sealed),
                                     ARG_ID(&mark->user)),
                                NULL, err)
                : store_run_one(tx, SQL_MARK_RESUME, ARGS(ARG_ID(&mark->id), ARG_INT(mark->version)), NULL, err);
    if (r < 0 && err->code == ERR_NOT_FOUND)
        return store_stale(tx, SQL_MARK_VERSION, &mark->id, err);
    return r;
}

/* See drill.h. */
#include "store/keep/drill.h"

#include "store/core/tx.h"

enum { DETAIL_MAX = 300 };

const char *const store_drill_words[] = {"backup", "restore", "canary", NULL};

int store_drill_note(struct store *store, const struct store_drill *drill, struct err *err)
{
    struct id id = id_new();
    if (str_word(drill->kind, store_drill_words) < 0 || drill->detail.n > DETAIL_MAX || !utf8_valid(drill->detail))
        return err_set(err, ERR_INVALID, "backup, restore or canary, with at most 300 bytes of detail");
    return store_run_guard(store, SQL_DRILL_NOTE,
                           ARGS(ARG_ID(&id), ARG_STR(drill->kind), ARG_BOOL(drill->passed), ARG_STR(drill->program),
                                ARG_STR(drill->detail.p ? drill->detail : STR(""))),
                           NULL, err);
}

int store_drill_last(struct store *store, const char *kind, struct arena *arena, struct store_drill *ret_drill,
                     bool *ret_found, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(store, SQL_DRILL_LAST, ARGS(ARG_STR(str_c(kind))), &rows, err) < 0)
        return -1;
    *ret_found = store_rows_count(rows) > 0;
    if (*ret_found)
        *ret_drill = (struct store_drill){.kind = str_c(kind),
                                          .at = store_row_int(rows, 0, 0),
                                          .passed = store_row_bool(rows, 0, 1),
                                          .program = store_row_str(rows, 0, 2, arena),
                                          .detail = store_row_str(rows, 0, 3, arena)};
    return 0;
}

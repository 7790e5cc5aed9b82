/* See run.h. */
#include "store/match/run.h"

enum { PAGES_AT_ONCE = 4096, PAGE_BYTES = 8192 /* more than STORE_PAGE_SINGLE postings take */ };

int64_t store_subject_number(enum store_subject kind)
{
    return kind == STORE_CONTACT ? 1 : 2;
}

/* Up to PAGES_AT_ONCE pages in one statement; *ret_taken postings are on them. */
static int pages_add(struct store_tx *tx, int64_t run, const struct store_posting *sorted, size_t n, size_t *ret_taken,
                     struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)PAGES_AT_ONCE * PAGE_BYTES * 2);
    int64_t *keys = arena_array(arena, PAGES_AT_ONCE, sizeof *keys);
    int64_t *numbers = arena_array(arena, PAGES_AT_ONCE, sizeof *numbers);
    struct str *bodies = arena_array(arena, PAGES_AT_ONCE, sizeof *bodies);
    size_t pages = 0, taken = 0;
    for (; taken < n && pages < PAGES_AT_ONCE; pages++) {
        size_t take = store_page_take(sorted + taken, n - taken);
        bodies[pages] = store_page_pack(sorted + taken, take, arena);
        taken += take;
        keys[pages] = sorted[taken - 1].key;
        numbers[pages] = sorted[taken - 1].number;
    }
    *ret_taken = taken;
    return store_run(tx, SQL_MATCH_PAGE_ADD,
                     ARGS(ARG_INT(run), ARG_INTS(keys, pages), ARG_INTS(numbers, pages), ARG_BYTES(bodies, pages)),
                     NULL, err);
}

int store_run_append(struct store_tx *tx, int64_t run, const struct store_posting *sorted, size_t n, struct err *err)
{
    for (size_t at = 0, taken; at < n; at += taken)
        if (pages_add(tx, run, sorted + at, n - at, &taken, err) < 0)
            return -1;
    return 0;
}

int store_run_new(struct store_tx *tx, enum store_subject kind, const struct store_posting *sorted, size_t n,
                  int64_t *ret_run, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_MATCH_RUN_ADD, ARGS(ARG_INT(store_subject_number(kind)), ARG_INT((int64_t)n)), &rows,
                      err) < 0)
        return -1;
    *ret_run = store_row_int(rows, 0, 0);
    return store_run_append(tx, *ret_run, sorted, n, err);
}

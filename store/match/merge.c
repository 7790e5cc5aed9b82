/* See merge.h. */
#include "store/match/merge.h"

#include "base/limits.h"
#include "store/match/live.h"
#include "store/match/run.h"

#include <stdlib.h>

enum {
    FRESH_MOST = 256 * 1024, /* postings that become a run in one step */
    LIKE_SIZE = 8,           /* the smaller runs join one that is at most so many times as large as they are together */
};

struct store_tending {
    struct store *store;
    struct id org;
    int pages;
    struct store_live live; /* as read for the merge into `live_of` */
    int64_t live_of;        /* 0 = not yet */
};

struct store_tending *store_tending_new(struct store *store, const struct id *org, int pages)
{
    struct store_tending *tending = calloc(1, sizeof *tending);
    if (!tending)
        abort();
    *tending = (struct store_tending){.store = store, .org = *org, .pages = pages};
    return tending;
}

void store_tending_freep(struct store_tending **tending)
{
    if (!*tending)
        return;
    store_live_clear(&(*tending)->live);
    free(*tending);
    *tending = NULL;
}

static int run_of(struct store_tx *tx, enum store_subject kind, struct store_posting *postings, size_t n,
                  struct err *err)
{
    int64_t run;
    n = store_postings_sort(postings, n);
    return n ? store_run_new(tx, kind, postings, n, &run, err) : 0;
}

/* ---- Fresh postings ---- */

static int fresh_enough(struct store_tx *tx, int64_t kind, bool *ret_enough, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_MATCH_FRESH_MANY, ARGS(ARG_INT(kind), ARG_INT(STORE_RUN_LEAST)), &rows, err) < 0)
        return -1;
    *ret_enough = store_row_int(rows, 0, 0) >= STORE_RUN_LEAST;
    return 0;
}

static int fresh_flush(struct store_tx *tx, enum store_subject kind, bool *ret_did, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)FRESH_MOST * 64);
    int64_t number = store_subject_number(kind);
    if (fresh_enough(tx, number, ret_did, err) < 0)
        return -1;
    if (!*ret_did)
        return 0;
    if (store_run(tx, SQL_MATCH_FRESH_TAKE, ARGS(ARG_INT(number), ARG_INT(FRESH_MOST)), &rows, err) < 0)
        return -1;
    size_t n = (size_t)store_rows_count(rows);
    struct store_posting *postings = arena_array(arena, n, sizeof *postings);
    for (size_t i = 0; i < n; i++)
        postings[i] = (struct store_posting){store_row_int(rows, (int)i, 0), store_row_int(rows, (int)i, 1)};
    if (store_live_among(tx, postings, &n, err) < 0)
        return -1;
    return run_of(tx, kind, postings, n, err);
}

/* ---- Which runs are merged ---- */

struct run {
    int64_t run, size, into; /* into: 0 = it is not being emptied */
    bool target;             /* others are being emptied into it */
};

struct group {
    int64_t *runs; /* the largest first */
    size_t n;
    int64_t size, into; /* into: 0 = not begun */
    bool whole;         /* there are no other runs: what is dead here is dead everywhere */
};

/* All runs of a kind, the largest first. */
static int runs_read(struct store_tx *tx, int64_t kind, struct arena *arena, struct json_list *ret_runs,
                     struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_MATCH_RUN_LIST, ARGS(ARG_INT(kind)), &rows, err) < 0)
        return -1;
    size_t n = (size_t)store_rows_count(rows);
    struct run *runs = arena_array(arena, n, sizeof *runs);
    for (size_t i = 0; i < n; i++)
        runs[i] = (struct run){.run = store_row_int(rows, (int)i, 0),
                               .size = store_row_int(rows, (int)i, 1),
                               .into = store_row_int(rows, (int)i, 2),
                               .target = store_row_bool(rows, (int)i, 3)};
    *ret_runs = (struct json_list){runs, n};
    return 0;
}

static bool idle(const struct run *run)
{
    return run->into == 0 && !run->target;
}

static void group_add(struct group *group, const struct run *run)
{
    group->runs[group->n++] = run->run;
    group->size += run->size;
}

/* Of those that nothing happens to: the largest whose smaller ones together are not much smaller, and all of these. */
static struct group group_choose(const struct json_list *all, struct arena *arena)
{
    const struct run *runs = all->items;
    struct group group = {.runs = arena_array(arena, all->n, sizeof(int64_t))};
    int64_t smaller = 0;
    size_t first = all->n;
    for (size_t i = all->n; i-- > 0;) {
        if (!idle(&runs[i]))
            continue;
        if (smaller > 0 && smaller * LIKE_SIZE >= runs[i].size)
            first = i;
        smaller += runs[i].size;
    }
    for (size_t i = first; i < all->n; i++)
        if (idle(&runs[i]))
            group_add(&group, &runs[i]);
    group.whole = group.n == all->n;
    return group;
}

/* The merge that goes into a run. */
static struct group group_of(const struct json_list *all, int64_t into, struct arena *arena)
{
    const struct run *runs = all->items;
    struct group group = {.runs = arena_array(arena, all->n, sizeof(int64_t)), .into = into};
    for (size_t i = 0; i < all->n; i++)
        if (runs[i].into == into)
            group_add(&group, &runs[i]);
    group.whole = group.n + 1 == all->n;
    return group;
}

/* The smallest merge there is to do goes first: a large one may not let the small runs grow many. */
static struct group group_next(const struct json_list *all, struct arena *arena)
{
    const struct run *runs = all->items;
    struct group next = group_choose(all, arena);
    for (size_t i = 0; i < all->n; i++) {
        if (!runs[i].target)
            continue;
        struct group begun = group_of(all, runs[i].run, arena);
        if (next.n == 0 || begun.size < next.size)
            next = begun;
    }
    return next;
}

static int group_begin(struct store_tx *tx, enum store_subject kind, struct group *group, struct err *err)
{
    if (store_run_new(tx, kind, NULL, 0, &group->into, err) < 0)
        return -1;
    return store_run(tx, SQL_MATCH_RUN_EMPTY, ARGS(ARG_INTS(group->runs, group->n), ARG_INT(group->into)), NULL, err);
}

/* ---- A range of keys moves ---- */

/* Up to which key this step goes: so many pages of the largest run; INT64_MAX when there are not so many. */
static int border_find(struct store_tx *tx, int64_t run, int pages, int64_t *ret_border, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_MATCH_PAGE_BORDER, ARGS(ARG_INT(run), ARG_INT(pages)), &rows, err) < 0)
        return -1;
    *ret_border = store_rows_count(rows) ? store_row_int(rows, 0, 0) : INT64_MAX;
    return 0;
}

static int pages_take(struct store_tx *tx, const struct group *group, int64_t border, struct store_postings *moving,
                      struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_MATCH_PAGE_TAKE, ARGS(ARG_INTS(group->runs, group->n), ARG_INT(border)), &rows, err) < 0)
        return -1;
    for (int i = 0; i < store_rows_count(rows); i++)
        if (store_postings_add_page(moving, store_row_view(rows, i, 0), err) < 0)
            return -1;
    return 0;
}

/* A page that lies across the border keeps what is behind it. */
static int page_cut(struct store_tx *tx, const struct store_rows *rows, int row, int64_t border,
                    struct store_postings *moving, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    size_t at = moving->n, before = 0;
    if (store_postings_add_page(moving, store_row_view(rows, row, 3), err) < 0)
        return -1;
    const struct store_posting *page = moving->items + at;
    size_t n = moving->n - at;
    while (before < n && page[before].key <= border)
        before++;
    moving->n -= n - before;
    if (before == 0)
        return 0;
    return store_run_one(tx, SQL_MATCH_PAGE_KEEP,
                         ARGS(ARG_INT(store_row_int(rows, row, 0)), ARG_INT(store_row_int(rows, row, 1)),
                              ARG_INT(store_row_int(rows, row, 2)),
                              ARG_STR(store_page_pack(page + before, n - before, arena))),
                         NULL, err);
}

static int pages_cut(struct store_tx *tx, const struct group *group, int64_t border, struct store_postings *moving,
                     struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (border == INT64_MAX)
        return 0;
    if (store_run(tx, SQL_MATCH_PAGE_CUT, ARGS(ARG_INTS(group->runs, group->n), ARG_INT(border)), &rows, err) < 0)
        return -1;
    for (int i = 0; i < store_rows_count(rows); i++)
        if (page_cut(tx, rows, i, border, moving, err) < 0)
            return -1;
    return 0;
}

/* What no subject stands for any more: all subjects are read once for a merge. */
static int dead_drop(struct store_tending *tending, struct store_tx *tx, const struct group *group,
                     struct store_postings *moving, struct err *err)
{
    if (!group->whole)
        return 0;
    if (tending->live_of != group->into) {
        tending->live_of = 0;
        if (store_live_read(tx, &tending->live, err) < 0)
            return -1;
        tending->live_of = group->into;
    }
    store_live_keep(&tending->live, moving->items, &moving->n);
    return 0;
}

static int group_step(struct store_tending *tending, struct store_tx *tx, const struct group *group, struct err *err)
{
    _cleanup_(store_postings_free) struct store_postings moving = {.n = 0};
    int64_t border;
    if (border_find(tx, group->runs[0], tending->pages, &border, err) < 0 ||
        pages_take(tx, group, border, &moving, err) < 0 || pages_cut(tx, group, border, &moving, err) < 0 ||
        dead_drop(tending, tx, group, &moving, err) < 0)
        return -1;
    moving.n = store_postings_sort(moving.items, moving.n);
    if (store_run_append(tx, group->into, moving.items, moving.n, err) < 0 ||
        store_run(tx, SQL_MATCH_RUN_GROW, ARGS(ARG_INT(group->into), ARG_INT((int64_t)moving.n)), NULL, err) < 0)
        return -1;
    return border < INT64_MAX ? 0 : store_run(tx, SQL_MATCH_RUN_DROP, ARGS(ARG_INTS(group->runs, group->n)), NULL, err);
}

static int runs_merge(struct store_tending *tending, struct store_tx *tx, enum store_subject kind, bool *ret_did,
                      struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct json_list all;
    if (runs_read(tx, store_subject_number(kind), arena, &all, err) < 0)
        return -1;
    struct group group = group_next(&all, arena);
    *ret_did = group.n > 0;
    if (group.n == 0)
        return 0;
    if (group.into == 0 && group_begin(tx, kind, &group, err) < 0)
        return -1;
    return group_step(tending, tx, &group, err);
}

int store_tend(struct store_tending *tending, bool *ret_more, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    bool did = false;
    if (store_begin(tending->store, &tending->org, &tx, err) < 0 ||
        store_run(tx, SQL_MATCH_RUN_LOCK, ARGS_NONE, &rows, err) < 0)
        return -1;
    *ret_more = false;
    if (!store_row_bool(rows, 0, 0))
        return 0;
    for (enum store_subject kind = STORE_CONTACT; !did && kind <= STORE_RECORD; kind++) {
        if (fresh_flush(tx, kind, &did, err) < 0 || (!did && runs_merge(tending, tx, kind, &did, err) < 0))
            return -1;
    }
    *ret_more = did;
    return store_commit(&tx, err);
}

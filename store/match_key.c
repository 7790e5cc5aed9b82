/* See match_key.h. */
#include "store/match_key.h"

#include "base/limits.h"
#include "store/core/tx.h"

#include <stdlib.h>

/* How the table names what a key belongs to. */
static int64_t kind_number(enum store_subject kind)
{
    return kind == STORE_CONTACT ? 1 : 2;
}

static int by_number(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Copies the keys of a set, sorted and without repeats: equal sets are equal arrays. Returns how many. */
static size_t keys_copy(const struct store_match_set *set, int64_t *to)
{
    size_t n = 0;
    if (set->n > 0)
        memcpy(to, set->keys, set->n * sizeof *to);
    qsort(to, set->n, sizeof *to, by_number);
    for (size_t i = 0; i < set->n; i++)
        if (i == 0 || to[i] != to[n - 1])
            to[n++] = to[i];
    return n;
}

/* The sets as one list of keys and, for each, where its keys begin and end, counted from 1. */
struct laid_out {
    struct id *ids, *bare; /* with keys; without any */
    int64_t *keys, *first, *last;
    size_t n, bare_n, keys_n;
};

static struct laid_out sets_lay_out(const struct store_match_set *sets, size_t n, struct arena *arena)
{
    size_t most = 0;
    for (size_t i = 0; i < n; i++)
        most += sets[i].n;
    struct laid_out out = {.ids = arena_array(arena, n, sizeof *out.ids),
                           .bare = arena_array(arena, n, sizeof *out.bare),
                           .keys = arena_array(arena, most, sizeof *out.keys),
                           .first = arena_array(arena, n, sizeof *out.first),
                           .last = arena_array(arena, n, sizeof *out.last)};
    for (size_t i = 0; i < n; i++) {
        if (sets[i].n == 0) {
            out.bare[out.bare_n++] = sets[i].id;
            continue;
        }
        out.ids[out.n] = sets[i].id;
        out.first[out.n] = (int64_t)out.keys_n + 1;
        out.keys_n += keys_copy(&sets[i], out.keys + out.keys_n);
        out.last[out.n++] = (int64_t)out.keys_n;
    }
    return out;
}

int store_match_sets_put(struct store_tx *tx, enum store_subject kind, const struct store_match_set *sets, size_t n,
                         struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct laid_out out = sets_lay_out(sets, n, arena);
    int64_t number = kind_number(kind);
    if (out.bare_n > 0 &&
        store_run(tx, SQL_MATCH_SET_DROP, ARGS(ARG_INT(number), ARG_IDS(out.bare, out.bare_n)), NULL, err) < 0)
        return -1;
    if (out.n == 0)
        return 0;
    return store_run(tx, SQL_MATCH_SET_PUT,
                     ARGS(ARG_INT(number), ARG_IDS(out.ids, out.n), ARG_INTS(out.keys, out.keys_n),
                          ARG_INTS(out.first, out.n), ARG_INTS(out.last, out.n)),
                     NULL, err);
}

int store_match_keys_set(struct store_tx *tx, enum store_subject kind, const struct id *id, const int64_t *keys,
                         size_t n, struct err *err)
{
    struct store_match_set set = {*id, keys, n};
    return store_match_sets_put(tx, kind, &set, 1, err);
}

int store_match_keys_meet(struct store_tx *tx, const struct store_meet *meet, struct arena *arena,
                          struct json_list *ret_meetings, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    enum store_sql sql = meet->kind == STORE_CONTACT ? SQL_MATCH_SET_MEET_CONTACTS : SQL_MATCH_SET_MEET_RECORDS;
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

int store_match_sets_meet(struct store_tx *tx, const struct store_meet_many *meet, struct arena *arena,
                          struct json_list *ret_ids, struct err *err)
{
    _cleanup_(arena_freep) struct arena *scratch = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct laid_out out = sets_lay_out(meet->sets, meet->n, scratch);
    *ret_ids = (struct json_list){NULL, 0};
    if (out.n == 0)
        return 0;
    if (store_run(tx, SQL_MATCH_SETS_MEET_CONTACTS,
                  ARGS(ARG_INTS(out.first, out.n), ARG_INTS(out.last, out.n), ARG_INTS(out.keys, out.keys_n),
                       ARG_INT(meet->cap), ARG_INT(meet->limit)),
                  &rows, err) < 0)
        return -1;
    int met = store_rows_count(rows);
    struct id *ids = arena_array(arena, (size_t)met, sizeof *ids);
    for (int i = 0; i < met; i++)
        ids[i] = store_row_id(rows, i, 0);
    *ret_ids = (struct json_list){ids, (size_t)met};
    return 0;
}

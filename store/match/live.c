/* See live.h. */
#include "store/match/live.h"

#include "base/limits.h"

#include <stdlib.h>

enum { AT_ONCE = 100 * 1000, BITS = 64 };

static void live_add(struct store_live *live, int64_t number)
{
    size_t word = (size_t)number / BITS;
    if (word >= live->words) {
        size_t words = word * 2 + 1;
        live->bits = realloc(live->bits, words * sizeof *live->bits);
        if (!live->bits)
            abort();
        memset(live->bits + live->words, 0, (words - live->words) * sizeof *live->bits);
        live->words = words;
    }
    live->bits[word] |= UINT64_C(1) << ((size_t)number % BITS);
}

static bool live_has(const struct store_live *live, int64_t number)
{
    size_t word = (size_t)number / BITS;
    return word < live->words && live->bits[word] >> ((size_t)number % BITS) & 1;
}

void store_live_clear(struct store_live *live)
{
    free(live->bits);
    *live = (struct store_live){0};
}

int store_live_read(struct store_tx *tx, struct store_live *live, struct err *err)
{
    int64_t last = 0;
    store_live_clear(live);
    for (int n = AT_ONCE; n == AT_ONCE;) {
        _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
        if (store_run(tx, SQL_MATCH_SUBJECT_AFTER, ARGS(ARG_INT(last), ARG_INT(AT_ONCE)), &rows, err) < 0)
            return -1;
        n = store_rows_count(rows);
        for (int i = 0; i < n; i++)
            live_add(live, last = store_row_int(rows, i, 0));
    }
    return 0;
}

void store_live_keep(const struct store_live *live, struct store_posting *postings, size_t *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (live_has(live, postings[i].number))
            postings[kept++] = postings[i];
    *n = kept;
}

int store_live_among(struct store_tx *tx, struct store_posting *postings, size_t *n, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    int64_t *numbers = arena_array(arena, *n, sizeof *numbers);
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        numbers[i] = postings[i].number;
    size_t once = store_numbers_settle(numbers, *n);
    if (store_run(tx, SQL_MATCH_SUBJECT_ALIVE, ARGS(ARG_INTS(numbers, once)), &rows, err) < 0)
        return -1;
    size_t alive = (size_t)store_rows_count(rows); /* in order */
    for (size_t i = 0; i < alive; i++)
        numbers[i] = store_row_int(rows, (int)i, 0);
    for (size_t i = 0; i < *n; i++)
        if (bsearch(&postings[i].number, numbers, alive, sizeof *numbers, store_number_order))
            postings[kept++] = postings[i];
    *n = kept;
    return 0;
}

/* Writing the match index: subjects, and postings of what has changed. See index.h; finding is look.c. */
#include "store/match/index.h"

#include "base/crypto.h"
#include "base/limits.h"
#include "store/job.h"
#include "store/match/run.h"

#include <stdlib.h>

enum {
    FRESH_ASKS = 256, /* every so manieth subject whose postings wait one by one asks for the index to be tended */
    BACKGROUND = 10,
    TEND_MS = 2000, /* so that a burst of changes is tended once */
};

/* A set as it is put: sorted keys without repeats, and what tells it from another. */
struct set {
    struct id id;
    const int64_t *keys;
    size_t n;
    int64_t digest;
};

static int by_number(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static int by_id(const void *a, const void *b)
{
    return memcmp(((const struct set *)a)->id.s, ((const struct set *)b)->id.s, sizeof((const struct set *)a)->id.s);
}

static struct set set_of(const struct store_match_set *from, struct arena *arena)
{
    int64_t *keys = arena_array(arena, from->n, sizeof *keys);
    struct set set = {.id = from->id, .keys = keys};
    for (size_t i = 0; i < from->n; i++)
        keys[i] = store_posting_key(from->keys[i]);
    qsort(keys, from->n, sizeof *keys, by_number);
    for (size_t i = 0; i < from->n; i++)
        if (i == 0 || keys[i] != keys[set.n - 1])
            keys[set.n++] = keys[i];
    struct crypto_hash hash = crypto_sha256((struct str){(const char *)keys, set.n * sizeof *keys});
    memcpy(&set.digest, hash.b, sizeof set.digest);
    return set;
}

/* Sets with keys, sorted by id; those without lose their number, and with it all postings. */
static int sets_take(struct store_tx *tx, enum store_subject kind, const struct store_match_set *from, size_t n,
                     struct arena *arena, struct set *ret_sets, size_t *ret_n, struct err *err)
{
    struct id *bare = arena_array(arena, n, sizeof *bare);
    size_t bare_n = 0, kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (from[i].n == 0)
            bare[bare_n++] = from[i].id;
        else
            ret_sets[kept++] = set_of(&from[i], arena);
    }
    qsort(ret_sets, kept, sizeof *ret_sets, by_id);
    *ret_n = kept;
    if (bare_n == 0)
        return 0;
    return store_run(tx, SQL_MATCH_SUBJECT_DROP, ARGS(ARG_INT(store_subject_number(kind)), ARG_IDS(bare, bare_n)), NULL,
                     err);
}

/* Numbers for the sets that are new or other than before, and their postings. */
static int postings_make(struct store_tx *tx, enum store_subject kind, const struct set *sets, size_t n,
                         struct arena *arena, struct json_list *ret_postings, bool *ret_ask, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct id *ids = arena_array(arena, n, sizeof *ids);
    int64_t *digests = arena_array(arena, n, sizeof *digests);
    size_t most = 0, made = 0;
    for (size_t i = 0; i < n; i++) {
        ids[i] = sets[i].id;
        digests[i] = sets[i].digest;
        most += sets[i].n;
    }
    if (store_run(tx, SQL_MATCH_SUBJECT_PUT,
                  ARGS(ARG_INT(store_subject_number(kind)), ARG_IDS(ids, n), ARG_INTS(digests, n)), &rows, err) < 0)
        return -1;
    struct store_posting *postings = arena_array(arena, most, sizeof *postings);
    for (int i = 0; i < store_rows_count(rows); i++) {
        struct set wanted = {.id = store_row_id(rows, i, 0)};
        const struct set *set = bsearch(&wanted, sets, n, sizeof *sets, by_id);
        int64_t number = store_row_int(rows, i, 1);
        *ret_ask = *ret_ask || number % FRESH_ASKS == 0;
        for (size_t k = 0; set && k < set->n; k++)
            postings[made++] = (struct store_posting){set->keys[k], number};
    }
    *ret_postings = (struct json_list){postings, made};
    return 0;
}

static int fresh_add(struct store_tx *tx, enum store_subject kind, const struct store_posting *postings, size_t n,
                     struct arena *arena, struct err *err)
{
    int64_t *keys = arena_array(arena, n, sizeof *keys), *numbers = arena_array(arena, n, sizeof *numbers);
    for (size_t i = 0; i < n; i++) {
        keys[i] = postings[i].key;
        numbers[i] = postings[i].number;
    }
    return store_run(tx, SQL_MATCH_FRESH_ADD,
                     ARGS(ARG_INT(store_subject_number(kind)), ARG_INTS(keys, n), ARG_INTS(numbers, n)), NULL, err);
}

static int tending_ask(struct store_tx *tx, struct err *err)
{
    struct store_job_spec spec = {
        .kind = STORE_INDEX_JOB, .subject = *store_tx_org(tx), .priority = BACKGROUND, .delay_ms = TEND_MS};
    struct id job;
    return store_job_add(tx, &spec, &job, err);
}

int store_match_sets_put(struct store_tx *tx, enum store_subject kind, const struct store_match_set *sets, size_t n,
                         struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct set *taken = arena_array(arena, n, sizeof *taken);
    struct json_list made;
    bool ask = false;
    size_t taken_n;
    int64_t run;
    if (sets_take(tx, kind, sets, n, arena, taken, &taken_n, err) < 0)
        return -1;
    if (taken_n == 0)
        return 0;
    if (postings_make(tx, kind, taken, taken_n, arena, &made, &ask, err) < 0)
        return -1;
    if (made.n >= STORE_RUN_LEAST) {
        struct store_posting *postings = made.items;
        if (store_run_new(tx, kind, postings, store_postings_sort(postings, made.n), &run, err) < 0)
            return -1;
        return tending_ask(tx, err);
    }
    if (made.n > 0 && fresh_add(tx, kind, made.items, made.n, arena, err) < 0)
        return -1;
    return ask ? tending_ask(tx, err) : 0;
}

int store_match_keys_set(struct store_tx *tx, enum store_subject kind, const struct id *id, const int64_t *keys,
                         size_t n, struct err *err)
{
    struct store_match_set set = {*id, keys, n};
    return store_match_sets_put(tx, kind, &set, 1, err);
}

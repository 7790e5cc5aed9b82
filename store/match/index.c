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
    set.n = store_numbers_settle(keys, from->n);
    struct crypto_hash hash = crypto_sha256((struct str){(const char *)keys, set.n * sizeof *keys});
    memcpy(&set.digest, hash.b, sizeof set.digest);
    return set;
}

/* What is being put. */
struct put {
    struct store_tx *tx;
    enum store_subject kind;
    struct arena *arena;
    struct set *sets; /* those with keys, sorted by id */
    size_t n;
    struct store_posting *postings; /* of the sets that are new or other than before */
    size_t postings_n;
    bool ask; /* for the index to be tended */
};

/* Sets with keys are taken; those without lose their number, and with it all postings. */
static int sets_take(struct put *put, const struct store_match_set *from, size_t n, struct err *err)
{
    struct id *bare = arena_array(put->arena, n, sizeof *bare);
    size_t bare_n = 0;
    put->sets = arena_array(put->arena, n, sizeof *put->sets);
    for (size_t i = 0; i < n; i++) {
        if (from[i].n == 0)
            bare[bare_n++] = from[i].id;
        else
            put->sets[put->n++] = set_of(&from[i], put->arena);
    }
    qsort(put->sets, put->n, sizeof *put->sets, by_id);
    if (bare_n == 0)
        return 0;
    return store_run(put->tx, SQL_MATCH_SUBJECT_DROP,
                     ARGS(ARG_INT(store_subject_number(put->kind)), ARG_IDS(bare, bare_n)), NULL, err);
}

/* The postings of a set that got a number. */
static void postings_add(struct put *put, const struct id *subject, int64_t number)
{
    const struct set wanted = {.id = *subject};
    const struct set *set = bsearch(&wanted, put->sets, put->n, sizeof *set, by_id);
    put->ask = put->ask || number % FRESH_ASKS == 0;
    for (size_t k = 0; set && k < set->n; k++)
        put->postings[put->postings_n++] = (struct store_posting){set->keys[k], number};
}

/* Numbers for the sets that are new or other than before. */
static int postings_make(struct put *put, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct id *ids = arena_array(put->arena, put->n, sizeof *ids);
    int64_t *digests = arena_array(put->arena, put->n, sizeof *digests);
    size_t most = 0;
    for (size_t i = 0; i < put->n; i++) {
        ids[i] = put->sets[i].id;
        digests[i] = put->sets[i].digest;
        most += put->sets[i].n;
    }
    if (store_run(put->tx, SQL_MATCH_SUBJECT_PUT,
                  ARGS(ARG_INT(store_subject_number(put->kind)), ARG_IDS(ids, put->n), ARG_INTS(digests, put->n)),
                  &rows, err) < 0)
        return -1;
    put->postings = arena_array(put->arena, most, sizeof *put->postings);
    for (int i = 0; i < store_rows_count(rows); i++) {
        struct id id = store_row_id(rows, i, 0);
        postings_add(put, &id, store_row_int(rows, i, 1));
    }
    return 0;
}

static int fresh_add(struct put *put, struct err *err)
{
    size_t n = put->postings_n;
    int64_t *keys = arena_array(put->arena, n, sizeof *keys), *numbers = arena_array(put->arena, n, sizeof *numbers);
    for (size_t i = 0; i < n; i++) {
        keys[i] = put->postings[i].key;
        numbers[i] = put->postings[i].number;
    }
    return store_run(put->tx, SQL_MATCH_FRESH_ADD,
                     ARGS(ARG_INT(store_subject_number(put->kind)), ARG_INTS(keys, n), ARG_INTS(numbers, n)), NULL,
                     err);
}

static int run_add(struct put *put, struct err *err)
{
    int64_t run;
    put->ask = true;
    put->postings_n = store_postings_sort(put->postings, put->postings_n);
    return store_run_new(put->tx, put->kind, put->postings, put->postings_n, &run, err);
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
    struct put put = {.tx = tx, .kind = kind, .arena = arena};
    if (sets_take(&put, sets, n, err) < 0 || (put.n > 0 && postings_make(&put, err) < 0))
        return -1;
    int r = put.postings_n == 0 ? 0 : put.postings_n >= STORE_RUN_LEAST ? run_add(&put, err) : fresh_add(&put, err);
    return r == 0 && put.ask ? tending_ask(tx, err) : r;
}

int store_match_keys_set(struct store_tx *tx, enum store_subject kind, const struct id *id, const int64_t *keys,
                         size_t n, struct err *err)
{
    struct store_match_set set = {*id, keys, n};
    return store_match_sets_put(tx, kind, &set, 1, err);
}

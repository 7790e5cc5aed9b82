/* Finding by the match index: who shares keys, who has them all. See index.h. */
#include "base/limits.h"
#include "store/match/run.h"

#include <math.h>
#include <stdlib.h>

enum {
    SPARE = 2, /* so many times as many subjects are resolved as are wanted: some have new keys, or lie in the bin */
    ALL = INT32_MAX,
    EVERY = -1,    /* key */
    PAGE_COST = 4, /* reading a page where it lies in the run costs less by so much than finding it by a key */
};

struct wanted {
    enum store_subject kind;
    const int64_t *keys; /* sorted */
    size_t n, most;      /* postings that are wanted of each key; whoever has more has too many */
};

/* Postings of the wanted keys. */
struct found {
    struct store_postings list;
    size_t *carriers; /* by key of the wanted: how many were found so far; in the arena */
    struct arena *arena;
};

static void found_end(struct found *found)
{
    store_postings_free(&found->list);
}

/* The place of a key among the wanted, or their number. */
static size_t key_place(const struct wanted *wanted, int64_t key)
{
    const int64_t *place = bsearch(&key, wanted->keys, wanted->n, sizeof key, store_number_order);
    return place ? (size_t)(place - wanted->keys) : wanted->n;
}

/* Of postings from `at` on those of a wanted key stay, of each as many as are wanted. `only`: the key for which the
 * page was found; another wanted one may lie on it, and finds it for itself. EVERY: of all pages each comes once. */
static void found_sift(struct found *found, const struct wanted *wanted, size_t at, int64_t only)
{
    size_t kept = at, place = wanted->n;
    int64_t last = -1;
    for (size_t k = at; k < found->list.n; k++) {
        int64_t key = found->list.items[k].key;
        if (only != EVERY && key != only)
            continue;
        if (key != last)
            place = key_place(wanted, last = key);
        if (place < wanted->n && found->carriers[place]++ < wanted->most)
            found->list.items[kept++] = found->list.items[k];
    }
    found->list.n = kept;
}

/* Keys with too many carriers say nothing, and take time. */
static void found_drop_common(struct found *found, const struct wanted *wanted)
{
    size_t kept = 0;
    for (size_t k = 0; k < found->list.n; k++)
        if (found->carriers[key_place(wanted, found->list.items[k].key)] < wanted->most)
            found->list.items[kept++] = found->list.items[k];
    found->list.n = kept;
}

/* Rows of (page, key, number): a page and for which key it was found, or one posting. */
static int found_rows(struct found *found, const struct store_rows *rows, const struct wanted *wanted, struct err *err)
{
    found->carriers = arena_array(found->arena, wanted->n, sizeof *found->carriers);
    for (int i = 0; i < store_rows_count(rows); i++) {
        struct str page = store_row_view(rows, i, 0);
        size_t at = found->list.n;
        if (page.p && store_postings_add_page(&found->list, page, err) < 0)
            return -1;
        if (!page.p)
            store_postings_add(&found->list,
                               (struct store_posting){store_row_int(rows, i, 1), store_row_int(rows, i, 2)});
        found_sift(found, wanted, at, store_row_int(rows, i, 1));
    }
    found_drop_common(found, wanted);
    return 0;
}

/* The parts of match keys that the index keeps, sorted, once each. */
static size_t keys_of(const int64_t *match_keys, size_t n, int64_t *ret_keys)
{
    for (size_t i = 0; i < n; i++)
        ret_keys[i] = store_posting_key(match_keys[i]);
    return store_numbers_settle(ret_keys, n);
}

/* Whether reading all pages of a kind is cheaper than finding the page of each key. */
static int all_is_less(struct store_tx *tx, int64_t kind, size_t keys, bool *ret_all, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    *ret_all = false;
    if (keys < LIMIT_PAGE)
        return 0;
    if (store_run(tx, SQL_MATCH_PAGE_COUNT, ARGS(ARG_INT(kind), ARG_INT(STORE_PAGE_MIXED)), &rows, err) < 0)
        return -1;
    *ret_all = store_row_int(rows, 0, 0) < PAGE_COST * (int64_t)keys;
    return 0;
}

/* Sorted postings of the keys. A key with more than a page has STORE_PAGE_SINGLE of them at least. */
static int look(struct store_tx *tx, const struct wanted *wanted, struct found *found, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    int64_t number = store_subject_number(wanted->kind);
    const int64_t *keys = wanted->keys;
    size_t n = wanted->n;
    bool all;
    if (all_is_less(tx, number, n, &all, err) < 0)
        return -1;
    int r = all ? store_run(tx, SQL_MATCH_PAGE_ALL, ARGS(ARG_INT(number)), &rows, err)
                : store_run(tx, SQL_MATCH_PAGE_FIND,
                            ARGS(ARG_INT(number), ARG_INTS(keys, n), ARG_INT((int64_t)wanted->most)), &rows, err);
    if (r < 0 || found_rows(found, rows, wanted, err) < 0)
        return -1;
    found->list.n = store_postings_sort(found->list.items, found->list.n);
    return 0;
}

/* ---- Meeting ---- */

struct weighed {
    int64_t number;
    int64_t shared;
    double rarity;
};

static int rarest_first(const void *a, const void *b)
{
    const struct weighed *left = a, *right = b;
    if (left->rarity != right->rarity)
        return left->rarity < right->rarity ? 1 : -1;
    return store_number_order(a, b);
}

/* Everybody who carries one of the keys that at most `cap` carry, the rarest first. */
static size_t weigh(const struct found *found, const int64_t *keys, size_t n, int cap, struct arena *arena,
                    struct weighed **ret_weighed)
{
    size_t all_n = 0, kept = 0, carriers, most = 0;
    for (size_t i = 0; i < n; i++) {
        (void)store_postings_of(found->list.items, found->list.n, keys[i], &carriers);
        most += carriers <= (size_t)cap ? carriers : 0;
    }
    struct weighed *all = arena_array(arena, most, sizeof *all);
    for (size_t i = 0; i < n; i++) {
        const struct store_posting *posting = store_postings_of(found->list.items, found->list.n, keys[i], &carriers);
        for (size_t k = 0; carriers <= (size_t)cap && k < carriers; k++)
            all[all_n++] = (struct weighed){posting[k].number, 1, 1 + log((double)cap / (double)carriers)};
    }
    qsort(all, all_n, sizeof *all, store_number_order);
    for (size_t i = 0; i < all_n; i++) {
        if (kept == 0 || all[kept - 1].number != all[i].number) {
            all[kept++] = all[i];
            continue;
        }
        all[kept - 1].shared++;
        all[kept - 1].rarity += all[i].rarity;
    }
    qsort(all, kept, sizeof *all, rarest_first);
    *ret_weighed = all;
    return kept;
}

struct resolved {
    int64_t number;
    struct id id;
};

struct numbers {
    enum store_subject kind;
    const int64_t *numbers;
    size_t n;
    bool binned; /* contacts in the bin, too */
};

/* The subjects that the numbers stand for now, by number. */
static int resolve(struct store_tx *tx, const struct numbers *of, struct arena *arena, struct json_list *ret_resolved,
                   struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    const struct store_arg args[] = {ARG_INTS(of->numbers, of->n), ARG_BOOL(of->binned)};
    bool contacts = of->kind == STORE_CONTACT;
    *ret_resolved = (struct json_list){NULL, 0};
    if (of->n == 0)
        return 0;
    if (store_run(tx, contacts ? SQL_MATCH_SUBJECT_CONTACTS : SQL_MATCH_SUBJECT_RECORDS, args, contacts ? 2 : 1, &rows,
                  err) < 0)
        return -1;
    size_t there = (size_t)store_rows_count(rows);
    struct resolved *resolved = arena_array(arena, there, sizeof *resolved);
    for (size_t i = 0; i < there; i++)
        resolved[i] = (struct resolved){store_row_int(rows, (int)i, 0), store_row_id(rows, (int)i, 1)};
    qsort(resolved, there, sizeof *resolved, store_number_order);
    *ret_resolved = (struct json_list){resolved, there};
    return 0;
}

static const int64_t *numbers_of(const struct weighed *weighed, size_t n, struct arena *arena)
{
    int64_t *numbers = arena_array(arena, n, sizeof *numbers);
    for (size_t i = 0; i < n; i++)
        numbers[i] = weighed[i].number;
    return numbers;
}

static const struct id *id_of(const struct json_list *resolved, int64_t number)
{
    const struct resolved *one = bsearch(&number, resolved->items, resolved->n, sizeof *one, store_number_order);
    return one ? &one->id : NULL;
}

int store_match_keys_meet(struct store_tx *tx, const struct store_meet *meet, struct arena *arena,
                          struct json_list *ret_meetings, struct err *err)
{
    _cleanup_(arena_freep) struct arena *scratch = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(found_end) struct found found = {.arena = scratch};
    int64_t *keys = arena_array(scratch, meet->n, sizeof *keys);
    size_t n = keys_of(meet->keys, meet->n, keys), most = (size_t)meet->limit * SPARE, out = 0;
    struct weighed *weighed;
    struct json_list resolved;
    *ret_meetings = (struct json_list){NULL, 0};
    if (n == 0)
        return 0;
    if (look(tx, &(struct wanted){meet->kind, keys, n, (size_t)meet->cap + 1}, &found, err) < 0)
        return -1;
    size_t all = weigh(&found, keys, n, meet->cap, scratch, &weighed);
    all = all < most ? all : most;
    if (resolve(tx, &(struct numbers){meet->kind, numbers_of(weighed, all, scratch), all, false}, scratch, &resolved,
                err) < 0)
        return -1;
    struct store_meeting *meetings = arena_array(arena, (size_t)meet->limit, sizeof *meetings);
    for (size_t i = 0; i < all && out < (size_t)meet->limit; i++) {
        const struct id *id = id_of(&resolved, weighed[i].number);
        if (id)
            meetings[out++] = (struct store_meeting){*id, weighed[i].shared};
    }
    *ret_meetings = (struct json_list){meetings, out};
    return 0;
}

/* ---- Meeting of many ---- */

/* Sorted keys of all sets, once each. */
static size_t keys_of_all(const struct store_match_set *sets, size_t n, struct arena *arena, int64_t **ret_keys)
{
    size_t most = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        most += sets[i].n;
    int64_t *keys = arena_array(arena, most, sizeof *keys);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < sets[i].n; k++)
            keys[at++] = sets[i].keys[k];
    *ret_keys = keys;
    return keys_of(keys, most, keys);
}

/* The numbers that meet one of the sets, sorted, once each. */
static size_t numbers_meeting(const struct store_meet_many *meet, const struct found *found, struct arena *arena,
                              int64_t **ret_numbers)
{
    int64_t *numbers = arena_array(arena, meet->n * (size_t)meet->limit, sizeof *numbers);
    size_t n = 0;
    for (size_t i = 0; i < meet->n; i++) {
        _cleanup_(arena_freep) struct arena *scratch = arena_new(LIMIT_ARENA_REQUEST);
        int64_t *keys = arena_array(scratch, meet->sets[i].n, sizeof *keys);
        struct weighed *weighed;
        size_t all =
            weigh(found, keys, keys_of(meet->sets[i].keys, meet->sets[i].n, keys), meet->cap, scratch, &weighed);
        for (size_t k = 0; k < all && k < (size_t)meet->limit; k++)
            numbers[n++] = weighed[k].number;
    }
    *ret_numbers = numbers;
    return store_numbers_settle(numbers, n);
}

static struct json_list ids_of(const struct json_list *resolved, struct arena *arena)
{
    struct id *ids = arena_array(arena, resolved->n, sizeof *ids);
    for (size_t i = 0; i < resolved->n; i++)
        ids[i] = ((const struct resolved *)resolved->items)[i].id;
    return (struct json_list){ids, resolved->n};
}

int store_match_sets_meet(struct store_tx *tx, const struct store_meet_many *meet, struct arena *arena,
                          struct json_list *ret_ids, struct err *err)
{
    _cleanup_(arena_freep) struct arena *scratch = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(found_end) struct found found = {.arena = scratch};
    struct json_list resolved;
    int64_t *keys, *numbers;
    size_t n = keys_of_all(meet->sets, meet->n, scratch, &keys);
    *ret_ids = (struct json_list){NULL, 0};
    if (n == 0)
        return 0;
    if (look(tx, &(struct wanted){STORE_CONTACT, keys, n, (size_t)meet->cap + 1}, &found, err) < 0)
        return -1;
    size_t met = numbers_meeting(meet, &found, scratch, &numbers);
    if (resolve(tx, &(struct numbers){STORE_CONTACT, numbers, met, false}, scratch, &resolved, err) < 0)
        return -1;
    *ret_ids = ids_of(&resolved, arena);
    return 0;
}

/* ---- Having all ---- */

/* A key that one page cannot hold is read from all its pages. */
static int look_whole(struct store_tx *tx, enum store_subject kind, int64_t key, struct found *found, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_MATCH_PAGE_SINGLE, ARGS(ARG_INT(store_subject_number(kind)), ARG_INT(key)), &rows, err) < 0)
        return -1;
    for (int i = 0; i < store_rows_count(rows); i++)
        if (store_postings_add_page(&found->list, store_row_view(rows, i, 0), err) < 0)
            return -1;
    return 0;
}

static int look_all(struct store_tx *tx, const struct wanted *wanted, struct found *found, struct err *err)
{
    if (look(tx, wanted, found, err) < 0)
        return -1;
    for (size_t i = 0; i < wanted->n; i++) {
        size_t carriers;
        (void)store_postings_of(found->list.items, found->list.n, wanted->keys[i], &carriers);
        if (carriers < STORE_PAGE_SINGLE)
            continue;
        if (look_whole(tx, wanted->kind, wanted->keys[i], found, err) < 0)
            return -1;
        found->list.n = store_postings_sort(found->list.items, found->list.n);
    }
    return 0;
}

static bool has_all(const struct found *found, const int64_t *keys, size_t n, int64_t number)
{
    for (size_t i = 0; i < n; i++)
        if (!store_postings_have(found->list.items, found->list.n, &(struct store_posting){keys[i], number}))
            return false;
    return true;
}

int store_match_keys_all(struct store_tx *tx, const struct store_having *having, struct arena *arena,
                         struct json_list *ret_ids, struct err *err)
{
    _cleanup_(arena_freep) struct arena *scratch = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(found_end) struct found found = {.arena = scratch};
    int64_t *keys = arena_array(scratch, having->n, sizeof *keys);
    struct json_list resolved;
    size_t carriers, all = 0, n = keys_of(having->keys, having->n, keys);
    if (look_all(tx, &(struct wanted){having->kind, keys, n, ALL}, &found, err) < 0)
        return -1;
    const struct store_posting *first = store_postings_of(found.list.items, found.list.n, keys[0], &carriers);
    int64_t *numbers = arena_array(scratch, carriers, sizeof *numbers);
    for (size_t i = 0; i < carriers; i++)
        if (has_all(&found, keys, n, first[i].number))
            numbers[all++] = first[i].number;
    if (resolve(tx, &(struct numbers){having->kind, numbers, all, true}, scratch, &resolved, err) < 0)
        return -1;
    *ret_ids = ids_of(&resolved, arena);
    return 0;
}

/* See search.h. Reading goes page by page into lean records; finding is dedupe/stock/, on all processors; then one
 * transaction replaces what was open. What people decided meanwhile counts: it is read in that transaction. */
#include "flow/duplicates/search.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "dedupe/model.h"
#include "dedupe/stock/weigher.h"
#include "flow/common.h"
#include "flow/duplicates/desk.h"
#include "flow/duplicates/groups.h"
#include "flow/rules/policy.h"
#include "flow/states.h"
#include "store/connection.h"

#include <stdlib.h>

enum { PAGE = 200, AT_ONCE = 500 /* pairs whose reasons are worked out and kept together */ };

/* The stock, and what was found in it. */
struct search {
    struct flow_work *work;
    struct arena *arena; /* of everything below */
    struct dedupe_pool *pool;
    struct id *ids;
    const struct dedupe_record **records;
    struct dedupe_glance *glances;
    size_t n, room;
    const struct dedupe_model *model; /* of the rules that hold, for a stock of this size */
    struct dedupe_scored_list found;
    bool too_large;
};

/* What the comparisons look at stays; the rest of the contact goes with its page. */
static void record_add(struct search *search, const struct store_record *row)
{
    const struct contact *contact = &row->contact;
    const struct contact kept = contact_copy(&(struct contact){.name_prefix = contact->name_prefix,
                                                               .given_name = contact->given_name,
                                                               .family_name = contact->family_name,
                                                               .name_suffix = contact->name_suffix,
                                                               .organization = contact->organization,
                                                               .emails = contact->emails,
                                                               .phones = contact->phones,
                                                               .urls = contact->urls,
                                                               .addresses = contact->addresses},
                                             search->arena);
    search->ids[search->n] = row->id;
    search->records[search->n] = dedupe_prepare_lean(search->pool, &kept);
    dedupe_glance_at(search->records[search->n], &search->glances[search->n]);
    search->n++;
}

/* The next page of a connection, in a transaction of its own; companies are no persons. */
static int page_read(struct search *search, const struct id *connection, struct store_page *page, bool *ret_more,
                     struct err *err)
{
    _cleanup_(arena_freep) struct arena *scratch = arena_new((size_t)2 * LIMIT_ARENA_REQUEST);
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    if (flow_work_begin(search->work, &tx, err) < 0 || store_record_list(tx, connection, page, scratch, &rows, err) < 0)
        return -1;
    const struct store_record *row = rows.items;
    for (size_t i = 0; i < rows.n; i++) {
        if (str_eq(row[i].kind, STR("company")))
            continue;
        if (search->n == search->room)
            return err_set(err, ERR_BUSY, "the stock grows");
        record_add(search, &row[i]);
    }
    *ret_more = rows.n == PAGE;
    if (*ret_more)
        page->before = row[rows.n - 1].id;
    flow_work_progress(search->work, (int64_t)search->n, (int64_t)search->room);
    return 0;
}

/* It will not be smaller the next time: the job ends. */
static int too_large(struct search *search, const char *why, struct err *err)
{
    search->too_large = true;
    return err_set(err, ERR_INVALID, "%s", why);
}

/* Room for all records there are, and for those that come while they are read. */
static int stock_open(struct search *search, struct json_list *ret_connections, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    int64_t records = 0;
    if (flow_work_begin(search->work, &tx, err) < 0 ||
        store_connection_list(tx, search->work->arena, ret_connections, err) < 0)
        return -1;
    const struct store_connection *connection = ret_connections->items;
    for (size_t i = 0; i < ret_connections->n; i++)
        records += connection[i].records;
    if (records > FLOW_STOCK_RECORDS)
        return too_large(search, "more than 500,000 records are for kartei dedupe", err);
    search->room = (size_t)(records + records / 8 + PAGE);
    search->ids = arena_array(search->arena, search->room, sizeof *search->ids);
    search->records = arena_array(search->arena, search->room, sizeof *search->records);
    search->glances = arena_array(search->arena, search->room, sizeof *search->glances);
    return 0;
}

/* 0 = read, 1 = to be broken off. */
static int stock_read(struct search *search, struct err *err)
{
    struct json_list connections;
    if (stock_open(search, &connections, err) < 0)
        return -1;
    search->pool = dedupe_pool_new(search->arena);
    const struct store_connection *connection = connections.items;
    for (size_t i = 0; i < connections.n; i++) {
        struct store_page page = {.limit = PAGE};
        for (bool more = true; more;) {
            if (flow_work_hurry(search->work))
                return 1;
            if (page_read(search, &connection[i].id, &page, &more, err) < 0)
                return -1;
        }
    }
    dedupe_pool_done(search->pool);
    return 0;
}

static int stock_find(struct search *search, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_policy policy;
    if (flow_work_begin(search->work, &tx, err) < 0 || flow_policy_active(tx, search->arena, &policy, err) < 0)
        return -1;
    store_rollbackp(&tx); /* none stays open while all processors work */
    tx = NULL;
    search->model = dedupe_model_sized(policy.model, search->n, search->arena);
    const struct dedupe_stock stock = {search->records, search->n, 0};
    dedupe_stock_pairs(
        &(struct dedupe_weighing){&stock, search->glances, search->model, search->model->possible, parallel_cores()},
        search->arena, &search->found);
    return 0;
}

/* ---- Decisions ---- */

/* A decision about two records of the stock. */
struct decision {
    uint32_t left, right;
    bool same;
    const struct id *pair;
};

struct place {
    struct id id;
    uint32_t at;
};

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct place *)a)->id.s, ((const struct place *)b)->id.s);
}

static int by_pair(const void *a, const void *b)
{
    const struct decision *x = a, *y = b;
    if (x->left != y->left)
        return x->left < y->left ? -1 : 1;
    return x->right < y->right ? -1 : x->right > y->right;
}

/* Where the decided records are in the stock, sorted by id. */
static struct place *places_of(const struct search *search, const struct json_list *decided, struct arena *arena)
{
    const struct store_duplicate_decided *row = decided->items;
    struct place *places = arena_array(arena, 2 * decided->n, sizeof *places);
    for (size_t i = 0; i < decided->n; i++) {
        places[2 * i] = (struct place){row[i].left, UINT32_MAX};
        places[2 * i + 1] = (struct place){row[i].right, UINT32_MAX};
    }
    if (decided->n > 0)
        qsort(places, 2 * decided->n, sizeof *places, by_id);
    for (size_t i = 0; i < search->n && decided->n > 0; i++) {
        const struct place key = {.id = search->ids[i]};
        struct place *found = bsearch(&key, places, 2 * decided->n, sizeof key, by_id);
        if (!found)
            continue;
        while (found > places && by_id(found - 1, &key) == 0)
            found--;
        for (; found < places + 2 * decided->n && by_id(found, &key) == 0; found++)
            found->at = (uint32_t)i;
    }
    return places;
}

/* Decisions whose two records were read, sorted by pair. */
static size_t decisions_of(const struct search *search, const struct json_list *decided, struct arena *arena,
                           struct decision **ret_decisions)
{
    const struct store_duplicate_decided *row = decided->items;
    const struct place *places = places_of(search, decided, arena);
    struct decision *decisions = arena_array(arena, decided->n, sizeof *decisions);
    size_t n = 0;
    for (size_t i = 0; i < decided->n; i++) {
        const struct place left = {.id = row[i].left}, right = {.id = row[i].right};
        const struct place *a = bsearch(&left, places, 2 * decided->n, sizeof left, by_id);
        const struct place *b = bsearch(&right, places, 2 * decided->n, sizeof right, by_id);
        if (a->at == UINT32_MAX || b->at == UINT32_MAX)
            continue;
        bool ordered = a->at < b->at;
        decisions[n++] = (struct decision){ordered ? a->at : b->at, ordered ? b->at : a->at, row[i].same, &row[i].id};
    }
    if (n > 0)
        qsort(decisions, n, sizeof *decisions, by_pair);
    *ret_decisions = decisions;
    return n;
}

/* ---- Groups ---- */

/* All pairs: those that were found, then those that are decided and were not. */
struct grouped {
    struct dedupe_edge *pairs;
    uint32_t *groups;
    const struct id **decided; /* ids of the pairs behind the found ones */
    size_t n;
    struct flow_group_ids ids;
};

static double after(const struct decision *decision)
{
    return decision->same ? FLOW_DUPLICATES_SAME : FLOW_DUPLICATES_DIFFERENT;
}

static void pairs_group(const struct search *search, const struct json_list *decided, struct arena *arena,
                        struct grouped *ret)
{
    const struct dedupe_scored_list *found = &search->found;
    struct decision *decisions;
    size_t decisions_n = decisions_of(search, decided, arena, &decisions), n = found->n;
    struct dedupe_edge *pairs = arena_array(arena, n + decisions_n, sizeof *pairs);
    bool *again = arena_array(arena, decisions_n, sizeof *again);
    *ret = (struct grouped){.pairs = pairs,
                            .groups = arena_array(arena, n + decisions_n, sizeof *ret->groups),
                            .decided = arena_array(arena, decisions_n, sizeof *ret->decided),
                            .ids = flow_group_ids_new()};
    for (size_t i = 0; i < n; i++) {
        const struct decision key = {.left = found->items[i].left, .right = found->items[i].right};
        const struct decision *decision =
            decisions_n ? bsearch(&key, decisions, decisions_n, sizeof key, by_pair) : NULL;
        pairs[i] = (struct dedupe_edge){key.left, key.right, (double)found->items[i].probability};
        if (decision) {
            pairs[i].probability = after(decision);
            again[decision - decisions] = true;
        }
    }
    for (size_t i = 0; i < decisions_n; i++) {
        if (again[i])
            continue;
        ret->decided[n - found->n] = decisions[i].pair;
        pairs[n++] = (struct dedupe_edge){decisions[i].left, decisions[i].right, after(&decisions[i])};
    }
    ret->n = n;
    (void)flow_duplicates_group(pairs, n, search->n, ret->groups);
}

static int decided_regroup(const struct grouped *grouped, size_t found, struct store_tx *tx, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    size_t n = grouped->n - found;
    struct id *pairs = arena_array(arena, n, sizeof *pairs), *groups = arena_array(arena, n, sizeof *groups);
    for (size_t i = 0; i < n; i++) {
        pairs[i] = *grouped->decided[i];
        groups[i] = flow_group_id(&grouped->ids, grouped->groups[found + i]);
    }
    return n ? store_duplicates_regroup(tx, pairs, groups, n, err) : 0;
}

/* ---- Keeping ---- */

/* Pairs [from, to) of those found. */
static int pairs_keep(const struct search *search, const struct grouped *grouped, size_t from, size_t to,
                      struct store_tx *tx, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)4 * LIMIT_ARENA_REQUEST);
    struct store_duplicate *kept = arena_array(arena, to - from, sizeof *kept);
    struct id *ids = arena_array(arena, 2 * (to - from), sizeof *ids);
    struct json_list rows;
    size_t n = 0, at = 0;
    for (size_t i = from; i < to; i++) {
        ids[2 * (i - from)] = search->ids[grouped->pairs[i].left];
        ids[2 * (i - from) + 1] = search->ids[grouped->pairs[i].right];
    }
    if (store_record_get_many(tx, ids, 2 * (to - from), arena, &rows, err) < 0)
        return -1;
    const struct store_record *row = rows.items; /* as asked for, without those that are gone */
    for (size_t i = from; i < to; i++) {
        const struct store_record *ends[2] = {NULL, NULL};
        for (size_t end = 0; end < 2; end++)
            if (at < rows.n && id_eq(&row[at].id, &ids[2 * (i - from) + end]))
                ends[end] = &row[at++];
        if (!ends[0] || !ends[1] || !flow_pair_judge(search->model, ends[0], ends[1], arena, &kept[n]))
            continue;
        kept[n++].group = flow_group_id(&grouped->ids, grouped->groups[i]);
    }
    return n ? store_duplicates_put(tx, kept, n, err) : 0;
}

/* 0 = kept, and the job is settled; 1 = to be broken off, with nothing changed. */
static int stock_keep(struct search *search, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_work *work = search->work;
    struct flow_deed deed = {
        .action = "duplicate.searched", .kind = "duplicate", .subject = &work->actor.org, .state = "found"};
    struct json_list decided;
    struct grouped grouped;
    if (flow_work_begin(work, &tx, err) < 0 || store_duplicates_lock(tx, err) < 0 ||
        store_duplicates_decided(tx, arena, &decided, err) < 0 || store_duplicates_clear(tx, err) < 0)
        return -1;
    pairs_group(search, &decided, arena, &grouped);
    size_t most = search->found.n < FLOW_STOCK_PAIRS ? search->found.n : FLOW_STOCK_PAIRS;
    for (size_t from = 0, to; from < most; from = to) {
        to = from + AT_ONCE < most ? from + AT_ONCE : most;
        if (flow_work_hurry(work))
            return 1;
        if (pairs_keep(search, &grouped, from, to, tx, err) < 0)
            return -1;
    }
    if (decided_regroup(&grouped, search->found.n, tx, err) < 0)
        return -1;
    flow_tell(tx, &work->actor, &deed);
    return flow_work_done(work, &tx, err);
}

/* Broken off: again from the start, unless it is the time that does not suffice. */
static int stock_later(struct search *search, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct err busy = {.code = ERR_BUSY};
    if (clock_mono_ms() > search->work->deadline_mono_ms)
        return too_large(search, "half an hour does not suffice", err);
    return flow_work_begin(search->work, &tx, err) < 0 ? -1 : flow_work_later(search->work, &tx, &busy, 0, err);
}

static int stock_never(struct flow_work *work, const struct err *why, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_work_begin(work, &tx, err) < 0)
        return -1;
    store_event(tx, "job", &work->claim->id, flow_job_words[FLOW_JOB_dead]);
    return flow_work_later(work, &tx, why, STORE_JOB_NEVER, err);
}

int flow_work_stock(struct flow_work *work, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    struct search search = {.work = work, .arena = arena};
    int r = stock_read(&search, err);
    if (r == 0)
        r = stock_find(&search, err);
    if (r == 0)
        r = stock_keep(&search, err);
    if (r > 0)
        r = stock_later(&search, err);
    if (!search.too_large)
        return r;
    const struct err why = *err;
    return stock_never(work, &why, err);
}

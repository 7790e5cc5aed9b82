/* A pair of records judged, and put into groups anew; see desk.h. */
#include "base/limits.h"
#include "dedupe/steps.h"
#include "flow/candidates.h"
#include "flow/duplicates/desk.h"
#include "flow/duplicates/groups.h"

bool flow_pair_judge(const struct dedupe_model *model, const struct store_record *a, const struct store_record *b,
                     struct arena *arena, struct store_duplicate *ret_pair)
{
    bool ordered = strcmp(a->id.s, b->id.s) < 0;
    const struct store_record *left = ordered ? a : b, *right = ordered ? b : a;
    struct dedupe_verdict verdict;
    const struct dedupe_record *x = dedupe_prepare(&left->contact, arena), *y = dedupe_prepare(&right->contact, arena);
    dedupe_score(model, x, y, arena, &verdict);
    dedupe_steps(&verdict, x, y, arena);
    *ret_pair = (struct store_duplicate){.left = left->id,
                                         .right = right->id,
                                         .weight = verdict.weight,
                                         .probability = verdict.probability,
                                         .band = str_c(dedupe_band_words[verdict.band]),
                                         .reasons = flow_reasons_kept(&verdict, arena)};
    return verdict.band != DEDUPE_NONE;
}

/* ---- Groups ---- */

enum { MOST_PAIRS = 5000 /* of one group that are grouped anew */ };

static struct dedupe_edge edge_of(const struct store_duplicate *row, uint32_t left, uint32_t right)
{
    double probability = row->probability;
    if (row->decided.p)
        probability = str_eq(row->decided, STR("same")) ? FLOW_DUPLICATES_SAME : FLOW_DUPLICATES_DIFFERENT;
    return (struct dedupe_edge){left, right, probability};
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct id *)a)->s, ((const struct id *)b)->s);
}

static uint32_t place_of(const struct id *sorted, size_t n, const struct id *id)
{
    return (uint32_t)((const struct id *)bsearch(id, sorted, n, sizeof *id, by_id) - sorted);
}

/* The pairs as edges between the places of their records. */
static struct dedupe_edge *edges_of(const struct json_list *rows, struct arena *arena)
{
    const struct store_duplicate *row = rows->items;
    struct id *records = arena_array(arena, 2 * rows->n, sizeof *records);
    struct dedupe_edge *edges = arena_array(arena, rows->n, sizeof *edges);
    for (size_t i = 0; i < rows->n; i++) {
        records[2 * i] = row[i].left;
        records[2 * i + 1] = row[i].right;
    }
    qsort(records, 2 * rows->n, sizeof *records, by_id);
    size_t n = 0;
    for (size_t i = 0; i < 2 * rows->n; i++)
        if (n == 0 || !id_eq(&records[n - 1], &records[i]))
            records[n++] = records[i];
    for (size_t i = 0; i < rows->n; i++)
        edges[i] = edge_of(&row[i], place_of(records, n, &row[i].left), place_of(records, n, &row[i].right));
    return edges;
}

/* The largest part of what was one group keeps its place in the list. */
static uint32_t largest(const uint32_t *groups, size_t n, size_t groups_n, struct arena *arena)
{
    size_t *count = arena_array(arena, groups_n, sizeof *count);
    uint32_t best = 0;
    for (size_t i = 0; i < n; i++)
        if (++count[groups[i]] > count[best])
            best = groups[i];
    return best;
}

int flow_pair_regroup(struct store_tx *tx, const struct store_duplicate *pair, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)4 * LIMIT_ARENA_REQUEST);
    struct flow_group_ids fresh = flow_group_ids_new();
    struct json_list near, rows;
    if (store_duplicate_groups_near(tx, &pair->id, arena, &near, err) < 0)
        return -1;
    const struct store_duplicate_ask ask = {near.items, near.n, MOST_PAIRS};
    if (store_duplicates_of(tx, &ask, arena, &rows, err) < 0)
        return -1;
    const struct store_duplicate *row = rows.items;
    uint32_t *groups = arena_array(arena, rows.n, sizeof *groups);
    struct id *ids = arena_array(arena, rows.n, sizeof *ids), *to = arena_array(arena, rows.n, sizeof *to);
    size_t n = flow_duplicates_group(edges_of(&rows, arena), rows.n, 2 * rows.n, groups);
    uint32_t stays = largest(groups, rows.n, n, arena);
    for (size_t i = 0; i < rows.n; i++) {
        ids[i] = row[i].id;
        to[i] = groups[i] == stays ? pair->group : flow_group_id(&fresh, groups[i]);
    }
    return store_duplicates_regroup(tx, ids, to, rows.n, err);
}

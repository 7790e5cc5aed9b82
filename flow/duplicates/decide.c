/* What people decide about two records of the CRMs; see duplicates.h. Kartei merges records only on the way of a
 * contact (flow/merge/native.h), so the answer says what is left to do in the CRM. */
#include "base/limits.h"
#include "flow/common.h"
#include "flow/duplicates/duplicates.h"
#include "flow/duplicates/groups.h"
#include "store/match/duplicate.h"

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

/* Groups anew what has to do with either record of the pair. */
static int group_again(struct store_tx *tx, const struct store_duplicate *pair, struct err *err)
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

static int decision_keep(struct store_tx *tx, const struct flow_actor *actor,
                         const struct flow_duplicate_decide *decide, struct arena *arena,
                         struct store_duplicate *ret_row, struct err *err)
{
    if (store_duplicates_lock(tx, err) < 0 || store_duplicate_get(tx, &decide->pair, arena, ret_row, err) < 0)
        return -1;
    ret_row->version = decide->version;
    ret_row->decided = str_c(flow_decision_words[decide->decision.same ? FLOW_DECIDED_SAME : FLOW_DECIDED_DIFFERENT]);
    ret_row->why = decide->decision.reason;
    ret_row->decided_by = actor->user;
    if (store_duplicate_decide(tx, ret_row, err) < 0 || group_again(tx, ret_row, err) < 0)
        return -1;
    return store_duplicate_get(tx, &decide->pair, arena, ret_row, err);
}

int flow_duplicate_decide(const struct flow *flow, const struct flow_actor *actor,
                          const struct flow_duplicate_decide *decide, struct arena *arena,
                          struct flow_duplicate *ret_pair, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_duplicate row;
    bool same = decide->decision.same;
    if (flow_may(flow, actor, "duplicate", "decide", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        decision_keep(tx, actor, decide, arena, &row, err) < 0 ||
        flow_duplicate_view(tx, actor, &row, arena, ret_pair, err) < 0)
        return -1;
    const struct id records[] = {row.left, row.right};
    struct flow_deed deed = {.action = "duplicate.decide",
                             .kind = "duplicate",
                             .subject = &row.id,
                             .state = "decided",
                             .note = same ? "same" : "different",
                             .records = records,
                             .n = ARRAY_LEN(records)};
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

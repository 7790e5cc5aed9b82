/* What people decide about two records of the CRMs; see duplicates.h. Kartei merges records only on the way of a
 * contact (flow/merge/native.h), so the answer says what is left to do in the CRM. */
#include "flow/common.h"
#include "flow/duplicates/desk.h"

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
    if (store_duplicate_decide(tx, ret_row, err) < 0 || flow_pair_regroup(tx, ret_row, err) < 0)
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

/* See flow/traffic.h. */
#include "flow/traffic.h"

#include "flow/common.h"
#include "store/crm/traffic.h"
#include "store/people.h"

int flow_traffic_get(const struct flow *flow, const struct flow_actor *actor, struct id connection, struct arena *arena,
                     struct flow_traffic *ret_traffic, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_traffic row;
    struct json_list users;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_traffic_get(tx, &connection, &row, err) < 0 ||
        store_user_list(tx, arena, &users, err) < 0)
        return -1;
    int64_t retry_at = row.calls.retry_at > store_tx_now(tx) ? row.calls.retry_at : 0;
    *ret_traffic = (struct flow_traffic){.paused_at = flow_time_text(row.paused_at, arena),
                                         .paused_by = flow_user_name(&users, &row.paused_by),
                                         .failures = row.calls.failures,
                                         .retry_at = flow_time_text(retry_at, arena),
                                         .quota_left = row.calls.quota_left,
                                         .quota_limit = row.calls.quota_limit,
                                         .quota_at = flow_time_text(row.calls.quota_at, arena),
                                         .waiting = row.waiting,
                                         .uncertain = row.uncertain};
    return 0;
}

int flow_traffic_pause(const struct flow *flow, const struct flow_actor *actor, struct id connection, bool pause,
                       struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {.action = pause ? "connection.pause" : "connection.resume",
                             .kind = "connection",
                             .subject = &connection,
                             .state = pause ? "paused" : "resumed"};
    if (flow_begin(flow, actor, &tx, err) < 0 ||
        store_traffic_pause(tx, &connection, pause ? &actor->user : NULL, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

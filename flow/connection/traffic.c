/* See flow/traffic.h. */
#include "flow/traffic.h"

#include "flow/common.h"
#include "store/crm/traffic.h"

enum { SHOWN_CALLS = 10, SHOWN_RENEWALS = 5 };

static int word_of(const char *work)
{
    int i = 0;
    while (flow_call_words[i + 1] && strcmp(flow_call_words[i], work) != 0)
        i++;
    return i;
}

static struct str problem_of(const struct flow_actor *actor, struct str slug)
{
    return slug.p ? str_c(err_title(err_from_slug(slug), actor->language)) : STR_NONE;
}

/* One more of its kind. */
static void count_fault(struct json_list *faults, struct flow_call call)
{
    struct flow_call_fault *all = (struct flow_call_fault *)faults->items;
    for (size_t i = 0; i < faults->n; i++) {
        if (!str_eq(all[i].problem, call.problem))
            continue;
        struct flow_call_fault one = all[i];
        one.n++;
        for (; i > 0 && all[i - 1].n < one.n; i--)
            all[i] = all[i - 1];
        all[i] = one;
        return;
    }
    all[faults->n++] = (struct flow_call_fault){call.problem, 1, call.at};
}

/* The figures and the lists, of what is kept. */
static void add_calls(const struct flow_actor *actor, struct json_list rows, struct arena *arena,
                      struct flow_traffic *traffic)
{
    struct flow_call *calls = arena_array(arena, SHOWN_CALLS + 1, sizeof *calls);
    struct flow_call *renewals = arena_array(arena, SHOWN_RENEWALS + 1, sizeof *renewals);
    int64_t total_ms = 0;
    traffic->calls.items = calls;
    traffic->renewals.items = renewals;
    traffic->faults.items = arena_array(arena, rows.n + 1, sizeof(struct flow_call_fault));
    traffic->kept = (int64_t)rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_call *row = (const struct store_call *)rows.items + i;
        struct flow_call call = {.at = flow_time_text(row->at, arena),
                                 .work = word_of(row->work),
                                 .write_back = id_none(&row->subject) ? STR_NONE : flow_id_text(&row->subject, arena),
                                 .problem = problem_of(actor, row->problem),
                                 .requests = row->requests,
                                 .total_ms = row->total_ms,
                                 .slowest_ms = row->slowest_ms};
        bool renewal = strcmp(row->work, "renew") == 0;
        struct json_list *shown = renewal ? &traffic->renewals : &traffic->calls;
        if (shown->n < (renewal ? SHOWN_RENEWALS : SHOWN_CALLS))
            (renewal ? renewals : calls)[shown->n++] = call;
        if (call.problem.p && !renewal)
            count_fault(&traffic->faults, call);
        traffic->requests += renewal ? 0 : row->requests; /* how long a renewal took is not kept */
        total_ms += row->total_ms;
        traffic->slowest_ms = row->slowest_ms > traffic->slowest_ms ? row->slowest_ms : traffic->slowest_ms;
    }
    traffic->mean_ms = traffic->requests ? total_ms / traffic->requests : 0;
}

int flow_traffic_get(const struct flow *flow, const struct flow_actor *actor, struct id connection, struct arena *arena,
                     struct flow_traffic *ret_traffic, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_traffic row;
    struct json_list calls;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_traffic_get(tx, &connection, &row, err) < 0 ||
        store_call_list(tx, &connection, arena, &calls, err) < 0)
        return -1;
    int64_t retry_at = row.calls.retry_at > store_tx_now(tx) ? row.calls.retry_at : 0;
    *ret_traffic = (struct flow_traffic){.paused_at = flow_time_text(row.paused_at, arena),
                                         .paused_by = flow_name_of(tx, &row.paused_by, arena),
                                         .failures = row.calls.failures,
                                         .retry_at = flow_time_text(retry_at, arena),
                                         .quota_left = row.calls.quota_left,
                                         .quota_limit = row.calls.quota_limit,
                                         .quota_at = flow_time_text(row.calls.quota_at, arena),
                                         .waiting = row.waiting,
                                         .uncertain = row.uncertain};
    add_calls(actor, calls, arena, ret_traffic);
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

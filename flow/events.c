/* The event stream and the wait for news; see events.h. */
#include "flow/events.h"

#include "base/limits.h"
#include "flow/common.h"
#include "store/people.h"

int flow_event_last(const struct flow *flow, const struct flow_actor *actor, int64_t *ret_number, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_events events;
    if (flow_begin(flow, actor, &tx, err) < 0 ||
        store_events_after(tx, flow_only(actor), INT64_MAX - 1, arena, &events, err) < 0)
        return -1;
    *ret_number = events.last;
    return 0;
}

int flow_event_after(const struct flow *flow, const struct flow_actor *actor, int64_t after, struct arena *arena,
                     struct flow_event_batch *ret_batch, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_events events;
    if (flow_begin(flow, actor, &tx, err) < 0 ||
        (flow_is_person(actor) && store_user_present(tx, &actor->user, actor->role, err) < 0) ||
        store_events_after(tx, flow_only(actor), after, arena, &events, err) < 0)
        return -1;
    const struct store_event *rows = events.items.items;
    struct flow_event *items = arena_array(arena, events.items.n, sizeof *items);
    size_t n = 0;
    for (size_t i = 0; i < events.items.n; i++)
        if (rows[i].visible)
            items[n++] =
                (struct flow_event){rows[i].id, rows[i].type, flow_id_text(&rows[i].subject, arena), rows[i].state};
    bool ahead = after > events.last; /* the database was restored to an earlier time */
    *ret_batch = (struct flow_event_batch){.items = {items, n},
                                           .last = events.items.n ? rows[events.items.n - 1].id : after,
                                           .gap = ahead || (events.last > after && after + 1 < events.first),
                                           .more = events.items.n == FLOW_EVENT_BATCH};
    return 0;
}

struct flow_listener {
    struct store_listener *listener;
};

int flow_listen(const struct flow *flow, struct flow_listener **ret_listener, struct err *err)
{
    struct flow_listener *listener = calloc(1, sizeof *listener);
    if (!listener)
        return err_set(err, ERR_BUSY, "memory");
    if (store_listen(flow->store, &listener->listener, err) < 0) {
        free(listener);
        return -1;
    }
    *ret_listener = listener;
    return 0;
}

int flow_listen_wait(struct flow_listener *listener, int timeout_ms, enum flow_news *ret_news, struct id *ret_org,
                     struct err *err)
{
    static const enum flow_news news[] = {
        [STORE_HINT_NONE] = FLOW_NEWS_NONE, [STORE_HINT_JOB] = FLOW_NEWS_JOB, [STORE_HINT_EVENT] = FLOW_NEWS_EVENT};
    enum store_hint hint;
    if (store_listener_wait(listener->listener, timeout_ms, &hint, ret_org, err) < 0)
        return -1;
    *ret_news = news[hint];
    return 0;
}

void flow_listen_wake(struct flow_listener *listener)
{
    store_listener_wake(listener->listener);
}

void flow_listen_freep(struct flow_listener **listener)
{
    if (!*listener)
        return;
    store_listener_freep(&(*listener)->listener);
    free(*listener);
    *listener = NULL;
}

/* The event stream: what changed, as ids and states, in order; and a way to wait for news. */
#ifndef FLOW_EVENTS_H
#define FLOW_EVENTS_H

#include "flow/flow.h"

/* One event: {"id","state"} goes to the client as data, `number` as the event's id. */
struct flow_event {
    int64_t number;
    struct str type; /* "scan", "contact", "write_back", "connection", "job" */
    struct str id, state;
};
extern const struct json_shape flow_event_shape; /* "Event": id and state only */

/* Number of the organisation's newest event: where a fresh stream starts. */
int flow_event_last(const struct flow *flow, const struct flow_actor *actor, int64_t *ret_number, struct err *err);
/* Events behind `after`, oldest first, at most limit; items are struct flow_event. *ret_gap: older ones than the buffer
 * holds were asked for, the client has to fetch afresh. Users see events of what they may see. */
struct flow_event_batch {
    struct json_list items;
    bool gap;
};
int flow_event_after(const struct flow *flow, const struct flow_actor *actor, int64_t after, int64_t limit,
                     struct arena *arena, struct flow_event_batch *ret_batch, struct err *err);

/* Waits for NOTIFY: a hint, never the truth. One connection of its own; one thread at a time. */
struct flow_listener;
enum flow_news { FLOW_NEWS_JOBS, FLOW_NEWS_EVENTS };
int flow_listen(const struct flow *flow, enum flow_news what, struct flow_listener **ret_listener, struct err *err);
/* Returns after news, or after timeout_ms at the latest. *ret_news: whether there was any. ERR_STORE_DOWN: reopen. */
int flow_listen_wait(struct flow_listener *listener, int timeout_ms, bool *ret_news, struct err *err);
void flow_listen_free(struct flow_listener *listener);
static inline void flow_listen_freep(struct flow_listener **listener)
{
    flow_listen_free(*listener);
}

#endif

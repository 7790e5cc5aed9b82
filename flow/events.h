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
/* Events behind `after` that the actor may see, oldest first, at most FLOW_EVENT_BATCH looked at; items are struct
 * flow_event. ERR_FORBIDDEN: the actor's role has changed, or ended. .gap: older ones than are
 * kept holds were asked for, the client has to fetch afresh.  */
enum { FLOW_EVENT_BATCH = 500 };
struct flow_event_batch {
    struct json_list items;
    int64_t last; /* as far as was looked; at least the last item's number */
    bool gap, more;
};
int flow_event_after(const struct flow *flow, const struct flow_actor *actor, int64_t after, struct arena *arena,
                     struct flow_event_batch *ret_batch, struct err *err);

/* Waits for news: a hint, never the truth (it may be missed: ask the tables every few seconds too). One database
 * connection of its own; one thread waits, any thread may wake it. */
struct flow_listener;
enum flow_news { FLOW_NEWS_NONE, FLOW_NEWS_JOB, FLOW_NEWS_EVENT };
int flow_listen(const struct flow *flow, struct flow_listener **ret_listener, struct err *err);
/* Returns after news, or after timeout_ms (at most 60,000) with FLOW_NEWS_NONE. *ret_org: whose events there are.
 * ERR_STORE_DOWN: the next call tries again. */
int flow_listen_wait(struct flow_listener *listener, int timeout_ms, enum flow_news *ret_news, struct id *ret_org,
                     struct err *err);
void flow_listen_wake(struct flow_listener *listener);
void flow_listen_freep(struct flow_listener **listener);

#endif

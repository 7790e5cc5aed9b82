/* The traffic of a connection, for who looks after it: pauses, failures, the vendor's limit, what waits. */
#ifndef FLOW_TRAFFIC_H
#define FLOW_TRAFFIC_H

#include "flow/flow.h"

/* Resource "ConnectionTraffic". */
struct flow_traffic {
    struct str paused_at, paused_by; /* absent = it is not paused; by: name of the user */
    int64_t failures;                /* calls in a row that failed */
    struct str retry_at;             /* until then nobody calls by itself; absent = nothing rests */
    int64_t quota_left, quota_limit; /* as the vendor said last; limit 0 = not said */
    struct str quota_at;             /* absent = it never did */
    int64_t waiting;                 /* write-backs on their way, or waiting for it */
    int64_t uncertain;               /* write-backs of which nobody knows whether they arrived */
};
extern const struct json_shape flow_traffic_shape;

/* ERR_NOT_FOUND. */
int flow_traffic_get(const struct flow *flow, const struct flow_actor *actor, struct id connection, struct arena *arena,
                     struct flow_traffic *ret_traffic, struct err *err);
/* Pauses the connection: nobody calls its CRM by itself, what people decide waits; looking and testing go on. Again
 * lets it go on. Twice is once. */
int flow_traffic_pause(const struct flow *flow, const struct flow_actor *actor, struct id connection, bool pause,
                       struct err *err);

#endif

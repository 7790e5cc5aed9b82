/* The traffic of a connection, for who looks after it: pauses, failures, the vendor's limit, what waits. */
#ifndef FLOW_TRAFFIC_H
#define FLOW_TRAFFIC_H

#include "flow/flow.h"

/* Resource "ConnectionCall": a piece of work that called the CRM, or a renewal of its tokens. */
struct flow_call {
    struct str at;
    int work;              /* of flow_call_words */
    struct str write_back; /* id; absent = none */
    struct str problem;    /* absent = it went well; else in the user's language */
    int64_t requests, total_ms, slowest_ms;
};
extern const struct json_shape flow_call_shape;
extern const char *const flow_call_words[]; /* "read", "write", "pull", "test", "renew", NULL */

/* Resource "ConnectionFault": errors of one kind. */
struct flow_call_fault {
    struct str problem; /* in the user's language */
    int64_t n;
    struct str last_at;
};
extern const struct json_shape flow_call_fault_shape;

/* Resource "ConnectionTraffic". */
struct flow_traffic {
    struct str paused_at, paused_by; /* absent = it is not paused; by: name of the user */
    int64_t failures;                /* calls in a row that failed */
    struct str retry_at;             /* until then nobody calls by itself; absent = nothing rests */
    int64_t quota_left, quota_limit; /* as the vendor said last; limit 0 = not said */
    struct str quota_at;             /* absent = it never did */
    int64_t waiting;                 /* write-backs on their way, or waiting for it */
    struct json_list calls;          /* struct flow_call, newest first: the latest few that were no renewal */
    struct json_list renewals;       /* the same of renewals */
    struct json_list faults;         /* struct flow_call_fault, the most frequent first: of all that is kept */
    int64_t kept;                    /* pieces of work that the figures are of, at most 500 */
    int64_t requests, mean_ms, slowest_ms;
    int64_t uncertain; /* write-backs of which nobody knows whether they arrived */
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

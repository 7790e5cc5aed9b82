/* The self-test of a connection: what its CRM says of us, of its limit, its fields and its duplicate rules; the last
 * one is kept with the connection and can be read, and printed, by whoever may start one. */
#ifndef FLOW_SELF_TEST_H
#define FLOW_SELF_TEST_H

#include "flow/connect.h"

/* Resource "ConnectionTest". */
struct flow_connection_test {
    bool ok;
    struct str at, by;      /* by: name of who started it; absent = that user is gone */
    struct json_list steps; /* struct flow_test_step: up to the first that failed */
    struct flow_connection connection;
};
extern const struct json_shape flow_connection_test_shape;

/* Asks the CRM, at most a dozen requests and no new one after half a minute, and keeps what it says in place of what it
 * said before. A failed test is a result, not an error. */
int flow_connection_test(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                         struct arena *arena, struct flow_connection_test *ret_test, struct err *err);
/* The last one. ERR_NOT_FOUND: never tested. */
int flow_connection_tested(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                           struct arena *arena, struct flow_connection_test *ret_test, struct err *err);

#endif

/* One at a time for each connection among the threads of this process, so that waiting for another's token refresh
 * holds no database connection. Other processes are kept out by the row lock. */
#ifndef FLOW_CRM_FLIGHT_H
#define FLOW_CRM_FLIGHT_H

#include "base/err.h"
#include "base/id.h"

struct flow_flight { /* on the caller's stack while it lasts */
    struct id connection;
    struct flow_flight *next;
    bool on;
};
/* Waits at most `timeout_ms` for its turn. ERR_BUSY. */
int flow_flight_enter(struct flow_flight *flight, const struct id *connection, int timeout_ms, struct err *err);
/* For `_cleanup_(flow_flight_leave)`; one that never came in may leave too. */
void flow_flight_leave(struct flow_flight *flight);

#endif

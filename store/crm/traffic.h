/* What goes on between a connection and its CRM: whether it is paused, how calls go, what waits. */
#ifndef STORE_CRM_TRAFFIC_H
#define STORE_CRM_TRAFFIC_H

#include "store/connection.h"

struct store_traffic {
    int64_t paused_at; /* 0 = it is not */
    struct id paused_by;
    struct store_calls calls;
    int64_t waiting;   /* write-backs that will be sent or taken back */
    int64_t uncertain; /* write-backs of which nobody knows whether they arrived */
};
/* ERR_NOT_FOUND. */
int store_traffic_get(struct store_tx *tx, const struct id *connection, struct store_traffic *ret_traffic,
                      struct err *err);
/* Pauses it on behalf of `by`; NULL lets it go on. Twice is once. ERR_NOT_FOUND. */
int store_traffic_pause(struct store_tx *tx, const struct id *connection, const struct id *by, struct err *err);

#endif

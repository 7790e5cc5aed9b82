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
/* A piece of work that called the CRM, or a renewal of its tokens. */
struct store_call {
    int64_t at;         /* of those that are kept */
    const char *work;   /* "read", "write", "pull", "test", "renew" */
    struct id subject;  /* the write-back; empty = none */
    struct str problem; /* slug of the error that it ended with; absent = it went well */
    int64_t requests, total_ms, slowest_ms;
};
/* Keeps it beside the latest 500 of the connection; one that is gone is forgotten. */
int store_call_add(struct store_tx *tx, const struct id *connection, const struct store_call *call, struct err *err);
/* struct store_call, newest first, at most 500. */
int store_call_list(struct store_tx *tx, const struct id *connection, struct arena *arena, struct json_list *ret_calls,
                    struct err *err);
/* Pauses it on behalf of `by`; NULL lets it go on. Twice is once. ERR_NOT_FOUND. */
int store_traffic_pause(struct store_tx *tx, const struct id *connection, const struct id *by, struct err *err);

#endif

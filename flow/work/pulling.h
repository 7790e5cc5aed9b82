/* A pull under way, as it is kept with its connection between pages: where it goes on, and how far it has come. */
#ifndef FLOW_WORK_PULLING_H
#define FLOW_WORK_PULLING_H

#include "flow/connect.h"

/* Kept as JSON in connections.cursor, in the transaction of each page. */
struct flow_pull_cursor {
    struct str cursor; /* the connector's; absent = from the beginning */
    int64_t since;     /* beginning of the full run under way, by the database's clock; 0 = none */
    int64_t seen;      /* records that this run has brought; 0 = the last run came to its end */
    int64_t total;     /* of how many, as the CRM says; 0 = it does not */
};

/* An absent or unreadable text is the beginning. */
struct flow_pull_cursor flow_pull_cursor_read(struct str json, struct arena *arena);
struct str flow_pull_cursor_text(const struct flow_pull_cursor *cursor, struct arena *arena);

/* How far a pull of the connection has come, for people; NULL when none is under way. */
struct flow_pulling *flow_pulling_of(struct str json, struct arena *arena);

#endif

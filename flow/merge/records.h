/* Any record of a CRM for the merge view: whatever the matching thinks of it. */
#ifndef FLOW_MERGE_RECORDS_H
#define FLOW_MERGE_RECORDS_H

#include "flow/flow.h"
#include "flow/match.h"

/* Resource "FoundRecord". */
struct flow_found_record {
    struct str record_id; /* ours, for the review */
    struct str remote_id; /* the CRM's own */
    struct str display;   /* "Anna Schmidt, Muster GmbH" */
};
extern const struct json_shape flow_found_record_shape;

struct flow_record_query {
    struct id connection;
    struct str text; /* 2 … 200 bytes */
};
/* Records whose name or organisation contains the text, as the CRM finds them (struct flow_found_record); the mirror
 * follows. ERR_INVALID, ERR_NOT_FOUND, ERR_CRM_*. */
int flow_records(const struct flow *flow, const struct flow_actor *actor, const struct flow_record_query *query,
                 struct arena *arena, struct json_list *ret_records, struct err *err);

#endif

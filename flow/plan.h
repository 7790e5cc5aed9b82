/* The change that a person chose, as it is kept sealed from the dry run to the proof. */
#ifndef FLOW_PLAN_H
#define FLOW_PLAN_H

#include "flow/review.h"

struct flow_plan {
    int action;                   /* enum flow_action */
    struct str remote_id;         /* absent: create */
    struct str version;           /* of the CRM's record as it was decided on */
    struct contact before, after; /* the record as seen, and as it shall be */
    struct json_list changes;     /* struct flow_change: what differs, for people */
};
extern const struct json_shape flow_plan_shape;

#endif

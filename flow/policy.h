/* What may be written to a CRM: a connection's policy. */
#ifndef FLOW_POLICY_H
#define FLOW_POLICY_H

#include "base/json.h"

enum flow_write_policy {
    FLOW_POLICY_READ,    /* nothing, and no dry run */
    FLOW_POLICY_PROPOSE, /* dry runs show what would be written; a person does it there */
    FLOW_POLICY_CONFIRM, /* what a person confirmed */
    FLOW_POLICY_FILL,    /* that, and by itself what fills empty fields of an obvious match */
};
extern const char *const flow_policy_words[]; /* "read", "propose", "confirm", "fill", NULL */

/* Input of PATCH /v1/connections/{id}/policy. */
struct flow_policy_change {
    int policy;
    bool native_merge; /* the CRM's own merge of two of its records is allowed; absent = it is not */
};
extern const struct json_shape flow_policy_change_shape;

#endif

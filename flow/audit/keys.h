/* Changing keys, for the command line. Each change is an entry of the audit trail. */
#ifndef FLOW_AUDIT_KEYS_H
#define FLOW_AUDIT_KEYS_H

#include "flow/flow.h"

/* One version of an organisation's data key. */
struct flow_key {
    int64_t version, values; /* values and files sealed under it */
    bool present;
    struct str master; /* which master key it is wrapped under */
    struct str created_at, emptied_at;
};
extern const struct json_shape flow_key_shape;
/* Oldest first (struct flow_key). Counts walk the organisation's tables. */
int flow_key_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                  struct flow_list *ret_list, struct err *err);

/* A fresh data key for what is sealed from now on, and a job that seals the rest anew. *ret_version is the fresh one.
 */
int flow_key_rotate(const struct flow *flow, const struct flow_actor *actor, int64_t *ret_version, struct err *err);

#endif

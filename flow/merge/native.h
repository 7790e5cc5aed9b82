/* The CRM's own merge of two of its records: a separate act, off until an administrator allows it for a connection, and
 * never undone. It takes the way of every write-back: dry run, intent, look after a lost answer. */
#ifndef FLOW_MERGE_NATIVE_H
#define FLOW_MERGE_NATIVE_H

#include "flow/look.h"
#include "flow/plan.h"

/* Whether the connection may merge: policy, the administrator's word, and a CRM that can. ERR_READ_ONLY,
 * ERR_PROPOSE_ONLY, ERR_MERGE_OFF. */
int flow_permit_merge(const struct flow_crm *crm, struct err *err);

/* The plan that merges the record of `wish` into the one looked at, both as they were seen; its changes say per field
 * what goes (before) and what stays (after). ERR_CRM_CONFLICT when the one that goes changed or is gone, ERR_INVALID
 * with a pointer, ERR_NOT_FOUND, as flow_permit_merge(). */
int flow_merge_plan(const struct flow_actor *actor, struct flow_look *look, const struct flow_merge_wish *wish,
                    struct arena *arena, struct flow_plan *ret_plan, struct err *err);

#endif

/* What a connection's policy lets happen. Inside of flow: pages show it, this enforces it. */
#ifndef FLOW_CRM_POLICY_H
#define FLOW_CRM_POLICY_H

#include "flow/connect.h"

/* Policy of a stored word. */
int flow_policy_of(struct str word);
/* ERR_READ_ONLY, ERR_PROPOSE_ONLY: what a dry run, respectively a write or an undo, needs. */
int flow_permit_plan(struct str policy, struct err *err);
int flow_permit_write(struct str policy, struct err *err);

#endif

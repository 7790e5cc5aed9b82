/* The matching policy that holds in an organisation: weights with their thresholds, and survivorship. */
#ifndef FLOW_RULES_POLICY_H
#define FLOW_RULES_POLICY_H

#include "dedupe/dedupe.h"
#include "flow/merge/survivorship.h"
#include "store/match/rules.h"

struct flow_policy {
    const struct dedupe_model *model;
    struct flow_survivorship survivorship;
};

/* What Kartei ships. */
struct flow_policy flow_policy_shipped(void);
/* As kept in the database: JSON in the arena. */
struct str flow_policy_write(const struct flow_policy *policy, struct arena *arena);
int flow_policy_read(struct str kept, struct arena *arena, struct flow_policy *ret_policy, struct err *err);
/* The one that holds: of the active version, else the shipped one. */
int flow_policy_active(struct store_tx *tx, struct arena *arena, struct flow_policy *ret_policy, struct err *err);

#endif

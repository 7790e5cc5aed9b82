/* What is written into the audit trail beside the changes themselves: what was refused, and what was read. */
#ifndef FLOW_AUDIT_AUDIT_H
#define FLOW_AUDIT_AUDIT_H

#include "flow/common.h"

/* The entry of a deed: who, by which way, from where. Views into both. */
struct store_audit flow_audit_entry(const struct flow_actor *actor, const struct flow_deed *deed);

/* Notes a deed that belongs to no transaction (a refused sign-in, a finished test). Returns when it is durable; .state
 * of the deed is not looked at. Actions that end in ".refused" count as guesses (flow/audit/alerts.h). Errors: those of
 * store_audit_append(). */
int flow_audit(const struct flow *flow, const struct flow_actor *actor, const struct flow_deed *deed, struct err *err);

/* Records that a request reads: use cases add what they give away, flow_audit_reads() writes it, one entry a kind. */
struct flow_reads *flow_reads_new(struct arena *arena);
/* The actor gets to see record `id` of the kind ("contact", "scan" …); nothing when the actor collects none. A record
 * that is read twice is noted once. */
void flow_read(const struct flow_actor *actor, const char *kind, const struct id *id);
/* Writes what was collected as entries "KIND.read" with `note` (the operation, e.g. "contact_list") and returns when
 * they are durable: call it before the answer leaves. Nothing collected, nothing written. */
int flow_audit_reads(const struct flow *flow, const struct flow_actor *actor, const char *note, struct err *err);

#endif

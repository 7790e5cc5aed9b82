/* Support grants: an administrator of the organisation lets somebody of support in, says why, how far and for how long.
 * The account is worth nothing without one that holds, and needs a second factor; each request that it makes is in the
 * organisation's own audit trail. A grant ends by itself, or at once when it is revoked. */
#ifndef FLOW_SUPPORT_H
#define FLOW_SUPPORT_H

#include "flow/flow.h"

enum { FLOW_SUPPORT_HOURS = 7 * 24 };

/* Resource "SupportGrant". */
struct flow_support_grant {
    struct str id, user_id, name, email;
    int area;                                                                  /* flow_support_area_words */
    struct str reason, granted_by, created_at, expires_at, ended_at, ended_by; /* by: names of users */
    int state;                                                                 /* flow_support_words */
};
/* Input of POST /v1/support-grants. */
struct flow_support_new {
    struct str email, name, reason;
    int area;      /* -1: configuration */
    int64_t hours; /* 1 … FLOW_SUPPORT_HOURS */
};
extern const struct json_shape flow_support_grant_shape, flow_support_new_shape;
extern const char *const flow_support_area_words[]; /* "configuration", "content" */
extern const char *const flow_support_words[];      /* "active", "expired", "revoked" */

/* All of the organisation (struct flow_support_grant), newest first. ERR_FORBIDDEN. */
int flow_support_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                      struct flow_list *ret_list, struct err *err);
/* Makes the account when there is none yet. ERR_FORBIDDEN; ERR_INVALID with a pointer; ERR_CONFLICT: the address is a
 * user's, or a grant holds already. */
int flow_support_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_support_new *input,
                        struct arena *arena, struct flow_support_grant *ret_grant, struct err *err);
/* Ends a grant and every session of its account. ERR_NOT_FOUND; ERR_CONFLICT when it has ended. */
int flow_support_revoke(const struct flow *flow, const struct flow_actor *actor, struct id grant, struct err *err);

/* Notes a request of support in the audit trail, before it is judged: `operation` names it. Nothing for anybody else.
 * What it reads or changes is noted as everybody's. */
int flow_support_note(const struct flow *flow, const struct flow_actor *actor, const char *operation, struct err *err);

#endif

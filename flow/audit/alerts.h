/* Alerts on suspicious patterns: counted from the audit trail about every minute, and told of at once for a host that
 * data goes to for the first time. Administrators see them, as rows and as events "alert". */
#ifndef FLOW_AUDIT_ALERTS_H
#define FLOW_AUDIT_ALERTS_H

#include "flow/flow.h"

/* Resource "Alert". */
struct flow_alert {
    struct str id;
    int kind;                                 /* flow_alert_words */
    struct str user_id, session_id, token_id; /* the culprit, as far as known */
    struct str address, host;
    int64_t amount;                  /* guesses, records */
    int64_t first_entry, last_entry; /* numbers of audit entries; 0 = none */
    struct str first_at, last_at, seen_by, seen_at;
    struct str sentence; /* in the reader's language */
};
extern const struct json_shape flow_alert_shape;
extern const char *const flow_alert_words[]; /* "guessing", "mass_reading", "mass_export", "new_host": alerts.def */

/* Newest first; `seen`: those too that somebody has seen. Items are struct flow_alert. ERR_FORBIDDEN for others than
 * administrators. */
struct flow_alert_query {
    bool seen;
    struct flow_page page;
};
int flow_alert_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_alert_query *query,
                    struct arena *arena, struct flow_list *ret_list, struct err *err);
/* The actor has seen it. ERR_NOT_FOUND, ERR_CONFLICT (seen already). */
int flow_alert_see(const struct flow *flow, const struct flow_actor *actor, struct id alert, struct arena *arena,
                   struct flow_alert *ret_alert, struct err *err);

/* Looks at one organisation's entries: part of the sweep. */
int flow_alerts_sweep(const struct flow *flow, const struct id *org, struct err *err);

/* Data of the organisation is about to go to `host`: kept, and told of when it is the first time. Asks the database
 * once in a while only. A failure is nobody's: it is tried again the next time. */
void flow_egress_told(const struct flow *flow, const struct id *org, const struct id *connection, struct str host);

#endif

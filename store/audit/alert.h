/* Alerts: suspicious patterns of the audit trail, one row a pattern and a culprit while nobody has seen it. */
#ifndef STORE_AUDIT_ALERT_H
#define STORE_AUDIT_ALERT_H

#include "store/audit/audit.h"

struct store_alert {
    struct id id;
    struct str kind;                /* "guessing", "mass_reading", "mass_export", "new_host" */
    struct id user, session, token; /* the culprit, as far as it is one */
    struct str address_hash;        /* … or by its address; of bursts only */
    struct str address, host;       /* sealed at rest */
    int64_t amount;                 /* guesses, records */
    int64_t first_seq, last_seq;    /* entries of the audit trail; 0 = none */
    int64_t first_at, last_at;      /* ms since 1970 */
    struct id seen_by;
    int64_t seen_at, version;
};

/* What a rule looks for: at least `least` within the last `window_ms`. */
struct store_alert_rule {
    const char *kind;
    int64_t window_ms, least;
};
/* Culprits of the rule at this moment (struct store_alert without id). ERR_INVALID for a kind that is not counted from
 * entries. */
int store_alert_bursts(struct store_tx *tx, const struct store_alert_rule *rule, struct arena *arena,
                       struct json_list *ret_alerts, struct err *err);
/* Raises an alert or brings the open one of the same culprit up to date. *ret_fresh: it was not there before; false too
 * when somebody has seen all of it. *ret_id is only written when it is fresh. */
int store_alert_raise(struct store_tx *tx, const struct store_alert *alert, struct id *ret_id, bool *ret_fresh,
                      struct err *err);
/* Newest first, those that were seen only when asked for. */
int store_alert_list(struct store_tx *tx, const struct store_page *page, bool seen, struct arena *arena,
                     struct json_list *ret_alerts, struct err *err);
int store_alert_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_alert *ret_alert,
                    struct err *err);
/* Somebody has looked. ERR_NOT_FOUND, ERR_CONFLICT (seen already). */
int store_alert_see(struct store_tx *tx, const struct id *id, const struct id *user, struct err *err);

#endif

/* Versions of an organisation's matching rules: draft -> simulated -> active -> retired (-> active again). */
#ifndef STORE_MATCH_RULES_H
#define STORE_MATCH_RULES_H

#include "store/store.h"

struct store_rules {
    struct id id;
    int64_t number;                        /* 1, 2, … in the organisation */
    struct str state;                      /* "draft" | "simulated" | "active" | "retired" */
    struct str origin;                     /* "edited" | "learned" */
    struct str policy, lesson, simulation; /* JSON of the caller, sealed at rest; the latter two may be absent */
    struct id author, activated_by;        /* may be empty */
    int64_t version, created_at, simulated_at, activated_at; /* times 0 = not yet */
};

/* Adds a draft: origin, policy, lesson, author of `rules` count. Adders of an organisation wait for each other. */
int store_rules_add(struct store_tx *tx, const struct store_rules *rules, struct id *ret_id, struct err *err);
/* ERR_NOT_FOUND. */
int store_rules_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_rules *ret_rules,
                    struct err *err);
/* The active ones. ERR_NOT_FOUND: none, so the shipped ones hold. */
int store_rules_active(struct store_tx *tx, struct arena *arena, struct store_rules *ret_rules, struct err *err);
/* The newest 200, newest first (struct store_rules). */
int store_rules_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_rules, struct err *err);
/* Another policy for what was never active: a draft again. ERR_STALE, ERR_NOT_FOUND, ERR_CONFLICT (was active). */
int store_rules_save(struct store_tx *tx, const struct id *id, int64_t version, struct str policy, struct err *err);
/* Keeps how far a simulation of this version of the rules came; with `complete` a draft becomes simulated.
 * ERR_STALE: the rules were changed meanwhile. */
int store_rules_simulated(struct store_tx *tx, const struct store_rules *rules, struct str simulation, bool complete,
                          struct err *err);
/* Makes these the active ones and retires those that were; `id` empty: the shipped ones hold again. ERR_STALE,
 * ERR_NOT_FOUND, ERR_CONFLICT: a draft, or active already. */
int store_rules_activate(struct store_tx *tx, const struct id *id, int64_t version, const struct id *user,
                         struct err *err);

/* What people decided about a contact and a record, both living, newest first (struct store_decision), for learning. */
struct store_decision {
    struct id candidate, contact, record;
    bool same;
};
int store_decisions(struct store_tx *tx, int limit, struct arena *arena, struct json_list *ret_decisions,
                    struct err *err);
/* Asks for a comparison of every contact that waits for a decision. */
int store_contacts_rematch(struct store_tx *tx, int max_attempts, struct err *err);

#endif

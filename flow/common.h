/* Small steps that every use case takes: transactions, who may reach what, ids and times in answers, the audit trail.
 */
#ifndef FLOW_COMMON_H
#define FLOW_COMMON_H

#include "flow/rights.h"
#include "store/journal.h"

/* Begins a transaction in the actor's organisation; what a person changes in it commits only if the person still has
 * the role then (store_act_as). */
int flow_begin(const struct flow *flow, const struct flow_actor *actor, struct store_tx **ret_tx, struct err *err);

/* Region for national phone numbers. */
const char *flow_region(const struct flow *flow);

/* Whether the actor may see (or, with `change`, alter) what lies in the list. ERR_NOT_FOUND to those who may not even
 * know of it, ERR_FORBIDDEN to readers who want to change. */
int flow_reach(struct store_tx *tx, const struct flow_actor *actor, const struct id *list, bool change,
               struct err *err);
/* The contact, if the actor may see it, respectively change it; deleted ones too. */
struct store_contact;
int flow_contact_load(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                      struct store_contact *ret_row, struct err *err);
int flow_contact_own(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                     struct store_contact *ret_row, struct err *err);
/* The contact follows what became of its write-back, by an event of states.def, unless it has gone elsewhere meanwhile
 * (a change, the bin). */
int flow_contact_follow(struct store_tx *tx, const struct id *id, const char *event, struct arena *arena,
                        struct err *err);
/* The scan as the transaction sees it, without asking who may. */
struct flow_scan;
int flow_scan_fresh(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                    struct flow_scan *ret_scan, struct err *err);
/* The name of one user; absent when there is none of the id. Of many: flow_user_name(). */
struct str flow_name_of(struct store_tx *tx, const struct id *user, struct arena *arena);
/* What came out of the jail may be any text: a value that does not stand up is dropped, the rest is kept. */
struct contact;
void flow_contact_keep_sound(struct contact *contact, const char *region, struct arena *arena);
/* NULL for who reaches everything, else the actor: the user by whom stores filter their lists. */
const struct id *flow_only(const struct flow_actor *actor);

/* The id of a text of the request. ERR_INVALID with the pointer. */
int flow_id_read(struct str text, const char *pointer, struct id *ret_id, struct err *err);
/* The id as text in the arena, absent when there is none. */
struct str flow_id_text(const struct id *id, struct arena *arena);
/* RFC 3339, absent for 0. */
struct str flow_time_text(int64_t ms, struct arena *arena);
/* A problem by its slug and parameter, in the actor's language; NULL when there is none. */
struct flow_problem *flow_problem_of(const struct flow_actor *actor, struct str slug, struct str param,
                                     struct arena *arena);
/* The language of what is said to who asks for `tag` ("en"); German for every other. */
static inline const char *flow_language(struct str tag)
{
    return str_eq(tag, STR("en")) ? "en" : "de";
}
/* A sentence in the actor's language. */
static inline const char *flow_say(const struct flow_actor *actor, const char *en, const char *de)
{
    return actor->language && actor->language[0] == 'd' && actor->language[1] == 'e' ? de : en;
}

/* What the database is asked for one page: one item more than wanted tells whether there is a next page. */
int flow_page_ask(const struct flow_page *page, struct id *ret_before, int *ret_limit, struct err *err);
/* How many of n rows belong to the page. */
static inline size_t flow_page_keep(const struct flow_page *page, size_t n)
{
    return n > (size_t)page->limit ? (size_t)page->limit : n;
}

/* Keeps the answer of a keyed request (flow_actor.once) in the transaction of its work; nothing without a key. */
struct flow_idempotency_answer;
int flow_once(struct store_tx *tx, const struct flow_actor *actor, const struct flow_idempotency_answer *answer,
              struct err *err);

/* Something happened: an audit entry, and an event "kind/state" when state is not NULL; in the transaction of what
 * happened. What has none: flow_audit() in flow/audit/audit.h. */
struct flow_deed {
    const char *action, *kind; /* "contact.update", "contact" */
    const struct id *subject;
    const char *state;        /* for the event stream, or NULL */
    const char *note;         /* words for the audit trail, or NULL */
    const struct id *records; /* further records it touched, n of them */
    size_t n;
};
void flow_tell(struct store_tx *tx, const struct flow_actor *actor, const struct flow_deed *deed);

#endif

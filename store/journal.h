/* The journal of an organisation: audit entries in a hash chain, and events for those who watch. Both are collected in
 * the transaction and written by store_commit(), last of all, in commit order. */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "store/store.h"

/* Ids and words only, never a name or value of a person: entries outlive erasure. */
struct store_audit {
    struct id user;      /* who; empty = the system */
    const char *action;  /* "contact.update" … */
    const char *kind;    /* what: "contact", "write_back" … */
    struct id subject;   /* may be empty */
    const char *request; /* request id, or NULL */
    const char *note;    /* words: "state=written attempt=2", or NULL; ≤ 400 bytes */
};
void store_audit(struct store_tx *tx, const struct store_audit *entry);

/* Walks the chain from its beginning. *ret_bad is 0 when whole, else the number of the first entry that was changed,
 * moved or is missing (one past the last for a cut tail). *ret_n counts entries. */
int store_audit_verify(struct store_tx *tx, int64_t *ret_n, int64_t *ret_bad, struct err *err);

struct store_event {
    int64_t id;      /* grows within the organisation, without gaps, in commit order */
    struct str type; /* "scan" | "contact" | "write_back" | "connection" | "job" */
    struct id subject;
    struct str state;
};
void store_event(struct store_tx *tx, const char *type, const struct id *subject, const char *state);

/* Events after `after` (struct store_event), oldest first, at most 500. *ret_first is the oldest still kept: if `after`
 * + 1 is smaller, some were missed. *ret_last is the newest id ever given (0 = none). */
struct store_events {
    struct json_list items;
    int64_t first, last;
};
int store_events_after(struct store_tx *tx, int64_t after, struct arena *arena, struct store_events *ret_events,
                       struct err *err);

#endif

/* Questions to the audit trail: what was done by a session, a token, a grant, a user, from an address, to a record. */
#ifndef STORE_AUDIT_FIND_H
#define STORE_AUDIT_FIND_H

#include "store/audit/audit.h"

/* What is empty, absent or 0 is not asked for. */
struct store_audit_query {
    struct id session, token, grant, user, record; /* record: the subject or one of the records */
    struct str address;                            /* exactly as it was noted */
    struct str action;                             /* "contact.read"; with % for any text: "%.refused" */
    int64_t from, to;                              /* ms since 1970; to is excluded */
    int64_t before;                                /* entries with a smaller number */
    int limit;                                     /* 1 … 10001 */
};

/* An entry with everything opened. */
struct store_audit_entry {
    int64_t seq, at;
    struct id user, session, token, grant, subject;
    struct str address, action, kind, request, note, why;
    struct str records; /* ids separated by blanks, "" = none */
};
/* Newest first (struct store_audit_entry). ERR_SEAL when a sealed value was changed. */
int store_audit_find(struct store_tx *tx, const struct store_audit_query *query, struct arena *arena,
                     struct json_list *ret_entries, struct err *err);

/* A record that was touched, how often, first and last. */
struct store_audit_record {
    struct str kind;
    struct id id;
    int64_t times, first_at, last_at;
};
/* The different records of the entries that fit, by their first time (struct store_audit_record); without an action
 * those that were read. */
int store_audit_records(struct store_tx *tx, const struct store_audit_query *query, struct arena *arena,
                        struct json_list *ret_records, struct err *err);

#endif

/* Questions to the audit trail, for administrators and the command line. */
#ifndef FLOW_AUDIT_SEARCH_H
#define FLOW_AUDIT_SEARCH_H

#include "flow/flow.h"

/* What is absent is not asked for. */
struct flow_audit_query {
    struct str session, token, grant, user, record; /* UUIDs */
    struct str address;                             /* as it was noted */
    struct str action;                              /* "contact.read"; % stands for any text: "%.refused" */
    struct str from, to;                            /* RFC 3339; to is excluded */
    struct flow_page page;
};

/* Resource "AuditEntry". */
struct flow_audit_entry {
    int64_t number;
    struct str at, user_id, session_id, token_id, grant_id, address, action, kind, subject_id;
    struct json_list records; /* struct str: UUIDs */
    struct str request, note, why;
};
/* Resource "AuditRecord": a record that the entries touched. */
struct flow_audit_record {
    struct str kind, id;
    int64_t times;
    struct str first_at, last_at;
};
enum { FLOW_AUDIT_RECORDS = 10000 };
/* Resource "AuditRecords": at most FLOW_AUDIT_RECORDS, by their first time. */
struct flow_audit_records {
    struct json_list items; /* struct flow_audit_record */
    bool more;              /* there are more than these: narrow the question */
};
extern const struct json_shape flow_audit_entry_shape, flow_audit_record_shape, flow_audit_records_shape;

/* Entries, newest first (struct flow_audit_entry). That somebody looked is an entry too. Errors: ERR_FORBIDDEN,
 * ERR_INVALID with a pointer, ERR_BAD_CURSOR, ERR_SEAL (an entry was tampered with). */
int flow_audit_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_audit_query *query,
                    struct arena *arena, struct flow_list *ret_list, struct err *err);
/* "Which records did session X read?": without an action, what was read. .page is not looked at. */
int flow_audit_touched(const struct flow *flow, const struct flow_actor *actor, const struct flow_audit_query *query,
                       struct arena *arena, struct flow_audit_records *ret_records, struct err *err);

#endif

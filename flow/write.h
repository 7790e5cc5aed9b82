/* Write-backs: the change sent to a CRM, from intent to proof, exactly once; and its way back. */
#ifndef FLOW_WRITE_H
#define FLOW_WRITE_H

#include "flow/flow.h"
#include "flow/preview.h"

/* Resource "WriteBack". */
struct flow_write_back {
    struct str id;
    int state; /* flow_write_back_words */
    int action;
    struct str sentence; /* what the state means, in the actor's language */
    struct str contact_id;
    struct str display; /* the contact's name as it is now; absent when there is none */
    struct flow_connection_ref connection;
    struct str connection_id;
    struct str remote_id;     /* absent until known */
    struct json_list changes; /* struct flow_change */
    struct json_list rulings; /* struct flow_ruling */
    struct flow_problem *problem;
    bool parked; /* nothing is sent any more until a person says so: resend, or leave */
    bool undoable;
    struct str not_undoable;   /* why not, in words; absent when undoable */
    struct str undoable_until; /* RFC 3339, absent when not undoable */
    struct str by;             /* name of who decided it; absent: the policy, or a user who is gone */
    struct str policy; /* flow_policy_words: the connection's, where it decided by itself; absent: a person did */
    struct str created_at, updated_at;
    struct str job_id;
    int64_t version;
};
/* Input of POST /v1/write-backs. */
struct flow_write_new {
    struct str preview_id;
};
extern const struct json_shape flow_write_back_shape, flow_write_new_shape;
/* "intent", "sending", "uncertain", "waiting", "written", "conflict", "refused", "undoing", "undone", "undo_conflict",
 * "left", NULL: states.def */
extern const char *const flow_write_back_words[];

struct flow_write {
    struct id preview;
    int64_t version; /* of the contact, as the caller saw it */
};
/* Keeps the intent and a job in one transaction; the worker sends. A preview becomes one write-back at most: asked
 * again it returns the same. Errors: ERR_NOT_FOUND (or expired), ERR_FORBIDDEN, ERR_STALE, ERR_CONFLICT (another write
 * of this contact to this connection is under way). */
int flow_write_commit(const struct flow *flow, const struct flow_actor *actor, const struct flow_write *input,
                      struct arena *arena, struct flow_write_back *ret_write_back, struct err *err);

struct flow_write_query {
    struct id contact;        /* empty = all */
    int state;                /* index into flow_write_back_words, -1 = any */
    struct id connection, by; /* empty = any; by: who decided it */
    int64_t days;             /* decided within so many; 0 = any */
    struct flow_page page;
};
/* Newest first; items are struct flow_write_back. */
int flow_write_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_write_query *query,
                    struct arena *arena, struct flow_list *ret_list, struct err *err);
int flow_write_get(const struct flow *flow, const struct flow_actor *actor, struct id write_back, struct arena *arena,
                   struct flow_write_back *ret_write_back, struct err *err);

/* One field of a conflict: what we want there, what is there now, and what was there when it was decided. */
struct flow_conflict_field {
    struct str field, intent, now, loaded; /* JSON values, absent = none */
    bool theirs;                           /* somebody else changed it since */
};
/* Resource "Conflict". Of a write-back: `intent` is what it would have written, `loaded` what the person saw. Of its
 * way back: `intent` is what was there before it, `loaded` what it left there. */
struct flow_conflict {
    struct str write_back_id;
    int state;
    bool gone;               /* the record was deleted, or merged into another, in the CRM: there is no "now" */
    struct str fetched_at;   /* RFC 3339 */
    struct json_list fields; /* struct flow_conflict_field: where the three are not all the same */
};
extern const struct json_shape flow_conflict_shape, flow_conflict_field_shape;
/* Reads the record from the CRM now and puts it beside both; of what is written and can be taken back: what its way
 * back would meet. ERR_CONFLICT for a write-back in another state, ERR_NOT_FOUND when its 30 days are over, ERR_CRM_*.
 */
int flow_write_conflict(const struct flow *flow, const struct flow_actor *actor, struct id write_back,
                        struct arena *arena, struct flow_conflict *ret_conflict, struct err *err);

/* Asks for the way back; the worker restores what was there if the record is unchanged since. ERR_NOT_UNDOABLE with the
 * reason, ERR_CONFLICT when its state does not allow it. */
int flow_write_undo(const struct flow *flow, const struct flow_actor *actor, struct id write_back, struct arena *arena,
                    struct flow_write_back *ret_write_back, struct err *err);
/* Tries again what waits or is parked as uncertain, now. ERR_CONFLICT in other states. */
int flow_write_retry(const struct flow *flow, const struct flow_actor *actor, struct id write_back, struct arena *arena,
                     struct flow_write_back *ret_write_back, struct err *err);
/* Sends once more what is parked: the person has looked, and it is not there. ERR_CONFLICT for anything else. */
int flow_write_resend(const struct flow *flow, const struct flow_actor *actor, struct id write_back,
                      struct arena *arena, struct flow_write_back *ret_write_back, struct err *err);
/* Ends what is parked or waits: nothing is sent any more, and the contact is to be decided again. ERR_CONFLICT for
 * anything else, also when the worker was faster. */
int flow_write_leave(const struct flow *flow, const struct flow_actor *actor, struct id write_back, struct arena *arena,
                     struct flow_write_back *ret_write_back, struct err *err);

#endif

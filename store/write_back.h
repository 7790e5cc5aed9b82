/* Previews and write-backs: the change a person chose, from intent to proof. Every step names the state it leaves and
 * the attempt it belongs to, so that a worker that lost its lease changes nothing. */
#ifndef STORE_WRITE_BACK_H
#define STORE_WRITE_BACK_H

#include "store/store.h"

struct store_preview {
    struct id id, contact, connection, record, user; /* record empty = create */
    int64_t contact_version;
    struct str action; /* "create" | "update" */
    struct str plan;   /* JSON of the caller, sealed at rest */
    int64_t created_at, expires_at;
};

int store_preview_add(struct store_tx *tx, const struct store_preview *preview, int64_t life_ms, struct id *ret_id,
                      struct err *err);
/* ERR_NOT_FOUND: unknown, expired or used. */
int store_preview_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_preview *ret_preview,
                      struct err *err);
/* Uses it up: of two callers one gets ERR_NOT_FOUND. */
int store_preview_use(struct store_tx *tx, const struct id *id, struct err *err);

struct store_write_back {
    struct id id, contact, connection, record, user, job; /* record empty = create; job may be empty */
    struct str action;                                    /* "create" | "update" | "delete" (undo of a create) */
    struct str state;  /* intent sending uncertain written conflict refused waiting undoing undone undo_conflict */
    int64_t attempt;   /* grows with every entry into "sending" or "undoing" */
    struct id marker;  /* travels to the CRM where it can keep one; by it a lost create is found */
    struct str plan;   /* JSON of the caller, sealed at rest; absent 30 days after its end, as `before` then is */
    struct str before; /* JSON before-image, sealed at rest; absent until known */
    struct str remote_id, version_seen, version_after; /* sealed at rest; absent until known */
    struct str problem, param;                         /* slug and parameter of base/errors.def */
    struct id undo_of;                                 /* the write-back that this one undoes; may be empty */
    int64_t due_at; /* when something is to be done: deadline of "sending", next try of "waiting"; 0 = nothing */
    int64_t contact_version, version, created_at, updated_at;
};

/* Writes the intent with contact, connection, record, user, action, plan, remote_id, version_seen, contact_version,
 * undo_of of `write_back`; marker is made here. ERR_CONFLICT when another one of this contact to this connection is
 * under way. */
int store_write_back_add(struct store_tx *tx, const struct store_write_back *write_back, struct id *ret_id,
                         struct err *err);
int store_write_back_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                         struct store_write_back *ret_write_back, struct err *err);

struct store_write_back_filter {
    const struct id *user, *contact,
        *record;      /* NULL = any; user: reaches the contact's list; record: of the mirror, as an update named it */
    struct str state; /* absent = any */
    struct id connection, by; /* empty = any; by: who decided it */
    int64_t days;             /* decided within so many; 0 = any */
};
int store_write_back_list(struct store_tx *tx, const struct store_write_back_filter *filter,
                          const struct store_page *page, struct arena *arena, struct json_list *ret_write_backs,
                          struct err *err);

/* One step. Values that are absent (or 0) stay as they are, but problem/param, which become what is given here. */
struct store_step {
    struct id id;
    const char *from, *to;
    int64_t attempt;   /* the attempt the caller works in */
    int64_t due_in_ms; /* due_at becomes that much after the database's now; 0 = nothing is due */
    struct str before, remote_id, version_seen, version_after, problem, param;
};
/* Takes the step; *ret_attempt is the attempt from now on. Commit before you act on it. ERR_CONFLICT when the
 * write-back is not in state `from` or not at `attempt`. */
int store_write_back_step(struct store_tx *tx, const struct store_step *step, int64_t *ret_attempt, struct err *err);
int store_write_back_set_job(struct store_tx *tx, const struct id *id, const struct id *job, struct err *err);

/* What is due over all organisations and has no job queued or running: a net under the jobs. */
struct store_due {
    struct id org, id;
};
/* At most 100 struct store_due. */
int store_write_back_due(struct store *store, struct arena *arena, struct json_list *ret_due, struct err *err);

#endif

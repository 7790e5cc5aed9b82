/* Batches: obvious matches of one connection that are written together, each contact once in each. */
#ifndef STORE_CRM_BATCH_H
#define STORE_CRM_BATCH_H

#include "store/store.h"

struct store_batch {
    struct id id, connection, user; /* by whose rights it is written */
    struct str state;               /* states.def: batch */
    struct str problem;             /* slug of base/errors.def; absent = none */
    int64_t created_at, version;
    int64_t total, sampled, yes;                            /* contacts, those to be judged, those judged right */
    int64_t open, left, under_way, written, failed, undone; /* contacts by what became of them */
};

struct store_batch_item {
    struct id contact, record, write_back; /* write_back empty = not handed over */
    int64_t contact_version;
    struct str fields;  /* names of contact/fields.def that would change, separated by commas */
    bool sampled;       /* is to be judged before the rest is written */
    struct str judged;  /* "yes" | "no"; absent = not yet */
    struct str state;   /* "open", "left", or the state of its write-back */
    struct str problem; /* slug; absent = none */
};

struct store_batch_choose {
    struct id connection;
    const struct id *user; /* contacts in lists that the user reaches; NULL = all */
    int most;
};
/* Contacts that a batch may take (.contact and .record of struct store_batch_item), oldest first. */
int store_batch_choose(struct store_tx *tx, const struct store_batch_choose *choose, struct arena *arena,
                       struct json_list *ret_items, struct err *err);
/* Adds a batch for .connection and .user with n ≤ 1000 items (of which contact, contact_version, record, fields and
 * sampled matter). ERR_NOT_FOUND: the connection is gone. */
int store_batch_add(struct store_tx *tx, const struct store_batch *batch, const struct store_batch_item *items,
                    size_t n, struct id *ret_id, struct err *err);
/* ERR_NOT_FOUND. */
int store_batch_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_batch *ret_batch,
                    struct err *err);
/* struct store_batch, newest first; `user` NULL = everybody's. */
int store_batch_list(struct store_tx *tx, const struct id *user, const struct store_page *page, struct arena *arena,
                     struct json_list *ret_batches, struct err *err);
/* How many contacts would change in which field (struct store_batch_change), most first. */
struct store_batch_change {
    struct str field;
    int64_t n;
};
int store_batch_changes(struct store_tx *tx, const struct id *id, struct arena *arena, struct json_list *ret_changes,
                        struct err *err);

struct store_batch_filter {
    struct id batch;
    bool sampled;     /* only those to be judged */
    struct str state; /* absent = any */
};
/* struct store_batch_item, by contact, the latest first. */
int store_batch_items(struct store_tx *tx, const struct store_batch_filter *filter, const struct store_page *page,
                      struct arena *arena, struct json_list *ret_items, struct err *err);
/* Items whose write-back can be taken back and was not tried in vain (.contact and .write_back), at most `most`. */
int store_batch_undoable(struct store_tx *tx, const struct id *id, int most, struct arena *arena,
                         struct json_list *ret_items, struct err *err);

/* Until the end of the transaction the batch stays in that state. ERR_CONFLICT when it is in another. */
int store_batch_lock(struct store_tx *tx, const struct id *id, const char *state, struct err *err);
/* ERR_NOT_FOUND: the contact is none of the sample. */
int store_batch_judge(struct store_tx *tx, const struct id *id, const struct id *contact, bool right, struct err *err);
/* Changes the state; version 0 = whatever it is; `problem` absent = none. ERR_CONFLICT when it is not in `from`,
 * ERR_STALE when the version is another, ERR_NOT_FOUND. */
struct store_batch_step {
    struct id id;
    const char *from, *to;
    struct str problem;
    int64_t version;
};
int store_batch_step(struct store_tx *tx, const struct store_batch_step *step, struct err *err);
/* The contact's change is a write-back now. ERR_CONFLICT when the item is not open any more. */
int store_batch_handed(struct store_tx *tx, const struct id *id, const struct id *contact, const struct id *write_back,
                       struct err *err);
/* Leaves an open item, or notes why a write-back of it could not be taken back. */
int store_batch_problem(struct store_tx *tx, const struct id *id, const struct id *contact, struct str problem,
                        struct err *err);
/* Leaves all that is open. */
int store_batch_leave(struct store_tx *tx, const struct id *id, struct err *err);

#endif

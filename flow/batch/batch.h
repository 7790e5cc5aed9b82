/* Batches: obvious matches of one connection that are written together. The service draws a sample, a person judges it,
 * and nothing is written before all of the sample was called right; the first "no" sends everything to review. */
#ifndef FLOW_BATCH_BATCH_H
#define FLOW_BATCH_BATCH_H

#include "flow/review.h"

enum {
    FLOW_BATCH_MOST = 500, /* contacts of one batch */
    FLOW_BATCH_SAMPLE = 10 /* to be judged; all, where there are fewer */
};

/* Input of POST /v1/batches. */
struct flow_batch_new {
    struct str connection_id;
};
/* Input of POST /v1/batches/{id}/judgements. */
struct flow_batch_judgement {
    struct str contact_id;
    bool right; /* the same person, and what would change is right */
};
/* Input of PATCH /v1/batches/{id}. */
struct flow_batch_wish {
    int state; /* flow_batch_words: "running", "paused", "stopped", "undoing" */
};
/* In how many contacts a field would change. */
struct flow_batch_change {
    struct str field;
    int64_t n;
};
/* Resource "Batch". */
struct flow_batch {
    struct str id;
    int state;           /* flow_batch_words */
    struct str sentence; /* what the state means, in the actor's language */
    struct flow_review_connection connection;
    struct str rule;          /* which contacts were chosen, in the actor's language */
    struct str by;            /* who asked; absent when that user is gone */
    bool yours;               /* the actor asked */
    int64_t total;            /* contacts */
    int64_t sample, judged;   /* how many of them are to be judged, and were called right */
    struct json_list changes; /* struct flow_batch_change, most first */
    int64_t open, under_way, written, failed, left, undone; /* contacts by what became of them */
    struct flow_problem *problem;                           /* why it pauses by itself; NULL = it does not */
    struct str created_at;
    int64_t version;
};
/* Resource "BatchItem". */
struct flow_batch_item {
    struct str contact_id, record_id;
    struct str display;      /* name; absent when the actor may not see the contact, or it has none */
    struct json_list fields; /* struct str: that would change */
    bool sampled;
    int judged;                   /* flow_judged_words; -1 = not yet */
    struct str state;             /* "open", "left", or the state of the write-back */
    struct flow_problem *problem; /* why it was left, refused or could not be taken back */
    struct str write_back_id;     /* absent until it was handed over */
};
extern const struct json_shape flow_batch_shape, flow_batch_new_shape, flow_batch_judgement_shape,
    flow_batch_wish_shape, flow_batch_item_shape, flow_batch_change_shape;
/* states.def: "sampling", "running", "paused", "stopped", "done", "undoing", "undone", NULL; "yes", "no", NULL. */
extern const char *const flow_batch_words[], *const flow_judged_words[];

/* Chooses contacts and draws the sample; nothing is written. Errors: ERR_INVALID, ERR_NOT_FOUND (connection),
 * ERR_READ_ONLY, ERR_PROPOSE_ONLY, ERR_NOTHING_OBVIOUS. */
int flow_batch_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_batch_new *input,
                      struct arena *arena, struct flow_batch *ret_batch, struct err *err);
/* struct flow_batch, newest first; one's own, or all with "any". */
int flow_batch_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_page *page,
                    struct arena *arena, struct flow_list *ret_list, struct err *err);
int flow_batch_get(const struct flow *flow, const struct flow_actor *actor, struct id batch, struct arena *arena,
                   struct flow_batch *ret_batch, struct err *err);

struct flow_batch_query {
    struct id batch;
    bool sampled;     /* only the sample */
    struct str state; /* absent = any */
    struct flow_page page;
};
/* struct flow_batch_item. */
int flow_batch_items(const struct flow *flow, const struct flow_actor *actor, const struct flow_batch_query *query,
                     struct arena *arena, struct flow_list *ret_list, struct err *err);

struct flow_batch_judge {
    struct id batch;
    struct flow_batch_judgement judgement;
};
/* "No" stops the batch and leaves everything to review. Errors: ERR_NOT_FOUND (also: the contact is not in the sample),
 * ERR_CONFLICT (it is no more to be judged). */
int flow_batch_judge(const struct flow *flow, const struct flow_actor *actor, const struct flow_batch_judge *judge,
                     struct arena *arena, struct flow_batch *ret_batch, struct err *err);

struct flow_batch_turn {
    struct id batch;
    int64_t version;
    int state; /* as wished */
};
/* Starts, pauses, goes on, stops, or takes everything back. Errors: ERR_NOT_FOUND, ERR_STALE, ERR_CONFLICT (no such
 * step), ERR_SAMPLE_OPEN, ERR_READ_ONLY, ERR_PROPOSE_ONLY. */
int flow_batch_turn(const struct flow *flow, const struct flow_actor *actor, const struct flow_batch_turn *turn,
                    struct arena *arena, struct flow_batch *ret_batch, struct err *err);

#endif

/* Idempotency-Key as Stripe has it: first status and body kept, another body refused, a running first one said so. */
#ifndef FLOW_IDEMPOTENCY_H
#define FLOW_IDEMPOTENCY_H

#include "flow/flow.h"

struct flow_idempotency {
    struct str key;         /* 1 … 255 printable ASCII characters */
    struct str route;       /* "POST /v1/scans" */
    struct str fingerprint; /* hash of what was sent (body, and what of the path matters); any bytes */
};
struct flow_idempotency_state {
    bool replay;    /* a finished first request: answer with what follows and do nothing */
    int64_t status; /* HTTP status of the first answer */
    struct str location, body;
};
/* Takes the key for (user, route). Errors: ERR_INVALID (form of the key), ERR_KEY_REUSED, ERR_KEY_BUSY. A first request
 * that died is taken over after half a minute. For an upload whose fingerprint is known only at its end, use
 * flow_idempotency_begin() after the bytes have arrived and before flow_submit_commit(). */
int flow_idempotency_begin(const struct flow *flow, const struct flow_actor *actor,
                           const struct flow_idempotency *request, struct arena *arena,
                           struct flow_idempotency_state *ret_state, struct err *err);

struct flow_idempotency_answer {
    int64_t status;
    struct str location; /* absent = none */
    struct str body;     /* kept sealed for 24 h */
};
/* Keeps the first answer. Where the use case did so in its own transaction (flow_actor.once) nothing is left to do. */
int flow_idempotency_finish(const struct flow *flow, const struct flow_actor *actor,
                            const struct flow_idempotency *request, const struct flow_idempotency_answer *answer,
                            struct err *err);
/* Gives the key back after an answer that did nothing (validation, 5xx), so that the client may use it again. */
int flow_idempotency_forget(const struct flow *flow, const struct flow_actor *actor,
                            const struct flow_idempotency *request, struct err *err);

#endif

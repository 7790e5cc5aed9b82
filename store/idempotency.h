/* Idempotency keys: the first answer to a keyed request is kept and given again. */
#ifndef STORE_IDEMPOTENCY_H
#define STORE_IDEMPOTENCY_H

#include "store/store.h"

enum store_replay {
    STORE_FIRST,    /* do it, then store_idempotency_finish() or _drop() */
    STORE_REPLAY,   /* it was done: the answer then */
    STORE_BUSY,     /* the first one is still running */
    STORE_MISMATCH, /* the key was used with other content */
};

struct store_key {
    struct id principal;    /* user or token */
    struct str route;       /* "POST /v1/scans" */
    struct str key;         /* as sent; stored as keyed hash */
    struct str fingerprint; /* hash over the content; stored as keyed hash */
};

struct store_answer {
    int64_t status;
    struct str head, body; /* the caller's own form, sealed at rest */
};

/* What became of a key. */
struct store_keyed {
    enum store_replay replay;
    struct store_answer answer; /* STORE_REPLAY only */
};
/* Notes the key in a transaction of its own. A first one that has not ended within half a minute (its process died) is
 * forgotten. */
int store_idempotency_begin(struct store *store, const struct id *org, const struct store_key *key, struct arena *arena,
                            struct store_keyed *ret_keyed, struct err *err);
/* Keeps the answer for 24 hours; in the transaction of the work, so that both happen or none. */
int store_idempotency_finish(struct store_tx *tx, const struct store_key *key, const struct store_answer *answer,
                             struct err *err);
/* Forgets a first one that did nothing (refused before any effect), so that it may be repeated. */
int store_idempotency_drop(struct store *store, const struct id *org, const struct store_key *key, struct err *err);

#endif

/* OAuth in the database: authorisations that a person has begun, and the tokens that came of them. A state is kept as
 * its hash; whatever else is secret is sealed with its row's identity. */
#ifndef STORE_CRM_OAUTH_H
#define STORE_CRM_OAUTH_H

#include "store/store.h"

struct store_oauth_begun {
    struct id session, user, connection;
    int64_t connection_version; /* as it was when the person was sent away */
    struct str trip;            /* the caller's own JSON, sealed at rest */
};
/* Keeps it for `life_ms`. The session's earlier one for the connection ends. */
int store_oauth_begin(struct store_tx *tx, const struct store_oauth_begun *begun, struct str state, int64_t life_ms,
                      struct err *err);
/* Uses it up: of any number of callers exactly one succeeds, also when its transaction then does nothing else.
 * ERR_NOT_FOUND: unknown, used, run out, or begun by another session or organisation (whose it stays). */
int store_oauth_take(struct store_tx *tx, struct str state, const struct id *session, struct arena *arena,
                     struct store_oauth_begun *ret_begun, struct err *err);

/* Tokens of a connection. Spans are by the database's clock at the moment of reading, negative when over. */
struct store_tokens {
    struct str access, refresh, base, scope; /* sealed at rest; absent when there is none */
    bool ended;                              /* the provider takes the grant no longer */
    int64_t failures;                        /* in a row */
    struct id granted_by;
    int64_t granted_at, renewed_at; /* ms since 1970, 0 = never */
    int64_t expires_in_ms;          /* end of the access token's life */
    int64_t renew_in_ms;            /* from then on it is renewed before use */
    int64_t wait_ms;                /* cool-down after a failure: ask no sooner */
    int64_t age_ms;                 /* since the access token came */
};
/* ERR_NOT_FOUND: never granted. `arena` should be a wiping one. */
int store_tokens_get(struct store_tx *tx, const struct id *connection, struct arena *arena,
                     struct store_tokens *ret_tokens, struct err *err);
/* The same, making the row when it is missing and locking it until the end of the transaction: whoever waited sees what
 * the one before stored. ERR_BUSY after ten seconds. */
int store_tokens_lock(struct store_tx *tx, const struct id *connection, struct arena *arena,
                      struct store_tokens *ret_tokens, struct err *err);

struct store_tokens_new {
    struct id connection, granted_by; /* granted_by: empty for a renewal, which keeps what it does not bring */
    struct str access, refresh, base, scope;
    int64_t life_ms, margin_ms; /* of the access token; renewed so long before its end */
};
int store_tokens_put(struct store_tx *tx, const struct store_tokens_new *tokens, struct err *err);
/* A renewal failed for now: none is tried within `wait_ms`. */
int store_tokens_fail(struct store_tx *tx, const struct id *connection, int64_t wait_ms, struct err *err);
/* The grant is over: erases the tokens and remembers that. */
int store_tokens_end(struct store_tx *tx, const struct id *connection, struct err *err);
/* Erases all of it. None is fine. */
int store_tokens_drop(struct store_tx *tx, const struct id *connection, struct err *err);

#endif

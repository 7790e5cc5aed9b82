/* Sessions and one-time sign-in links. Tokens are 256 random bits of the caller; only their SHA-256 is stored. */
#ifndef STORE_SESSION_H
#define STORE_SESSION_H

#include "base/crypto.h"
#include "store/people.h"

struct store_session {
    struct id id, org;
    struct store_user user;     /* without password_hash */
    struct crypto_key csrf_key; /* random, for the caller to derive the CSRF token from */
    int64_t created_at, seen_at, expires_at;
};

/* Creates a session that ends after `life_ms` whatever happens. */
int store_session_add(struct store_tx *tx, const struct id *user, struct str token, int64_t life_ms, struct err *err);
/* The live session of a token, over all organisations: not expired, seen within `idle_ms`, user active. Notes that it
 * was seen (at most once a minute). ERR_UNAUTHENTICATED. */
int store_session_find(struct store *store, struct str token, int64_t idle_ms, struct arena *arena,
                       struct store_session *ret_session, struct err *err);
/* Ends one session, or all sessions of a user. Ending what has ended is no error. */
int store_session_end(struct store_tx *tx, const struct id *session, struct err *err);
int store_session_end_all(struct store_tx *tx, const struct id *user, struct err *err);

/* Adds a link that works once within `life_ms`; it voids the user's older ones. */
int store_login_link_add(struct store_tx *tx, const struct id *user, struct str token, int64_t life_ms,
                         struct err *err);
/* Uses a link up, over all organisations; of any number of callers exactly one succeeds. ERR_BAD_LOGIN: unknown, used,
 * expired, or the user is not active. */
int store_login_link_use(struct store *store, struct str token, struct id *ret_org, struct id *ret_user,
                         struct err *err);

/* Deletes what has run out in all organisations: sessions, links, idempotency keys, events, previews, finished jobs. */
int store_prune(struct store *store, struct err *err);

#endif

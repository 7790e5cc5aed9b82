/* Sessions and one-time sign-in links. Tokens are 256 random bits of the caller; only their SHA-256 is stored. */
#ifndef STORE_SESSION_H
#define STORE_SESSION_H

#include "base/crypto.h"
#include "store/people.h"

struct store_session {
    struct id id, org;
    struct store_user user;     /* without password_hash */
    struct id grant;            /* the one that lets support in (store/rights/grant.h); empty for everybody else */
    struct str area, reason;    /* of the grant */
    struct crypto_key csrf_key; /* random, for the caller to derive the CSRF token from */
    int64_t created_at, seen_at, expires_at;
};

struct store_session_new {
    struct id user;
    struct str token;
    int64_t life_ms; /* it ends after that, whatever happens */
    const char *method;
    struct str client; /* what is known of the browser, for people; sealed at rest */
};
int store_session_add(struct store_tx *tx, const struct store_session_new *session, struct err *err);
/* The live session of a token, over all organisations: not expired, seen within `idle_ms`, user active. Notes that it
 * was seen (at most once a minute). ERR_UNAUTHENTICATED. */
int store_session_find(struct store *store, struct str token, int64_t idle_ms, struct arena *arena,
                       struct store_session *ret_session, struct err *err);
/* One of a user's living sessions. */
struct store_session_row {
    struct id id;
    int64_t created_at, seen_at;
    struct str method, client; /* absent for sessions from before they were kept */
};
/* Seen within idle_ms, last used first (struct store_session_row, at most 200). */
int store_session_list(struct store_tx *tx, const struct id *user, int64_t idle_ms, struct arena *arena,
                       struct json_list *ret_sessions, struct err *err);
/* Ends one session, one of a user's or (NULL) of the organisation (ERR_NOT_FOUND), all sessions of a user, or
 * everything that signs anybody in: the sessions, links and half-done sign-ins of a user or (NULL) of the organisation.
 * Ending what has ended is no error. */
int store_session_end(struct store_tx *tx, const struct id *session, struct err *err);
int store_session_end_of(struct store_tx *tx, const struct id *session, const struct id *user, struct err *err);
int store_session_end_all(struct store_tx *tx, const struct id *user, struct err *err);
/* All of a user but one. */
int store_session_end_others(struct store_tx *tx, const struct id *user, const struct id *kept, struct err *err);
int store_session_cut_off(struct store_tx *tx, const struct id *user, struct err *err);

/* A link that works once. */
struct store_link_new {
    struct id user;
    struct str token;
    int64_t life_ms;
    struct str browser; /* token of the asking browser's cookie; absent: handed over, good in any */
    struct str code;    /* what another browser has to type; absent = none */
};
/* Voids the user's older ones of the same kind, and is itself void once the user's e-mail changes. */
int store_login_link_add(struct store_tx *tx, const struct store_link_new *link, struct err *err);
struct store_link_try {
    struct str token, browser, code; /* absent = none */
};
struct store_link_user {
    struct id org, user;
    bool wants_code; /* nothing was used up: another browser, and no or a wrong code; the fifth wrong one ends it */
};
/* Uses a link up, over all organisations; of any number of callers exactly one succeeds. ERR_BAD_LOGIN: unknown, used,
 * expired, or the user is not active. */
int store_login_link_use(struct store *store, const struct store_link_try *link, struct store_link_user *ret_user,
                         struct err *err);

/* Deletes what has run out in all organisations: sessions, links, idempotency keys, events, previews, finished jobs. */
int store_prune(struct store *store, struct err *err);

#endif

/* Sessions: who stands behind a cookie, and what people set for themselves. */
#ifndef FLOW_SESSION_H
#define FLOW_SESSION_H

#include "flow/flow.h"

struct store_user;

enum {
    FLOW_SESSION_IDLE_SECONDS = 12 * 3600,         /* a phone in a pocket at a fair is not a reason to sign in again */
    FLOW_SESSION_ABSOLUTE_SECONDS = 7 * 24 * 3600, /* whatever happens */
};

struct flow_session_user {
    struct str id, name, email, role, language, theme; /* theme: "system", "light", "dark" */
};
/* Of a row, without copies; the id lives in the arena. */
struct flow_session_user flow_session_user_of(const struct store_user *user, struct arena *arena);
struct flow_session_org {
    struct str id, name;
};
/* Resource "Session". */
struct flow_session {
    struct flow_session_user user;
    struct flow_session_org org;
    struct str csrf; /* to be sent as X-CSRF-Token with everything that changes something */
    struct str expires_at;
};
/* Input of PATCH /v1/session; absent = unchanged. */
struct flow_session_change {
    struct str language, theme;
    struct str password_now, password; /* a new password needs the present one, unless there is none yet */
};
extern const struct json_shape flow_session_shape, flow_session_user_shape, flow_session_org_shape,
    flow_session_change_shape;

struct flow_who {
    struct flow_actor actor;     /* .request and .once are left to the caller */
    struct flow_session session; /* without the organisation's name, to be quick: flow_session_get() */
    struct id session_id;
    int64_t signed_in_ms; /* when */
};
/* Who stands behind a cookie; keeps the session alive. Errors: ERR_UNAUTHENTICATED (unknown, expired, suspended). */
int flow_session_find(const struct flow *flow, struct str token, struct arena *arena, struct flow_who *ret_who,
                      struct err *err);
/* Resource "SessionEntry": one living session of a user. */
struct flow_session_entry {
    struct str id, created_at, seen_at;
    struct str method; /* "password", "link+totp" …; how it began */
    struct str client; /* what the browser calls itself */
    bool current;      /* the one that asks */
};
extern const struct json_shape flow_session_entry_shape;
/* One's own sessions, or as an administrator those of `user` (struct flow_session_entry), last used first. */
int flow_session_list(const struct flow *flow, const struct flow_who *who, const struct id *user, struct arena *arena,
                      struct flow_list *ret_list, struct err *err);
/* Ends one of one's own sessions, or as an administrator any of the organisation. ERR_NOT_FOUND. */
int flow_session_revoke(const struct flow *flow, const struct flow_actor *actor, const struct id *session,
                        struct err *err);
/* Ends all of one's own sessions but the one that asks. */
int flow_session_end_others(const struct flow *flow, const struct flow_who *who, struct err *err);
/* Cuts off everything that signs in a user, or (NULL, administrators only) everybody of the organisation, the caller
 * too: sessions, links, half-done sign-ins. ERR_FORBIDDEN, ERR_NOT_FOUND. */
int flow_cut_off(const struct flow *flow, const struct flow_actor *actor, const struct id *user, struct err *err);

/* The whole session, for GET /v1/session. */
int flow_session_get(const struct flow *flow, const struct flow_who *who, struct arena *arena,
                     struct flow_session *ret_session, struct err *err);
/* Constant-time comparison of a header with the session's key. ERR_CSRF. */
int flow_session_check_csrf(const struct flow_who *who, struct str header, struct err *err);
/* Ends the session behind the cookie; an unknown one is fine. */
int flow_session_end(const struct flow *flow, struct str token, struct err *err);
/* Keeps the user's own settings. A changed password ends all sessions of the user, this one too. ERR_INVALID with a
 * pointer, "/password_now" when that is not the present password; ERR_RATE, ERR_BUSY; ERR_SIGN_IN_AGAIN for a first
 * password when the sign-in is older than ten minutes. */
int flow_session_change(const struct flow *flow, const struct flow_who *who, const struct flow_session_change *change,
                        struct arena *arena, struct flow_session *ret_session, struct err *err);

#endif

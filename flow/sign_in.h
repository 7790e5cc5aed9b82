/* Signing in. A method is one file in flow/sign_in/ and one row of flow_sign_in_methods; every method ends in
 * flow_sign_in_end(), which alone makes sessions. Tokens leave once, in clear; the database knows their hashes. */
#ifndef FLOW_SIGN_IN_H
#define FLOW_SIGN_IN_H

#include "flow/session.h"

enum {
    FLOW_LINK_SECONDS = 10 * 60,       /* ASVS 6.5.5 */
    FLOW_LINK_MAX_SECONDS = 24 * 3600, /* the command line, for a first set-up */
};

/* Who asks, before anybody is known. All of it may be absent. */
struct flow_asker {
    struct str address;   /* of the client */
    struct str former;    /* token of the session cookie that came along: that session ends when somebody signs in */
    const char *language; /* "de" or "en", of the browser */
    const char *request;  /* request id for the audit log */
};

/* ---- Methods ---- */

/* One thing to choose on the sign-in page. */
struct flow_sign_in_choice {
    struct str label; /* words of the button, in the language asked for */
    struct str path;  /* its page, "/sign-in/…"; absent: the form on the sign-in page itself */
};
/* A way to sign in. */
struct flow_sign_in_method {
    const char *name; /* "password"; in the audit trail */
    /* What it offers at present (struct flow_sign_in_choice), none when it is not set up. */
    int (*choices)(const struct flow *flow, const char *language, struct arena *arena, struct json_list *ret_choices,
                   struct err *err);
    bool strong; /* it asks for a second factor itself (a passkey with verification of the user): none is asked again */
};
extern const struct flow_sign_in_method *const flow_sign_in_methods[]; /* ended by NULL */
/* Choices of all methods, in the order of the table. */
int flow_sign_in_choices(const struct flow *flow, const char *language, struct arena *arena,
                         struct json_list *ret_choices, struct err *err);

/* What comes of an identified user. */
enum flow_sign_in_stage {
    FLOW_SIGNED_IN, /* .token is the session's */
};
struct flow_signed_in {
    enum flow_sign_in_stage stage;
    struct str token; /* 43 characters base64url, for a cookie */
    struct flow_session session;
};
/* Who a method found out it is. */
struct flow_identified {
    struct id org, user;
    const struct flow_sign_in_method *method;
    bool strong; /* this time there was a second factor: what an identity provider may say of its sign-in */
};
/* The end of every method: a fresh session, the former one of this browser ended, an audit entry. ERR_BAD_LOGIN: the
 * user is not active. */
int flow_sign_in_end(const struct flow *flow, const struct flow_asker *asker, const struct flow_identified *identified,
                     struct arena *arena, struct flow_signed_in *ret_signed_in, struct err *err);

/* ---- Password ---- */

/* Input of POST /v1/session. */
struct flow_password_sign_in {
    struct str email, password;
};
extern const struct json_shape flow_password_sign_in_shape;
/* An unknown address costs the same time and gives the same error as a wrong password: ERR_BAD_LOGIN. ERR_BUSY when
 * more sign-ins wait than there is memory for Argon2id. */
int flow_sign_in_password(const struct flow *flow, const struct flow_asker *asker,
                          const struct flow_password_sign_in *input, struct arena *arena,
                          struct flow_signed_in *ret_signed_in, struct err *err);

/* ---- One-time link ---- */

/* Uses up a link; a second use, an expired or unknown one: ERR_BAD_LOGIN. */
int flow_sign_in_link(const struct flow *flow, const struct flow_asker *asker, struct str token, struct arena *arena,
                      struct flow_signed_in *ret_signed_in, struct err *err);

/* A new link for a user of the actor's organisation; older ones of the user stop working. `seconds` is at most
 * FLOW_LINK_MAX_SECONDS. The token is to be put behind PUBLIC_URL/login/. */
struct flow_link {
    struct id user;
    int64_t seconds;
};
int flow_link_issue(const struct flow *flow, const struct flow_actor *actor, const struct flow_link *link,
                    struct arena *arena, struct str *ret_token, struct err *err);

#endif

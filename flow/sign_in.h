/* Signing in. A method is one file in flow/sign_in/ and one row of flow_sign_in_methods; every method ends in
 * flow_sign_in_end(), which alone makes sessions. Tokens leave once, in clear; the database knows their hashes. */
#ifndef FLOW_SIGN_IN_H
#define FLOW_SIGN_IN_H

#include "flow/second_factor.h"

/* Who asks, before anybody is known. All of it may be absent. */
struct flow_asker {
    struct str address;   /* of the client */
    struct str client;    /* what the browser calls itself (User-Agent) */
    struct str former;    /* token of the session cookie that came along: that session ends when somebody signs in */
    struct str browser;   /* token of the cookie that a browser has before: it asked for a link, or is half signed in */
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
    FLOW_SIGNED_IN,      /* .token is the session's */
    FLOW_ASKS_CODE,      /* a second factor is asked for: .token is of a half-done sign-in, for flow_sign_in_code() */
    FLOW_ASKS_ENROLMENT, /* one has to be set up first: the same, for flow_sign_in_enrol() */
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
    bool weak;   /* never to be enough alone: a password that is short because of a second factor */
};
/* The end of every method: the policy says whether a second factor is needed; if not, a fresh session, the former one
 * of this browser ended, an audit entry. ERR_BAD_LOGIN: the user is not active. */
int flow_sign_in_end(const struct flow *flow, const struct flow_asker *asker, const struct flow_identified *identified,
                     struct arena *arena, struct flow_signed_in *ret_signed_in, struct err *err);

/* ---- Half signed in: asker->browser is the token of FLOW_ASKS_… ---- */

enum { FLOW_PENDING_SECONDS = 10 * 60 };
/* The code of the app, or a recovery code. ERR_BAD_LOGIN (not half signed in, or any more), ERR_INVALID with the
 * pointer "/code" (not the code), ERR_RATE (five wrong ones). */
int flow_sign_in_code(const struct flow *flow, const struct flow_asker *asker, struct str code, struct arena *arena,
                      struct flow_signed_in *ret_signed_in, struct err *err);
/* Who is half signed in, for flow_factor_begin() and flow_factor_show(); *ret_stage says what is asked. ERR_BAD_LOGIN.
 */
int flow_sign_in_pending(const struct flow *flow, const struct flow_asker *asker, struct arena *arena,
                         struct flow_actor *ret_actor, enum flow_sign_in_stage *ret_stage, struct err *err);
/* The first code of an enrolment that the sign-in asked for. Errors as flow_sign_in_code(). */
struct flow_enrolled {
    struct flow_recovery recovery;
    struct flow_signed_in in;
};
int flow_sign_in_enrol(const struct flow *flow, const struct flow_asker *asker, struct str code, struct arena *arena,
                       struct flow_enrolled *ret_enrolled, struct err *err);

/* ---- By mail: links to sign in (flow/login_link.h) and to confirm a sign-up (flow/sign_up.h) ---- */

/* What the asking browser keeps, and what it shows for another one that opens the link. */
struct flow_asked {
    struct str browser, code; /* 43 characters base64url, for a cookie; six digits */
};
struct flow_link_used {
    struct str link, code; /* the text behind the address; as typed, "" or absent = none */
};

/* ---- Password ---- */

/* Input of POST /v1/session. */
struct flow_password_sign_in {
    struct str email, password;
    struct str code; /* of the second factor; absent: flow_signed_in.stage asks for it */
};
extern const struct json_shape flow_password_sign_in_shape;
/* An unknown address costs the same time and gives the same error as a wrong password: ERR_BAD_LOGIN. ERR_BUSY when
 * more sign-ins wait than there is memory for Argon2id; ERR_RATE. */
int flow_sign_in_password(const struct flow *flow, const struct flow_asker *asker,
                          const struct flow_password_sign_in *input, struct arena *arena,
                          struct flow_signed_in *ret_signed_in, struct err *err);

#endif

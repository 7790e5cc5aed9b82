/* Getting in without an account: by a domain that the organisation has named, or by an invitation. Who may join is said
 * in docs/adr/0021. Both are one method of sign-in (flow/sign_in/method.h) and end as all do. */
#ifndef FLOW_SIGN_UP_H
#define FLOW_SIGN_UP_H

#include "flow/sign_in.h"

enum {
    FLOW_SIGN_UP_SECONDS = 10 * 60, /* to confirm the address */
    FLOW_SIGN_UP_DOMAINS = 50,      /* of an organisation */
    FLOW_INVITATION_DAYS = 7,       /* unless said otherwise, and at most */
    FLOW_INVITATION_MAX_DAYS = 90,
    FLOW_INVITATION_USES = 1000,
};

/* Resource "SignUpDomain": whoever reads mail there may join. */
struct flow_sign_up_domain {
    struct str id, domain;
    int role;               /* flow_role_words: what they become */
    struct str sign_up_url; /* the organisation's address, the same for all its domains: to be handed out */
    struct str created_at;
};
/* Input of POST. */
struct flow_sign_up_domain_new {
    struct str domain;
    int role; /* neither administrator nor support; -1: user */
};
/* Items are struct flow_sign_up_domain. All of these: ERR_FORBIDDEN. */
int flow_sign_up_domain_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                             struct flow_list *ret_list, struct err *err);
/* ERR_INVALID with a pointer: no domain of an organisation (not one, unknown, a public suffix, a public mail provider);
 * ERR_CONFLICT: there already, or too many. */
int flow_sign_up_domain_create(const struct flow *flow, const struct flow_actor *actor,
                               const struct flow_sign_up_domain_new *input, struct arena *arena,
                               struct flow_sign_up_domain *ret_domain, struct err *err);
/* Sign-ups by it that wait end with it. ERR_NOT_FOUND. */
int flow_sign_up_domain_delete(const struct flow *flow, const struct flow_actor *actor, struct id domain,
                               struct err *err);

/* Resource "Invitation". */
struct flow_invitation {
    struct str id, email, domain; /* to whom it is bound; both absent: to nobody */
    int role, state;              /* flow_role_words; flow_invitation_words */
    int64_t uses, used;
    struct str redeem_url; /* where the code is typed */
    struct str created_by; /* name */
    struct str created_at, expires_at;
    bool mailed;     /* in the answer that makes it: the code is on its way to the address */
    struct str code; /* in the answer that makes it, never again */
};
/* Input of POST. */
struct flow_invitation_new {
    struct str email, domain;
    int role;           /* as of a domain */
    int64_t uses, days; /* 0: once, FLOW_INVITATION_DAYS */
};
extern const struct json_shape flow_sign_up_domain_shape, flow_sign_up_domain_new_shape, flow_invitation_shape,
    flow_invitation_new_shape;
extern const char *const flow_invitation_words[]; /* "open", "used", "expired", "revoked" */

/* Items are struct flow_invitation, newest first; what is over stays to be seen for 30 days. */
int flow_invitation_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                         struct flow_list *ret_list, struct err *err);
/* Without a mail server the address has to be named: nobody else's could be confirmed. ERR_INVALID with a pointer. */
int flow_invitation_create(const struct flow *flow, const struct flow_actor *actor,
                           const struct flow_invitation_new *input, struct arena *arena,
                           struct flow_invitation *ret_invitation, struct err *err);
/* ERR_NOT_FOUND, also when it is revoked already. */
int flow_invitation_revoke(const struct flow *flow, const struct flow_actor *actor, struct id invitation,
                           struct err *err);

/* ---- Nobody known yet ---- */

/* Asks an organisation to let somebody in. Known and unknown organisations, domains and addresses cost and answer the
 * same; a worker looks, and mails a link to confirm, or to sign in where there is an account. ERR_RATE; ERR_INVALID
 * with "/email" or "/name"; ERR_NOT_FOUND: this instance sends no mail. */
struct flow_sign_up_wish {
    struct id org;
    struct str email, name;
};
int flow_sign_up_ask(const struct flow *flow, const struct flow_asker *asker, const struct flow_sign_up_wish *wish,
                     struct arena *arena, struct flow_asked *ret_asked, struct err *err);
/* Uses up a link to confirm, by the text behind /confirm/: the user is made and signed in. Errors as those of
 * flow_sign_in_link(). */
int flow_sign_up_confirm(const struct flow *flow, const struct flow_asker *asker, const struct flow_link_used *used,
                         struct arena *arena, struct flow_signed_in *ret_signed_in, struct err *err);

struct flow_redemption {
    struct str code, email, name;
    struct str password; /* "" or absent: signs in by link; where no mail is sent it is needed */
};
struct flow_redeemed {
    bool confirm; /* the address has to be confirmed first: .asked, a link is on its way. Else .in */
    struct flow_asked asked;
    struct flow_signed_in in;
};
/* A code bound to the address makes the user at once; any other one after the address is confirmed, and is used up
 * then. ERR_BAD_LOGIN: wrong, over, used up, revoked, bound to somebody else, or the address is taken: one answer.
 * ERR_RATE; ERR_INVALID with "/email", "/name", "/password". */
int flow_invitation_redeem(const struct flow *flow, const struct flow_asker *asker,
                           const struct flow_redemption *redemption, struct arena *arena,
                           struct flow_redeemed *ret_redeemed, struct err *err);

#endif

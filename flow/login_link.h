/* Signing in with a link that works once: by mail, or handed over by an administrator. Its text is a 256-bit token that
 * the database knows as a hash, its end, and an HMAC-SHA-256 over both, so that what was tampered with never gets
 * there.
 */
#ifndef FLOW_LOGIN_LINK_H
#define FLOW_LOGIN_LINK_H

#include "flow/sign_in.h"

enum {
    FLOW_LINK_SECONDS = 10 * 60,       /* ASVS 6.5.5 */
    FLOW_LINK_MAX_SECONDS = 24 * 3600, /* the command line, for a first set-up */
};

/* A link by mail: the asking browser keeps `browser` as a cookie and shows `code`, which another browser that opens the
 * link has to be told. Known and unknown addresses cost and answer the same; a worker looks who it is. ERR_RATE,
 * ERR_INVALID (no address), ERR_NOT_FOUND (this instance sends no mail). */
int flow_link_ask(const struct flow *flow, const struct flow_asker *asker, struct str email, struct arena *arena,
                  struct flow_asked *ret_asked, struct err *err);
/* Uses up a link, by the text behind /login/. In another browser than the one that asked it needs the code: ERR_INVALID
 * with the pointer "/code", and the link stays good; the fifth wrong code ends it. A second use, an expired, voided or
 * tampered one: ERR_BAD_LOGIN. ERR_RATE. */
int flow_sign_in_link(const struct flow *flow, const struct flow_asker *asker, const struct flow_link_used *used,
                      struct arena *arena, struct flow_signed_in *ret_signed_in, struct err *err);

/* A new link for a user of the actor's organisation, to be handed over: it works in any browser. Older ones of that
 * kind stop working. `seconds` is at most FLOW_LINK_MAX_SECONDS. The text is to be put behind PUBLIC_URL/login/. */
struct flow_link {
    struct id user;
    int64_t seconds;
};
int flow_link_issue(const struct flow *flow, const struct flow_actor *actor, const struct flow_link *link,
                    struct arena *arena, struct str *ret_text, struct err *err);

#endif

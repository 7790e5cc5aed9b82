/* How often what may be tried, kept as rows: limits hold over restarts and over all processes. A try is counted before
 * the work it costs, and given back when it was good, so that many at once cannot slip past a limit. */
#ifndef FLOW_SIGN_IN_THROTTLE_H
#define FLOW_SIGN_IN_THROTTLE_H

#include "flow/sign_in.h"
#include "store/sign_in/door.h"

/* What is tried. Windows and limits: throttle.c. */
enum flow_attempt {
    FLOW_TRY_PASSWORD, /* who: the e-mail. By account and address; by address; by account from places where it has never
                          signed in: a stranger's guesses lock out nobody elsewhere */
    FLOW_TRY_LINK,     /* who: the e-mail. Being mailed a link */
    FLOW_TRY_TOKEN,    /* who: "". Using a link or its code: by address */
    FLOW_TRY_FACTOR,   /* who: organisation and user. The second factor: five, then a quarter of an hour */
    FLOW_TRY_OWN,      /* who: organisation and user. The present password, to change it */
    FLOW_TRY_SSO,      /* who: the provider. Coming back from it: by provider and address; by address */
    FLOW_TRY_INVITATION, /* who: "". The code of an invitation: by address; by all together */
    FLOW_TRY_JOIN,       /* who: the organisation. Its sign-ups, redemptions and invitations */
};
struct flow_tries {
    struct arena *arena; /* set by the caller */
    struct store_try list[STORE_TRIES];
    size_t n;
};
/* For what does not depend on where it comes from. */
extern const struct flow_asker flow_anywhere;
/* Counts one, and fills *tries. ERR_RATE: one of the limits is reached, and nothing was counted. */
int flow_try(const struct flow *flow, enum flow_attempt attempt, const struct flow_asker *asker, struct str who,
             struct flow_tries *tries, struct err *err);
/* The try was good: it is given back, and what failed before it under the same name is forgotten. */
int flow_try_good(const struct flow *flow, const struct flow_tries *tries, struct err *err);
/* The try was good: it is given back, and that alone. */
int flow_try_back(const struct flow *flow, const struct flow_tries *tries, struct err *err);
/* The user has signed in from there: it is a place of theirs from now on. */
int flow_place_note(const struct flow *flow, const struct flow_asker *asker, struct str email, struct arena *arena,
                    struct err *err);

#endif

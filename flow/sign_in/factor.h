/* What the sign-in needs of second factors; the use cases are in flow/second_factor.h. */
#ifndef FLOW_SIGN_IN_FACTOR_H
#define FLOW_SIGN_IN_FACTOR_H

#include "flow/second_factor.h"
#include "flow/sign_in/throttle.h"

/* What is asked of a user besides the first factor. */
enum flow_factor_need { FLOW_NO_FACTOR, FLOW_NEEDS_CODE, FLOW_NEEDS_ENROLMENT };
int flow_factor_need(struct store_tx *tx, const struct id *user, struct str role, struct arena *arena,
                     enum flow_factor_need *ret_need, struct err *err);
/* Whether the organisation wants a second factor of that role. */
int flow_factor_required(struct store_tx *tx, struct str role, struct arena *arena, bool *ret_required,
                         struct err *err);
/* Counts a try at the user's second factor. ERR_RATE. */
int flow_factor_try(const struct flow *flow, const struct flow_actor *actor, struct flow_tries *tries, struct err *err);
/* Takes a code in the transaction: "totp" or "recovery" in *ret_how. ERR_BAD_LOGIN. */
int flow_factor_take(struct store_tx *tx, const struct id *user, struct str code, struct arena *arena,
                     const char **ret_how, struct err *err);

#endif

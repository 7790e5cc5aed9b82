/* The second factor: codes of an authenticator app (TOTP, RFC 6238) and recovery codes; and whom the organisation asks
 * for one. A code counts in its own step of 30 seconds, once (ASVS 6.5.5, 6.5.1). */
#ifndef FLOW_SECOND_FACTOR_H
#define FLOW_SECOND_FACTOR_H

#include "flow/session.h"

enum { FLOW_RECOVERY_CODES = 10, FLOW_FRESH_SECONDS = 10 * 60 };

/* Resource "SecondFactor". */
struct flow_factor {
    bool enrolled;         /* it is asked for at each sign-in */
    bool required;         /* the organisation wants one of this role */
    int64_t recovery_left; /* recovery codes not yet used */
};
/* Resource "Enrolment": shown once, to be confirmed by a first code. */
struct flow_enrolment {
    struct str secret; /* base32, for typing */
    struct str uri;    /* otpauth:// */
    struct str qr;     /* SVG of it */
};
/* Input: six digits of the app, or where it says so a recovery code. Blanks and hyphens in it do not matter. */
struct flow_code {
    struct str code;
};
/* Resource "RecoveryCodes": shown once. */
struct flow_recovery {
    struct json_list codes; /* struct str: "ABCD-EFGH-IJKL-MNOP", 80 bits each */
};
/* Input of the reset: why, for the audit trail. */
struct flow_reset {
    struct str reason;
};
extern const struct json_shape flow_factor_shape, flow_enrolment_shape, flow_code_shape, flow_recovery_shape,
    flow_reset_shape;

int flow_factor_get(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                    struct flow_factor *ret_factor, struct err *err);
/* A fresh seed for the actor, asked for from the first right code on. ERR_CONFLICT when there is a confirmed one. Of
 * people who are signed in: ask flow_need_fresh() before. */
int flow_factor_begin(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                      struct flow_enrolment *ret_enrolment, struct err *err);
/* The enrolment that flow_factor_begin() began, once more. ERR_CONFLICT as there, ERR_NOT_FOUND when none was begun. */
int flow_factor_show(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                     struct flow_enrolment *ret_enrolment, struct err *err);
/* The first code: confirms the seed and gives recovery codes. ERR_BAD_LOGIN: not the code; ERR_RATE: five wrong ones.
 */
int flow_factor_confirm(const struct flow *flow, const struct flow_actor *actor, struct str code, struct arena *arena,
                        struct flow_recovery *ret_recovery, struct err *err);
/* New recovery codes instead of all former ones, by a code of the app or one of them. Errors as above. */
int flow_factor_renew(const struct flow *flow, const struct flow_actor *actor, struct str code, struct arena *arena,
                      struct flow_recovery *ret_recovery, struct err *err);
/* Removes one's own, by a code. Errors as above; ERR_FORBIDDEN while the organisation requires one. */
int flow_factor_remove(const struct flow *flow, const struct flow_actor *actor, struct str code, struct arena *arena,
                       struct err *err);
/* An administrator takes somebody's away whose phone is lost; it ends their sessions. ERR_NOT_FOUND, ERR_FORBIDDEN;
 * ERR_INVALID with "/reason". */
int flow_factor_reset(const struct flow *flow, const struct flow_actor *actor, const struct id *user,
                      const struct flow_reset *reset, struct err *err);
/* ERR_SIGN_IN_AGAIN unless the sign-in is at most FLOW_FRESH_SECONDS old. */
int flow_need_fresh(const struct flow_who *who, struct err *err);

/* Resource "SignInPolicy". */
struct flow_sign_in_policy {
    struct json_list second_factor_roles; /* struct str: names of roles; accounts of support are always asked */
    int64_t version;
};
extern const struct json_shape flow_sign_in_policy_shape;
int flow_sign_in_policy_get(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                            struct flow_sign_in_policy *ret_policy, struct err *err);
/* Writes over the version it carries. ERR_STALE, ERR_FORBIDDEN, ERR_INVALID with a pointer: no such role. */
int flow_sign_in_policy_set(const struct flow *flow, const struct flow_actor *actor,
                            const struct flow_sign_in_policy *policy, struct arena *arena,
                            struct flow_sign_in_policy *ret_policy, struct err *err);

#endif

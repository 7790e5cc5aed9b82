/* What domains, invitations and sign-ups share. */
#ifndef FLOW_SIGN_UP_JOINING_H
#define FLOW_SIGN_UP_JOINING_H

#include "contact/email.h"
#include "flow/sign_in/method.h"
#include "flow/sign_up.h"
#include "store/people.h"
#include "store/sign_in/invitation.h"

/* The name of a role that somebody may join with; -1 is a user. ERR_INVALID with "/role". */
int flow_joining_role(int role, struct str *ret_role, struct err *err);
/* A domain of an organisation in lower case. ERR_INVALID with "/domain". */
int flow_joining_domain(struct str typed, struct arena *arena, struct str *ret_domain, struct err *err);
/* Address and name as typed by who wants in. ERR_INVALID with a pointer. */
int flow_joining_who(struct str email, struct str name, struct arena *arena, struct contact_email *ret_email,
                     struct str *ret_name, struct err *err);
/* Whether an invitation holds at present. */
bool flow_invitation_holds(const struct store_invitation *row, int64_t now);

/* Makes the user in the transaction and notes it; the use of `invitation`, unless that is empty, goes with it.
 * ERR_BAD_LOGIN: the invitation does not hold any more, or the address is taken. */
struct flow_joining {
    const struct flow_asker *asker;
    struct store_user user; /* e-mail, name, role, password_hash; language absent: the asker's */
    struct id org, invitation;
};
int flow_join(struct store_tx *tx, struct flow_joining *joining, struct err *err);
/* The end of it: a session, or the second factor first. */
int flow_join_end(const struct flow *flow, const struct flow_joining *joining, struct arena *arena,
                  struct flow_signed_in *ret_signed_in, struct err *err);

#endif

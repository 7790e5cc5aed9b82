/* The methods of the table in sign_in.c: one file each. */
#ifndef FLOW_SIGN_IN_METHOD_H
#define FLOW_SIGN_IN_METHOD_H

#include "flow/sign_in.h"

extern const struct flow_sign_in_method flow_method_password; /* password.c */
extern const struct flow_sign_in_method flow_method_link;     /* link.c */
extern const struct flow_sign_in_method flow_method_oidc;     /* flow/oidc/visit.c */
extern const struct flow_sign_in_method flow_method_sign_up;  /* flow/sign_up/joining.c */

/* Who asks as an actor without a role in an organisation: somebody who has been found out to be `user`, or (NULL)
 * nobody yet. */
struct flow_actor flow_asker_as(const struct flow_asker *asker, const struct id *org, const struct id *user);

#endif

/* The methods of the table in sign_in.c: one file each. */
#ifndef FLOW_SIGN_IN_METHOD_H
#define FLOW_SIGN_IN_METHOD_H

#include "flow/sign_in.h"

extern const struct flow_sign_in_method flow_method_password; /* password.c */
extern const struct flow_sign_in_method flow_method_link;     /* link.c */

extern const struct flow_sign_in_method flow_method_oidc; /* flow/oidc/visit.c */

#endif

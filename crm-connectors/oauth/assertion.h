/* What an app signs to get a token without a person and without a shared secret (RFC 7523). */
#ifndef CRM_CONNECTORS_OAUTH_ASSERTION_H
#define CRM_CONNECTORS_OAUTH_ASSERTION_H

#include "crm-connectors/oauth/oauth.h"

/* A JWT (RFC 7519) signed with RS256 (RFC 7518 section 3.3), good for three minutes and once. Errors: ERR_INVALID with
 * a pointer to the subject or the key that is missing or cannot sign. */
int crm_oauth_assertion(const struct crm_oauth_client *client, struct str issuer, struct str audience,
                        struct str *ret_assertion, struct err *err);

#endif

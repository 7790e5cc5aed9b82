/* What the pages and addresses of sign-in share: who asks, and what an identified user's browser is given. */
#ifndef API_RESOURCES_SIGN_IN_SIGN_IN_H
#define API_RESOURCES_SIGN_IN_SIGN_IN_H

#include "api/state.h"

/* Who asks, for every function of flow/sign_in.h. */
struct flow_asker api_asker(const struct api_request *request);
/* Answers what flow_sign_in_end() gave with a page: the cookie, and on to `next` (a path of this site; any other is
 * "/"). */
void api_sign_in_go_on(struct api_request *request, const struct flow_signed_in *in, struct str next);
/* One field of an HTML form's body, "" when it is missing. */
struct str api_form_field(const struct api_request *request, const char *name);

#endif

/* API tokens at the door (RFC 6750): which scope a route asks for, and who comes with a token. */
#ifndef API_BEARER_H
#define API_BEARER_H

#include "api/state.h"

/* The scope a token needs for the route, from its resource and method; NULL: no token is good for it. */
const char *api_bearer_scope(const struct api_route *route);

/* Resource "TokenScope". */
struct api_scope {
    struct str scope;
    bool usable; /* the caller's role has something that it opens */
};
extern const struct json_shape api_scope_shape;
/* All there are, in the table's order; "admin:*" stands for all that begin with "admin:". */
struct json_list api_bearer_scopes(const struct api *api, const struct flow_actor *actor, struct arena *arena);

/* What stands in Authorization; absent when there is none. */
struct str api_bearer_header(const struct api_request *request);
/* Fills request->who from the token in Authorization and judges its scopes for the route. A cookie beside it counts for
 * nothing. ERR_INVALID_TOKEN, ERR_INSUFFICIENT_SCOPE. */
int api_bearer(const struct api *api, struct api_request *request, struct err *err);

#endif

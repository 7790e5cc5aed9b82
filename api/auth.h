/* Who is asking, may they, and did their own page ask: session cookie or API token, rights table, CSRF. */
#ifndef API_AUTH_H
#define API_AUTH_H

#include "api/state.h"

#define API_COOKIE      "__Host-kartei"
#define API_COOKIE_SSO  "__Host-kartei-sso"  /* of a browser that is on its way to an identity provider */
#define API_COOKIE_DOOR "__Host-kartei-door" /* of a browser that asked for a link, or is half signed in */

/* Fills request->who from the cookie, or the token in Authorization, and judges the route: ERR_UNAUTHENTICATED,
 * ERR_FORBIDDEN, ERR_CSRF, ERR_INVALID_TOKEN, ERR_INSUFFICIENT_SCOPE. Open routes
 * pass with the user known if there is one; whatever changes something must come from this origin or no browser. */
int api_auth(const struct api *api, struct api_request *request, struct err *err);
/* Whether the browser says that another site sent this: Sec-Fetch-Site, then Origin. ERR_CSRF. */
int api_auth_origin(const struct api_request *request, const char *public_url, struct err *err);
/* Set-Cookie for a fresh session, and the one that removes it. */
struct str api_auth_cookie(struct str token, struct arena *arena);
struct str api_auth_cookie_gone(void);
/* The same for the time before: ten minutes. */
struct str api_auth_door_cookie(struct str token, struct arena *arena);
struct str api_auth_door_cookie_gone(void);
/* A route whose (resource, action) is in no row of the rights table may not start. ERR_INTERNAL with its name. */
int api_auth_check_routes(const struct api *api, struct err *err);

#endif

/* What the pages and addresses of sign-in share: who asks, and what an identified user's browser is given. */
#ifndef API_RESOURCES_SIGN_IN_SIGN_IN_H
#define API_RESOURCES_SIGN_IN_SIGN_IN_H

#include "api/resources/sign_in/form.h"

/* Who asks, for every function of flow/sign_in.h. */
struct flow_asker api_asker(const struct api_request *request);
/* Answers what flow_sign_in_end() gave with a page: the cookie, and on to `next` (a path of this site; any other is
 * "/"), or to the second factor first. */
void api_sign_in_go_on(struct api_request *request, const struct flow_signed_in *in, struct str next);
/* The cookies of a session that has begun. */
void api_sign_in_cookies(struct api_request *request, const struct flow_signed_in *in);
/* `next` if it is a path of this site, else "/". */
struct str api_safe_next(struct str next);
/* For a form that is shown for the first time. */
extern const struct err api_no_err;
/* Answers who asked for a mail: look there; the code for another browser, and the cookie of this one. */
struct api_sent {
    enum api_word hint, anew; /* what it is about; words of the way back */
    struct str back;          /* its path */
};
void api_sent_give(struct api *api, struct api_request *request, const struct api_sent *sent,
                   const struct flow_asked *asked);
/* Whether an error belongs on the form's page itself: what people typed, or too often. */
bool api_is_typed(const struct err *err);
/* One field of an HTML form's body, "" when it is missing. */
struct str api_form_field(const struct api_request *request, const char *name);

#endif

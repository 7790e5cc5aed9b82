/* Errors as RFC 9457 problem documents: the one place that knows which error is which HTTP status. */
#ifndef API_PROBLEM_H
#define API_PROBLEM_H

#include "api/request.h"

/* HTTP status of an error. */
int api_problem_status(enum err_code code);
/* Replaces whatever the answer was by the problem document in the request's language, with Retry-After, Allow and
 * WWW-Authenticate where they belong. */
void api_problem_answer(struct api_request *request, const struct err *err);
/* A whole HTTP/1.1 answer, for what is refused before there is a request. */
struct str api_problem_wire(const struct err *err, struct arena *arena);

#endif

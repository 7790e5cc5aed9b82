/* What a route demands of a request besides the right: known parameters, If-Match, a body of its shape, an
 * Idempotency-Key that is honoured. */
#ifndef API_DEMAND_H
#define API_DEMAND_H

#include "api/state.h"

enum { API_WAIT_SECONDS = 20 }; /* Prefer: wait, at most */

/* By the head alone: ERR_INVALID (unknown parameter), ERR_NEED_MATCH, ERR_NEED_KEY, ERR_MEDIA_TYPE, ERR_TOO_LARGE,
 * ERR_MALFORMED (a body where none belongs). Fills version and wait_until_ms. */
int api_demand_head(struct api_request *request, struct err *err);
/* Reads the body by the route's shape into request->input. ERR_BAD_JSON, ERR_INVALID; for uploads: is it complete. */
int api_demand_input(struct api_request *request, struct err *err);
/* Takes the key; *ret_done: the first answer was given again, nothing is left to do. ERR_KEY_REUSED, ERR_KEY_BUSY. */
int api_demand_key(const struct api *api, struct api_request *request, bool *ret_done, struct err *err);
/* Keeps the answer under the key, or gives the key back when nothing was done (r < 0). */
void api_demand_settle(const struct api *api, struct api_request *request, int r);

/* "v17" of an If-Match header; 0 when it is not one strong tag of ours. */
int64_t api_etag_version(struct str header);
/* The key of an Idempotency-Key header: a structured-field string or the bare value. */
struct str api_idempotency_key(struct str header);

#endif

/* Walking a list: limit, a signed cursor, and the links to go on (RFC 8288). */
#ifndef API_PAGE_H
#define API_PAGE_H

#include "api/state.h"

enum { API_CURSOR_SECONDS = 24 * 3600 };

/* limit and cursor of the query. ERR_INVALID, ERR_BAD_CURSOR (not ours, another query, another user, expired). */
int api_page_read(const struct api *api, const struct api_request *request, struct flow_page *ret_page,
                  struct err *err);
/* {"items":[…],"links":{"first":…,"next":…}} and the Link header; `shape` is that of the items. */
void api_page_give(const struct api *api, struct api_request *request, const struct json_shape *shape,
                   const struct flow_list *list);

/* The cursor alone: expiry, position, and an HMAC that binds both to user, path and filter. */
struct str api_cursor_write(const struct crypto_key *key, struct str context, struct str after, int64_t expires_ms,
                            struct arena *arena);
int api_cursor_read(const struct crypto_key *key, struct str context, struct str cursor, struct arena *arena,
                    struct str *ret_after, struct err *err);

#endif

/* Taking in a photo: bytes are streamed into a sealed blob; a scan exists only after fsync and COMMIT. */
#ifndef FLOW_SUBMIT_H
#define FLOW_SUBMIT_H

#include "flow/flow.h"
#include "flow/scans.h"

struct flow_submit; /* one upload under way; not accepted before flow_submit_commit() */

/* Starts an upload into the list `list_id` (empty: the actor's first list) on behalf of the actor. Nothing is visible
 * to anyone yet. Errors: ERR_NOT_FOUND (list), ERR_FORBIDDEN, ERR_DISK_FULL, ERR_STORE_DOWN. */
int flow_submit_begin(const struct flow *flow, const struct flow_actor *actor, struct id list_id,
                      struct flow_submit **ret_submit, struct err *err);

/* Adds the next bytes (any amount). The type is judged by content as soon as enough is there. Errors: ERR_TOO_LARGE
 * beyond LIMIT_UPLOAD_BYTES, ERR_NOT_AN_IMAGE, ERR_DISK_FULL. After an error only freeing is allowed. */
int flow_submit_write(struct flow_submit *submit, struct str bytes, struct err *err);

/* The request's Idempotency-Key, which can be taken only when all bytes are here: the answer is then kept in the
 * transaction that accepts the photo. For a request of one photo; NULL = without. */
void flow_submit_once(struct flow_submit *submit, const struct flow_idempotency *once);

/* Makes it true: blob on disk, then one transaction with blob row, scan `received` and job `read`. When the
 * organisation already has a scan of the same bytes, that scan is returned and *ret_earlier is true (nothing is
 * stored). Errors: ERR_NOT_AN_IMAGE, ERR_DISK_FULL, ERR_STORE_DOWN: then nothing was accepted. */
int flow_submit_commit(struct flow_submit *submit, struct arena *arena, struct flow_scan *ret_scan, bool *ret_earlier,
                       struct err *err);

/* Ends the upload; what was not committed is removed. NULL is allowed. */
void flow_submit_free(struct flow_submit *submit);
static inline void flow_submit_freep(struct flow_submit **submit)
{
    flow_submit_free(*submit);
}

#endif

/* Taking in a photo: bytes are streamed into a sealed blob; a scan exists only after fsync and COMMIT. */
#ifndef FLOW_SUBMIT_H
#define FLOW_SUBMIT_H

#include "flow/flow.h"
#include "flow/scans.h"

struct flow_submit; /* one upload under way; not accepted before flow_submit_commit() */

/* Where a capture belongs. */
struct flow_submit_goal {
    struct id list; /* empty: the list of the fair, else the actor's first list */
    struct id fair; /* empty: none; one that is closed still takes what a phone held back */
};

/* Fills in the list that the goal leaves open, and asks whether the actor may put something there. A first list is made
 * where there is none: commit. ERR_NOT_FOUND (list, fair), ERR_FORBIDDEN. */
int flow_submit_goal(struct store_tx *tx, const struct flow_actor *actor, struct flow_submit_goal *goal,
                     struct err *err);

/* Starts an upload on behalf of the actor. Nothing is visible to anyone yet. Errors: ERR_NOT_FOUND (list, fair),
 * ERR_FORBIDDEN, ERR_DISK_FULL, ERR_STORE_DOWN. */
int flow_submit_begin(const struct flow *flow, const struct flow_actor *actor, const struct flow_submit_goal *goal,
                      struct flow_submit **ret_submit, struct err *err);

/* Adds the next bytes (any amount). The type is judged by content as soon as enough is there. Errors: ERR_TOO_LARGE
 * beyond LIMIT_UPLOAD_BYTES, ERR_NOT_AN_IMAGE, ERR_DISK_FULL. After an error only freeing is allowed. */
int flow_submit_write(struct flow_submit *submit, struct str bytes, struct err *err);

/* Makes `back` the other side of the card on `front`: it is committed with it, as one scan. Both stay the caller's to
 * free, the front first. */
void flow_submit_back(struct flow_submit *front, struct flow_submit *back);

/* The request's Idempotency-Key, which can be taken only when all bytes are here: the answer is then kept in the
 * transaction that accepts the photo. For a request of one scan; NULL = without. */
void flow_submit_once(struct flow_submit *submit, const struct flow_idempotency *once);

/* Makes it true: blobs on disk, then one transaction with blob row, scan `received` and job `read`. When the
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

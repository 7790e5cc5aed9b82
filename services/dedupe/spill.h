/* Pairs on disk: a stock too big for its keys and meetings to lie in memory at once is blocked in parts, one after
 * another, whose pairs are sorted runs in files. A run that was killed goes on with the first part that is not there.
 */
#ifndef SERVICES_DEDUPE_SPILL_H
#define SERVICES_DEDUPE_SPILL_H

#include "base/err.h"
#include "dedupe/block/block.h"

struct spill;

/* What the pairs depend on: parts of another stock are made anew. */
struct spill_key {
    uint64_t bytes, changed; /* of the files */
    uint64_t records, border, parts;
};

/* A folder that is there. Lives in the arena. ERR_INVALID with what the system says. */
int spill_open(const char *folder, const struct spill_key *key, struct arena *arena, struct spill **ret_spill,
               struct err *err);
/* True when the pairs of the part are on disk, whole and of this stock. */
bool spill_has(const struct spill *spill, unsigned part);
/* Begins a part; spill_give() takes its pairs (as dedupe_block() gives them), spill_end() makes it whole: written,
 * synced, and named last. */
int spill_begin(struct spill *spill, unsigned part, struct err *err);
void spill_give(void *spill, unsigned thread, size_t range, const struct dedupe_pair *pairs, size_t n);
int spill_end(struct spill *spill, struct err *err);

/* Gives the pairs of all parts, as dedupe_block() would give them in one piece. */
int spill_read(const struct spill *spill, const struct dedupe_blocking *to, size_t *ret_pairs, struct err *err);
/* The files go. */
void spill_remove(const struct spill *spill);

#endif

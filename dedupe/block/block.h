/* Blocking in memory: which pairs of a whole stock share a match key. */
#ifndef DEDUPE_BLOCK_BLOCK_H
#define DEDUPE_BLOCK_BLOCK_H

#include "dedupe/dedupe.h"

struct dedupe_pair {
    uint32_t left, right; /* indices of records, left < right */
};

struct dedupe_stock {
    const struct dedupe_record *const *records;
    size_t n;      /* < 2^31 */
    size_t border; /* 0: all pairs; else only pairs of one record before and one at or behind the border: two stocks,
                      each without duplicates of interest */
};

enum { DEDUPE_RANGES = 1024 }; /* pieces of the stock by the left record, in the order of records; some are empty */

/* What is wanted, and who gets it. */
struct dedupe_blocking {
    const struct dedupe_stock *stock;
    unsigned threads;     /* 1 or more */
    unsigned part, parts; /* only keys of part `part` of `parts` (1 .. 1024): a pair may come up in several parts */
    void *self;
    /* Pairs of one range, sorted, without repeats; called once for each range that has any, in any order, by several
     * threads (0 ≤ thread < threads) at once. */
    void (*give)(void *self, unsigned thread, size_t range, const struct dedupe_pair *pairs, size_t n);
};

struct dedupe_blocked {
    size_t keys;       /* match keys of all records, in this part */
    size_t met;        /* times that two records shared one */
    size_t pairs;      /* of them, without repeats within the part */
    size_t big_blocks; /* keys shared by too many; there each record meets only its neighbours in order of name */
};

/* Pairs of a stock. Neither threads nor parts change which pairs come up. Memory while it works: 8 bytes for each key
 * of the part, then 8 for each meeting. */
void dedupe_block(const struct dedupe_blocking *blocking, struct dedupe_blocked *ret_blocked);

#endif

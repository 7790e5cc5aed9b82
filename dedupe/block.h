/* Blocking in memory: which pairs of a whole stock share a match key. */
#ifndef DEDUPE_BLOCK_H
#define DEDUPE_BLOCK_H

#include "dedupe/dedupe.h"

struct dedupe_pair {
    uint32_t left, right; /* indices of records, left < right */
};

struct dedupe_pairs {
    struct dedupe_pair *pair; /* sorted, without repeats */
    size_t n;
    size_t keys;       /* match keys that two records or more may share */
    size_t big_blocks; /* keys shared by too many; there each record meets only its neighbours in order of name */
};

struct dedupe_stock {
    const struct dedupe_record *const *records;
    size_t n;      /* < 2^32 */
    size_t border; /* 0: all pairs; else only pairs of one record before and one at or behind the border: two stocks,
                      each without duplicates of interest */
};

/* Pairs of a stock, by `threads` (1 or more) threads; their number changes nothing. Memory while it works: about 12
 * bytes twice for each key that is shared, and 8 for each meeting. */
void dedupe_block(const struct dedupe_stock *stock, unsigned threads, struct arena *arena,
                  struct dedupe_pairs *ret_pairs);

#endif

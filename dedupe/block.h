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
    size_t keys;       /* match keys of all records */
    size_t big_blocks; /* keys shared by too many; there each record meets only its neighbours in order of name */
};

/* Pairs among `n` records (n < 2^32). `border` 0: all pairs; else only pairs of one record before and one at or behind
 * the border: two stocks, each without duplicates of interest. Memory: about 16 bytes a key and 16 a pair. */
void dedupe_block(const struct dedupe_record *const *records, size_t n, size_t border, struct arena *arena,
                  struct dedupe_pairs *ret_pairs);

#endif

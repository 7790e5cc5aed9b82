/* Pairs of records as numbers: both places in one word. */
#ifndef DEDUPE_PAIRS_H
#define DEDUPE_PAIRS_H

#include <stddef.h>
#include <stdint.h>

/* Sorts n numbers of at most `bits` bits (8 to 64) in place and drops repeats; returns how many are left. */
size_t dedupe_pairs_settle(uint64_t *pairs, size_t n, unsigned bits);

#endif

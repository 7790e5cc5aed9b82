/* Pairs of records as numbers: both places in one word. */
#ifndef DEDUPE_BLOCK_PAIRS_H
#define DEDUPE_BLOCK_PAIRS_H

#include <stddef.h>
#include <stdint.h>

/* Sorts n numbers by their bits [from, to), stable; the rest of the bits only has to come along. `scratch` has room for
 * n. */
void dedupe_numbers_sort(uint64_t *numbers, uint64_t *scratch, size_t n, unsigned from, unsigned to);
/* Sorts n numbers of at most `bits` bits (8 to 64) in place and drops repeats; returns how many are left. */
size_t dedupe_pairs_settle(uint64_t *pairs, size_t n, unsigned bits);

#endif

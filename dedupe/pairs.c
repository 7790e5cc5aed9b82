/* See pairs.h: a radix sort by bytes, lowest first, because pairs come by the hundred million. */
#include "dedupe/pairs.h"

#include "base/cleanup.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void sort_numbers(uint64_t *numbers, size_t n, unsigned bits)
{
    _cleanup_(cleanup_free) uint64_t *other = memory_table(n, sizeof *other);
    uint64_t *from = numbers, *to = other;
    for (unsigned shift = 0; shift < bits; shift += 8) {
        size_t start[256] = {0}, sum = 0;
        for (size_t i = 0; i < n; i++)
            start[from[i] >> shift & 255]++;
        for (size_t b = 0; b < 256; b++) {
            size_t count = start[b];
            start[b] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            to[start[from[i] >> shift & 255]++] = from[i];
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != numbers && n > 0)
        memcpy(numbers, from, n * sizeof *numbers);
}

size_t dedupe_pairs_settle(uint64_t *pairs, size_t n, unsigned bits)
{
    size_t kept = 0;
    sort_numbers(pairs, n, bits);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || pairs[kept - 1] != pairs[i])
            pairs[kept++] = pairs[i];
    return kept;
}

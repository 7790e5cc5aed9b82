/* See pairs.h: a radix sort, lowest digit first, because pairs come by the hundred million. */
#include "dedupe/block/pairs.h"

#include "base/cleanup.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, FEW = 64 };

/* For a handful, counting all digits would cost more than the sort. */
static void sort_few(uint64_t *numbers, size_t n, uint64_t mask)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t number = numbers[i];
        size_t at = i;
        for (; at > 0 && (numbers[at - 1] & mask) > (number & mask); at--)
            numbers[at] = numbers[at - 1];
        numbers[at] = number;
    }
}

static void sort_digit(const uint64_t *from, uint64_t *to, size_t n, unsigned shift)
{
    uint32_t start[DIGITS] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++)
        start[from[i] >> shift & (DIGITS - 1)]++;
    for (size_t d = 0; d < DIGITS; d++) {
        uint32_t count = start[d];
        start[d] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        to[start[from[i] >> shift & (DIGITS - 1)]++] = from[i];
}

void dedupe_numbers_sort(uint64_t *numbers, uint64_t *scratch, size_t n, unsigned from, unsigned to)
{
    uint64_t *source = numbers, *target = scratch;
    if (n < FEW) {
        uint64_t above = to < 64 ? ((uint64_t)1 << to) - 1 : UINT64_MAX;
        sort_few(numbers, n, above & ~(((uint64_t)1 << from) - 1));
        return;
    }
    for (unsigned shift = from; shift < to; shift += DIGIT_BITS) {
        sort_digit(source, target, n, shift);
        uint64_t *swap = source;
        source = target;
        target = swap;
    }
    if (source != numbers)
        memcpy(numbers, source, n * sizeof *numbers);
}

size_t dedupe_pairs_settle(uint64_t *pairs, size_t n, unsigned bits)
{
    _cleanup_(cleanup_free) uint64_t *scratch = memory_table(n, sizeof *scratch);
    size_t kept = 0;
    dedupe_numbers_sort(pairs, scratch, n, 0, bits);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || pairs[kept - 1] != pairs[i])
            pairs[kept++] = pairs[i];
    return kept;
}

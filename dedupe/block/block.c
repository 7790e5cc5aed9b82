/* Blocking: throw every key's hash on a heap, sort the heap, pair what stands together; throw the pairs on heaps by
 * their left record, sort those. Both kinds of heaps fit a core's cache. */
#include "dedupe/block/block.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "dedupe/block/heap.h"
#include "dedupe/block/pairs.h"
#include "dedupe/record.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

enum {
    BLOCK_MAX = 30,  /* records of one key that are all paired */
    NEIGHBOURS = 12, /* in a bigger block: the next ones in order of name */
    HEAP_BITS = 10,  /* of the hash say the heap; 32 more tell keys apart: a chance meeting costs one comparison */
    RECORDS_AT_ONCE = 4096,
};

/* What one thread has. */
struct hand {
    struct block *block;
    struct dedupe_heaps *keys, *meetings;
    struct dedupe_chunks chunks;
    uint64_t *items, *scratch;
    size_t room;
    struct dedupe_blocked count;
    unsigned thread;
};

struct block {
    const struct dedupe_blocking *blocking;
    struct hand *hands;
    unsigned threads;
    unsigned shift;       /* bits of a record's number */
    unsigned range_shift; /* a record's number by this is its range */
    size_t from, to;      /* heaps of this part */
    atomic_size_t next;   /* piece of work that nobody has */
};

static void make_room(struct hand *hand, size_t n)
{
    if (n <= hand->room)
        return;
    free(hand->items);
    free(hand->scratch);
    hand->room = n + n / 4;
    hand->items = memory_table(hand->room, sizeof *hand->items);
    hand->scratch = memory_table(hand->room, sizeof *hand->scratch);
}

static void throw_keys(struct hand *hand, size_t from, size_t to)
{
    const struct block *block = hand->block;
    uint64_t hashes[DEDUPE_HASHES_MAX];
    for (size_t i = from; i < to; i++) {
        size_t n = dedupe_match_hashes(block->blocking->stock->records[i], hashes);
        for (size_t k = 0; k < n; k++) {
            size_t heap = hashes[k] >> (64 - HEAP_BITS);
            if (heap < block->from || heap >= block->to)
                continue;
            dedupe_heap_add(hand->keys, heap, hashes[k] << 32 | i, &hand->chunks);
            hand->count.keys++;
        }
    }
}

static void throw_all_keys(void *self)
{
    struct hand *hand = self;
    size_t n = hand->block->blocking->stock->n;
    for (size_t from; (from = atomic_fetch_add(&hand->block->next, RECORDS_AT_ONCE)) < n;)
        throw_keys(hand, from, from + RECORDS_AT_ONCE < n ? from + RECORDS_AT_ONCE : n);
}

/* Gathers a heap of all hands into hand->items; returns how many. The chunks go to this hand. */
static size_t gather(struct hand *hand, size_t heap, bool meetings)
{
    const struct block *block = hand->block;
    size_t n = 0, at = 0;
    for (unsigned t = 0; t < block->threads; t++)
        n += dedupe_heap_size(meetings ? block->hands[t].meetings : block->hands[t].keys, heap);
    make_room(hand, n);
    for (unsigned t = 0; t < block->threads; t++) {
        struct dedupe_heaps *heaps = meetings ? block->hands[t].meetings : block->hands[t].keys;
        at += dedupe_heap_copy(heaps, heap, hand->items + at);
        dedupe_heap_take(heaps, heap, &hand->chunks);
    }
    return n;
}

static void meet(struct hand *hand, uint32_t a, uint32_t b)
{
    uint32_t left = a < b ? a : b, right = a < b ? b : a;
    const struct block *block = hand->block;
    size_t border = block->blocking->stock->border;
    if (left == right || (border > 0 && (left >= border || right < border)))
        return;
    dedupe_heap_add(hand->meetings, left >> block->range_shift, (uint64_t)left << block->shift | right, &hand->chunks);
    hand->count.met++;
}

/* A record with the beginning of its name as numbers that sort as the letters do. */
struct named {
    uint64_t family, given;
    uint32_t record;
};

static uint64_t first_letters(struct str text)
{
    uint64_t letters = 0;
    for (size_t i = 0; i < 8; i++)
        letters = letters << 8 | (i < text.n ? (unsigned char)text.p[i] : 0);
    return letters;
}

static int by_name(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    if (a->given != b->given)
        return a->given < b->given ? -1 : 1;
    return a->record < b->record ? -1 : a->record > b->record;
}

/* Records are the low halves of the items. */
static void sort_by_name(const struct dedupe_stock *stock, uint64_t *items, size_t n)
{
    _cleanup_(cleanup_free) struct named *named = memory_table(n, sizeof *named);
    for (size_t i = 0; i < n; i++) {
        const struct dedupe_record *record = stock->records[(uint32_t)items[i]];
        named[i] =
            (struct named){first_letters(record->family->text), first_letters(record->given->text), (uint32_t)items[i]};
    }
    qsort(named, n, sizeof *named, by_name);
    for (size_t i = 0; i < n; i++)
        items[i] = named[i].record;
}

static void pair_block(struct hand *hand, uint64_t *items, size_t n)
{
    size_t reach = n;
    if (n > BLOCK_MAX) {
        reach = NEIGHBOURS;
        hand->count.big_blocks++;
        sort_by_name(hand->block->blocking->stock, items, n);
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n && j <= i + reach; j++)
            meet(hand, (uint32_t)items[i], (uint32_t)items[j]);
    }
}

static void pair_heap(struct hand *hand, size_t heap)
{
    size_t n = gather(hand, heap, false);
    uint64_t *items = hand->items;
    dedupe_numbers_sort(items, hand->scratch, n, 32, 64); /* in which order records stand, pairs do not tell */
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && items[end] >> 32 == items[i] >> 32;)
            end++;
        if (end - i > 1)
            pair_block(hand, items + i, end - i);
    }
}

static void pair_heaps(void *self)
{
    struct hand *hand = self;
    for (size_t heap; (heap = atomic_fetch_add(&hand->block->next, 1)) < hand->block->to;)
        pair_heap(hand, heap);
}

/* Pairs of a range, sorted, without repeats. */
static void hand_out(struct hand *hand, size_t range)
{
    const struct block *block = hand->block;
    size_t n = gather(hand, range, true), kept = 0;
    uint64_t *items = hand->items, mask = ((uint64_t)1 << block->shift) - 1;
    struct dedupe_pair *pairs = (struct dedupe_pair *)(void *)hand->scratch;
    /* Left records of a range have the same high bits. */
    dedupe_numbers_sort(items, hand->scratch, n, 0, block->shift + block->range_shift);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || items[i] != items[i - 1])
            pairs[kept++] = (struct dedupe_pair){(uint32_t)(items[i] >> block->shift), (uint32_t)(items[i] & mask)};
    }
    hand->count.pairs += kept;
    if (kept > 0)
        block->blocking->give(block->blocking->self, hand->thread, range, pairs, kept);
}

static void hand_out_ranges(void *self)
{
    struct hand *hand = self;
    for (size_t range; (range = atomic_fetch_add(&hand->block->next, 1)) < DEDUPE_RANGES;)
        hand_out(hand, range);
}

static void run(struct block *block, void (*work)(void *hand), size_t first)
{
    atomic_store(&block->next, first);
    parallel_run(work, block->hands, sizeof *block->hands, block->threads);
}

static void lay_down(struct block *block, struct dedupe_blocked *blocked)
{
    for (unsigned t = 0; t < block->threads; t++) {
        struct hand *hand = &block->hands[t];
        blocked->keys += hand->count.keys;
        blocked->met += hand->count.met;
        blocked->pairs += hand->count.pairs;
        blocked->big_blocks += hand->count.big_blocks;
        dedupe_chunks_free(&hand->chunks);
        free(hand->keys);
        free(hand->meetings);
        free(hand->items);
        free(hand->scratch);
    }
    free(block->hands);
}

void dedupe_block(const struct dedupe_blocking *blocking, struct dedupe_blocked *ret_blocked)
{
    size_t n = blocking->stock->n;
    assert(n < INT32_MAX && blocking->threads > 0 && blocking->part < blocking->parts &&
           blocking->parts <= DEDUPE_HEAPS);
    struct block block = {.blocking = blocking,
                          .threads = blocking->threads < PARALLEL_MAX ? blocking->threads : PARALLEL_MAX,
                          .from = (size_t)DEDUPE_HEAPS * blocking->part / blocking->parts,
                          .to = (size_t)DEDUPE_HEAPS * (blocking->part + 1) / blocking->parts};
    struct dedupe_blocked blocked = {0};
    for (block.shift = 1; n >> block.shift;)
        block.shift++;
    block.range_shift = block.shift > HEAP_BITS ? block.shift - HEAP_BITS : 0;
    block.hands = memory_table(block.threads, sizeof *block.hands);
    for (unsigned t = 0; t < block.threads; t++) {
        struct hand *hand = &block.hands[t];
        hand->block = &block;
        hand->thread = t;
        hand->keys = memory_table(1, sizeof *hand->keys);
        hand->meetings = memory_table(1, sizeof *hand->meetings);
    }
    run(&block, throw_all_keys, 0);
    run(&block, pair_heaps, block.from);
    run(&block, hand_out_ranges, 0);
    lay_down(&block, &blocked);
    *ret_blocked = blocked;
}

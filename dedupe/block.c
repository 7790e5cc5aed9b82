/* Blocking: hash every key, leave out those that nobody shares, sort, pair what stands together. */
#include "dedupe/block.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "dedupe/pairs.h"
#include "dedupe/record.h"

#include <assert.h>
#include <string.h>

enum {
    BLOCK_MAX = 30,  /* records of one key that are all paired */
    NEIGHBOURS = 12, /* in a bigger block: the next ones in order of name */
    BUCKETS = 256,   /* by the first byte of the hash */
    LOW_BYTES = 5,   /* of the hash that are sorted by within a bucket: a chance meeting costs one comparison */
    BITS_A_RECORD = 128,
};

struct entry {
    uint32_t hash_high, hash_low;
    uint32_t record;
};

/* One bit for each hash that was seen, and for each that was seen again. */
struct seen {
    uint64_t *once, *again;
};

/* What one thread works on. */
struct part {
    struct block *block;
    size_t from, to; /* records */
    struct seen seen;
    struct entry *entries;
    size_t entries_n, entries_room;
    size_t count[BUCKETS];
    size_t bucket_from, bucket_to;
    struct entry *scratch;
    uint64_t *pair; /* left << shift | right */
    size_t pairs_n, pairs_room, big_blocks;
};

struct block {
    const struct dedupe_stock *stock;
    struct part *parts;
    unsigned threads;
    uint64_t mask; /* of the bits of struct seen */
    struct entry *entries;
    size_t start[BUCKETS + 1];
    unsigned shift; /* bits of a record's number */
};

static void *grown(void *items, size_t *room, size_t size)
{
    *room = *room ? 2 * *room : 1 << 16;
    void *more = realloc(items, *room * size);
    if (!more)
        abort(); /* as arena_alloc() does */
    return more;
}

static void see(struct part *part, uint64_t hash)
{
    uint64_t bit = hash & part->block->mask, one = (uint64_t)1 << (bit & 63);
    part->seen.again[bit >> 6] |= part->seen.once[bit >> 6] & one;
    part->seen.once[bit >> 6] |= one;
}

static void see_keys(void *self)
{
    struct part *part = self;
    uint64_t hashes[DEDUPE_HASHES_MAX];
    for (size_t i = part->from; i < part->to; i++) {
        size_t n = dedupe_match_hashes(part->block->stock->records[i], hashes);
        for (size_t k = 0; k < n; k++)
            see(part, hashes[k]);
    }
}

/* Afterwards the first part's `again` holds what two records share, in whichever parts they are. */
static void merge_seen(struct block *block)
{
    struct seen *all = &block->parts[0].seen;
    for (unsigned t = 1; t < block->threads; t++) {
        struct seen *other = &block->parts[t].seen;
        for (size_t i = 0; i <= block->mask >> 6; i++) {
            all->again[i] |= other->again[i] | (all->once[i] & other->once[i]);
            all->once[i] |= other->once[i];
        }
        free(other->once);
        free(other->again);
    }
}

static void take_keys(void *self)
{
    struct part *part = self;
    const uint64_t *again = part->block->parts[0].seen.again;
    uint64_t hashes[DEDUPE_HASHES_MAX];
    for (size_t i = part->from; i < part->to; i++) {
        size_t n = dedupe_match_hashes(part->block->stock->records[i], hashes);
        for (size_t k = 0; k < n; k++) {
            uint64_t bit = hashes[k] & part->block->mask;
            if (!(again[bit >> 6] >> (bit & 63) & 1))
                continue;
            if (part->entries_n == part->entries_room)
                part->entries = grown(part->entries, &part->entries_room, sizeof *part->entries);
            part->entries[part->entries_n++] =
                (struct entry){(uint32_t)(hashes[k] >> 32), (uint32_t)hashes[k], (uint32_t)i};
            part->count[hashes[k] >> 56]++;
        }
    }
}

/* Writes this part's entries into their buckets; count[] holds where. */
static void scatter(void *self)
{
    struct part *part = self;
    for (size_t i = 0; i < part->entries_n; i++)
        part->block->entries[part->count[part->entries[i].hash_high >> 24]++] = part->entries[i];
    free(part->entries);
    part->entries = NULL;
}

/* Buckets one after another, in each the parts in order of records; then every part gets buckets of about equal size.
 */
static size_t lay_out(struct block *block)
{
    size_t sum = 0;
    for (size_t b = 0; b < BUCKETS; b++) {
        block->start[b] = sum;
        for (unsigned t = 0; t < block->threads; t++) {
            size_t count = block->parts[t].count[b];
            block->parts[t].count[b] = sum;
            sum += count;
        }
    }
    block->start[BUCKETS] = sum;
    size_t bucket = 0;
    for (unsigned t = 0; t < block->threads; t++) {
        block->parts[t].bucket_from = bucket;
        while (bucket < BUCKETS && (t + 1 == block->threads || block->start[bucket] * block->threads < sum * (t + 1)))
            bucket++;
        block->parts[t].bucket_to = bucket;
    }
    return sum;
}

static unsigned byte_of(const struct entry *entry, unsigned byte)
{
    return byte < 4 ? entry->hash_low >> (8 * byte) & 255 : entry->hash_high >> (8 * (byte - 4)) & 255;
}

/* One stable pass of a byte-wise radix sort. */
static void sort_pass(const struct entry *from, struct entry *to, size_t n, unsigned byte)
{
    size_t start[256] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++)
        start[byte_of(&from[i], byte)]++;
    for (size_t b = 0; b < 256; b++) {
        size_t count = start[b];
        start[b] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        to[start[byte_of(&from[i], byte)]++] = from[i];
}

/* When the room is full, repeats go first: most pairs share several keys. */
static void make_room(struct part *part)
{
    part->pairs_n = dedupe_pairs_settle(part->pair, part->pairs_n, 2 * part->block->shift);
    if (part->pairs_n > part->pairs_room / 2 || part->pairs_room == 0)
        part->pair = grown(part->pair, &part->pairs_room, sizeof *part->pair);
}

static void add_pair(struct part *part, uint32_t a, uint32_t b)
{
    uint32_t left = a < b ? a : b, right = a < b ? b : a;
    size_t border = part->block->stock->border;
    if (left == right || (border > 0 && (left >= border || right < border)))
        return;
    if (part->pairs_n == part->pairs_room)
        make_room(part);
    part->pair[part->pairs_n++] = (uint64_t)left << part->block->shift | right;
}

/* An entry with the beginning of its name as numbers that sort as the letters do. */
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

static void sort_by_name(const struct dedupe_stock *stock, struct entry *entries, size_t n)
{
    _cleanup_(cleanup_free) struct named *named = memory_table(n, sizeof *named);
    for (size_t i = 0; i < n; i++) {
        const struct dedupe_record *record = stock->records[entries[i].record];
        named[i] =
            (struct named){first_letters(record->family->text), first_letters(record->given->text), entries[i].record};
    }
    qsort(named, n, sizeof *named, by_name);
    for (size_t i = 0; i < n; i++)
        entries[i].record = named[i].record;
}

static void pair_block(struct part *part, struct entry *entries, size_t n)
{
    size_t reach = n;
    if (n > BLOCK_MAX) {
        reach = NEIGHBOURS;
        part->big_blocks++;
        sort_by_name(part->block->stock, entries, n);
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n && j <= i + reach; j++)
            add_pair(part, entries[i].record, entries[j].record);
    }
}

static bool same_key(const struct entry *a, const struct entry *b)
{
    return a->hash_low == b->hash_low && (a->hash_high & 255) == (b->hash_high & 255);
}

static void pair_bucket(struct part *part, struct entry *entries, size_t n)
{
    struct entry *from = entries, *to = part->scratch;
    for (unsigned byte = 0; byte < LOW_BYTES; byte++) {
        sort_pass(from, to, n, byte);
        struct entry *swap = from;
        from = to;
        to = swap;
    }
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && same_key(&from[i], &from[end]);)
            end++;
        if (end - i > 1)
            pair_block(part, from + i, end - i);
    }
}

static void pair_buckets(void *self)
{
    struct part *part = self;
    const size_t *start = part->block->start;
    size_t most = 0;
    for (size_t b = part->bucket_from; b < part->bucket_to; b++)
        most = start[b + 1] - start[b] > most ? start[b + 1] - start[b] : most;
    part->scratch = memory_table(most, sizeof *part->scratch);
    for (size_t b = part->bucket_from; b < part->bucket_to; b++)
        pair_bucket(part, part->block->entries + start[b], start[b + 1] - start[b]);
    free(part->scratch);
    part->pairs_n = dedupe_pairs_settle(part->pair, part->pairs_n, 2 * part->block->shift);
}

/* The least number that any part has next, or UINT64_MAX. */
static uint64_t take_least(struct block *block, size_t *at)
{
    uint64_t least = UINT64_MAX;
    for (unsigned t = 0; t < block->threads; t++) {
        const struct part *part = &block->parts[t];
        if (at[t] < part->pairs_n && part->pair[at[t]] < least)
            least = part->pair[at[t]];
    }
    for (unsigned t = 0; t < block->threads; t++)
        at[t] += at[t] < block->parts[t].pairs_n && block->parts[t].pair[at[t]] == least;
    return least;
}

static void merge_pairs(struct block *block, struct arena *arena, struct dedupe_pairs *pairs)
{
    size_t at[PARALLEL_MAX] = {0}, most = 0;
    uint64_t mask = ((uint64_t)1 << block->shift) - 1;
    for (unsigned t = 0; t < block->threads; t++) {
        most += block->parts[t].pairs_n;
        pairs->big_blocks += block->parts[t].big_blocks;
    }
    pairs->pair = arena_array(arena, most, sizeof *pairs->pair);
    for (uint64_t pair; (pair = take_least(block, at)) != UINT64_MAX;)
        pairs->pair[pairs->n++] = (struct dedupe_pair){(uint32_t)(pair >> block->shift), (uint32_t)(pair & mask)};
    for (unsigned t = 0; t < block->threads; t++)
        free(block->parts[t].pair);
}

static void start_parts(struct block *block)
{
    size_t n = block->stock->n, bits = 1 << 16;
    while (bits < BITS_A_RECORD * n)
        bits *= 2;
    block->mask = bits - 1;
    for (block->shift = 1; n >> block->shift;)
        block->shift++;
    for (unsigned t = 0; t < block->threads; t++) {
        struct part *part = &block->parts[t];
        part->block = block;
        part->from = n * t / block->threads;
        part->to = n * (t + 1) / block->threads;
        part->seen = (struct seen){memory_table(bits / 64, 8), memory_table(bits / 64, 8)};
    }
}

void dedupe_block(const struct dedupe_stock *stock, unsigned threads, struct arena *arena,
                  struct dedupe_pairs *ret_pairs)
{
    assert(stock->n < UINT32_MAX && threads > 0);
    struct block block = {.stock = stock, .threads = threads < PARALLEL_MAX ? threads : PARALLEL_MAX};
    struct dedupe_pairs pairs = {0};
    block.parts = memory_table(block.threads, sizeof *block.parts);
    start_parts(&block);
    parallel_run(see_keys, block.parts, sizeof *block.parts, block.threads);
    merge_seen(&block);
    parallel_run(take_keys, block.parts, sizeof *block.parts, block.threads);
    free(block.parts[0].seen.once);
    free(block.parts[0].seen.again);
    pairs.keys = lay_out(&block);
    block.entries = memory_table(pairs.keys, sizeof *block.entries);
    parallel_run(scatter, block.parts, sizeof *block.parts, block.threads);
    parallel_run(pair_buckets, block.parts, sizeof *block.parts, block.threads);
    free(block.entries);
    merge_pairs(&block, arena, &pairs);
    free(block.parts);
    *ret_pairs = pairs;
}

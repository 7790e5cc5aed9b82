/* Blocking: hash every key, sort, pair what stands together. */
#include "dedupe/block.h"

#include "dedupe/record.h"

#include <assert.h>

enum {
    BLOCK_MAX = 150,      /* records of one key that are all paired */
    NEIGHBOURS = 12,      /* in a bigger block: the next ones in order of name */
    KEY_BYTES = 6,        /* of the hash that are sorted by: a chance meeting costs one comparison */
    SCRATCH_RECORDS = 64, /* whose key texts share one arena */
    SCRATCH_CEILING = 16 << 20,
};

struct entry {
    uint64_t hash;
    uint32_t record;
};

struct entries {
    struct entry *entry, *other;
    size_t n;
};

/* FNV-1a with a final mix, so that the low bytes are good to sort by. */
static uint64_t hash_of(struct str text)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < text.n; i++)
        h = (h ^ (unsigned char)text.p[i]) * 0x100000001b3u;
    h = (h ^ h >> 33) * 0xff51afd7ed558ccdu;
    return h ^ h >> 33;
}

static size_t match_keys(const struct dedupe_record *record, struct arena *scratch, uint64_t *ret_hashes)
{
    struct dedupe_keys keys;
    size_t n = 0;
    dedupe_keys(record, scratch, &keys);
    for (size_t i = 0; i < keys.n; i++) {
        if (keys.key[i].use & DEDUPE_FOR_MATCH)
            ret_hashes[n++] = hash_of(keys.key[i].text);
    }
    return n;
}

/* Calls of this make the entries: first to count, then to fill. */
static size_t visit_keys(const struct dedupe_record *const *records, size_t n, struct entry *ret_entries)
{
    size_t count = 0;
    for (size_t from = 0; from < n; from += SCRATCH_RECORDS) {
        _cleanup_(arena_freep) struct arena *scratch = arena_new(SCRATCH_CEILING);
        for (size_t i = from; i < n && i < from + SCRATCH_RECORDS; i++) {
            uint64_t hashes[DEDUPE_KEYS_MAX];
            size_t found = match_keys(records[i], scratch, hashes);
            for (size_t k = 0; ret_entries && k < found; k++)
                ret_entries[count + k] = (struct entry){hashes[k], (uint32_t)i};
            count += found;
        }
    }
    return count;
}

/* One stable pass of a byte-wise radix sort. */
static void sort_pass(struct entries *entries, unsigned shift)
{
    size_t start[256] = {0};
    for (size_t i = 0; i < entries->n; i++)
        start[entries->entry[i].hash >> shift & 255]++;
    size_t sum = 0;
    for (size_t b = 0; b < 256; b++) {
        size_t count = start[b];
        start[b] = sum;
        sum += count;
    }
    for (size_t i = 0; i < entries->n; i++)
        entries->other[start[entries->entry[i].hash >> shift & 255]++] = entries->entry[i];
    struct entry *swap = entries->entry;
    entries->entry = entries->other;
    entries->other = swap;
}

static int by_name(const void *left, const void *right, void *records)
{
    const struct dedupe_record *const *all = records;
    const struct dedupe_record *a = all[((const struct entry *)left)->record];
    const struct dedupe_record *b = all[((const struct entry *)right)->record];
    int order = str_cmp(a->name.family_text, b->name.family_text);
    return order != 0 ? order : str_cmp(a->name.given_text, b->name.given_text);
}

/* Where pairs go; `pair` NULL only counts them. */
struct pairing {
    const struct dedupe_record *const *records;
    size_t border;
    struct entry *pair; /* hash = left << 32 | right, to be sorted like keys */
    size_t n, big_blocks;
};

static void add_pair(struct pairing *pairing, uint32_t a, uint32_t b)
{
    uint32_t left = a < b ? a : b, right = a < b ? b : a;
    bool across = pairing->border == 0 || (left < pairing->border && right >= pairing->border);
    if (left == right || !across)
        return;
    if (pairing->pair)
        pairing->pair[pairing->n] = (struct entry){(uint64_t)left << 32 | right, 0};
    pairing->n++;
}

static void pair_block(struct pairing *pairing, struct entry *block, size_t n)
{
    size_t reach = n;
    if (n > BLOCK_MAX) {
        reach = NEIGHBOURS;
        pairing->big_blocks++;
        union {
            const struct dedupe_record *const *in;
            void *out;
        } records = {pairing->records};
        qsort_r(block, n, sizeof *block, by_name, records.out);
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n && j <= i + reach; j++)
            add_pair(pairing, block[i].record, block[j].record);
    }
}

static void pair_blocks(struct pairing *pairing, const struct entries *entries)
{
    uint64_t mask = ((uint64_t)1 << (8 * KEY_BYTES)) - 1;
    for (size_t from = 0, to; from < entries->n; from = to) {
        uint64_t hash = entries->entry[from].hash & mask;
        for (to = from + 1; to < entries->n && (entries->entry[to].hash & mask) == hash;)
            to++;
        if (to - from > 1)
            pair_block(pairing, entries->entry + from, to - from);
    }
}

static void sort_entries(struct entries *entries, unsigned bytes)
{
    for (unsigned byte = 0; byte < bytes; byte++)
        sort_pass(entries, 8 * byte);
}

void dedupe_block(const struct dedupe_record *const *records, size_t n, size_t border, struct arena *arena,
                  struct dedupe_pairs *ret_pairs)
{
    assert(n <= UINT32_MAX);
    _cleanup_(arena_freep) struct arena *work = arena_new(SIZE_MAX);
    struct entries keys = {.n = visit_keys(records, n, NULL)};
    keys.entry = arena_array(work, keys.n, sizeof *keys.entry);
    keys.other = arena_array(work, keys.n, sizeof *keys.other);
    (void)visit_keys(records, n, keys.entry);
    sort_entries(&keys, KEY_BYTES);
    struct pairing count = {.records = records, .border = border};
    pair_blocks(&count, &keys);
    struct entries pairs = {.n = count.n};
    pairs.entry = arena_array(work, pairs.n, sizeof *pairs.entry);
    pairs.other = arena_array(work, pairs.n, sizeof *pairs.other);
    struct pairing fill = {.records = records, .border = border, .pair = pairs.entry};
    pair_blocks(&fill, &keys);
    sort_entries(&pairs, sizeof(uint64_t));
    struct dedupe_pairs result = {.keys = keys.n, .big_blocks = count.big_blocks};
    for (size_t i = 0; i < pairs.n; i++)
        result.n += i == 0 || pairs.entry[i].hash != pairs.entry[i - 1].hash;
    result.pair = arena_array(arena, result.n, sizeof *result.pair);
    for (size_t i = 0, at = 0; i < pairs.n; i++) {
        if (i == 0 || pairs.entry[i].hash != pairs.entry[i - 1].hash)
            result.pair[at++] =
                (struct dedupe_pair){(uint32_t)(pairs.entry[i].hash >> 32), (uint32_t)pairs.entry[i].hash};
    }
    *ret_pairs = result;
}

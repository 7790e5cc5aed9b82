/* An open hash from a text of one kind to its form. */
#include "base/memory.h"
#include "dedupe/batch.h"
#include "dedupe/record.h"

#include <string.h>

/* By 64 bits of hash alone: that two texts of a stock share them is less likely than that memory fails, and the texts
 * need not be kept and read again. */
struct entry {
    uint64_t hash; /* 0 = free */
    const void *form;
};

enum { TEXT_CHUNK = 64 * 1024, SCRATCH_RECORDS = 64 };

struct dedupe_pool {
    struct arena *arena, *scratch;
    size_t scratch_uses;
    char *text; /* room for texts, end to end */
    size_t text_left;
    struct entry *entries;
    size_t n, room; /* room is a power of two, more than twice n */
};

struct dedupe_pool *dedupe_pool_new(struct arena *arena)
{
    struct dedupe_pool *pool = arena_one(arena, struct dedupe_pool);
    pool->arena = arena;
    pool->room = 1 << 12;
    pool->entries = memory_table(pool->room, sizeof *pool->entries); /* goes before the arena does */
    return pool;
}

static uint64_t hash_of(enum dedupe_form_kind kind, struct str text)
{
    uint64_t h = 0x9e3779b97f4a7c15u * ((uint64_t)kind + 1) ^ text.n, word;
    size_t i = 0;
    for (; i + 8 <= text.n; i += 8) {
        memcpy(&word, text.p + i, 8);
        h = (h ^ word) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    word = 0;
    for (; i < text.n; i++)
        word = word << 8 | (unsigned char)text.p[i];
    h = (h ^ word) * 0xc4ceb9fe1a85ec53u;
    return h ^ h >> 29;
}

uint64_t dedupe_text_hash(struct str text)
{
    return hash_of(DEDUPE_FORM_GIVEN, text);
}

static struct entry *find(const struct dedupe_pool *pool, uint64_t hash)
{
    size_t mask = pool->room - 1, at = hash & mask;
    while (pool->entries[at].hash != 0 && pool->entries[at].hash != hash)
        at = (at + 1) & mask;
    return &pool->entries[at];
}

static void grow(struct dedupe_pool *pool)
{
    struct entry *old = pool->entries;
    size_t old_room = pool->room;
    pool->room *= 2;
    pool->entries = memory_table(pool->room, sizeof *pool->entries);
    for (size_t i = 0; i < old_room; i++) {
        if (old[i].hash != 0)
            *find(pool, old[i].hash) = old[i];
    }
    free(old);
}

const void **dedupe_pool_slot(struct dedupe_pool *pool, enum dedupe_form_kind kind, struct str text)
{
    if (2 * (pool->n + 1) > pool->room)
        grow(pool);
    uint64_t hash = hash_of(kind, text);
    hash += hash == 0;
    struct entry *entry = find(pool, hash);
    if (entry->hash == 0) {
        entry->hash = hash;
        pool->n++;
    }
    return &entry->form;
}

struct arena *dedupe_pool_scratch(struct dedupe_pool *pool)
{
    if (pool->scratch_uses++ % SCRATCH_RECORDS == 0) {
        arena_free(pool->scratch);
        pool->scratch = arena_new(SIZE_MAX);
    }
    return pool->scratch;
}

struct arena *dedupe_pool_arena(struct dedupe_pool *pool)
{
    return pool->arena;
}

struct str dedupe_pool_text(struct dedupe_pool *pool, struct str text)
{
    if (text.n > pool->text_left) {
        pool->text_left = text.n > TEXT_CHUNK ? text.n : TEXT_CHUNK;
        pool->text = arena_alloc(pool->arena, pool->text_left);
    }
    char *copy = pool->text;
    if (text.n > 0)
        memcpy(copy, text.p, text.n);
    pool->text += text.n;
    pool->text_left -= text.n;
    return (struct str){text.n > 0 ? copy : "", text.n};
}

void dedupe_pool_done(struct dedupe_pool *pool)
{
    arena_free(pool->scratch);
    free(pool->entries);
    pool->scratch = NULL;
    pool->entries = NULL;
}

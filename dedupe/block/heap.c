/* Chunks are cut from slabs of two megabytes. */
#include "dedupe/block/heap.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { SLAB_CHUNKS = 511 };

struct slab {
    struct slab *next;
    struct dedupe_chunk chunks[SLAB_CHUNKS];
};

static void cut_slab(struct dedupe_chunks *chunks)
{
    struct slab *slab = memory_table(1, sizeof *slab);
    slab->next = chunks->slabs;
    chunks->slabs = slab;
    for (size_t i = 0; i < SLAB_CHUNKS; i++) {
        slab->chunks[i].next = chunks->free;
        chunks->free = &slab->chunks[i];
    }
}

void dedupe_heap_add_chunk(struct dedupe_heaps *heaps, size_t heap, struct dedupe_chunks *chunks)
{
    if (!chunks->free)
        cut_slab(chunks);
    struct dedupe_chunk *chunk = chunks->free;
    chunks->free = chunk->next;
    chunk->next = NULL;
    chunk->n = 0;
    if (heaps->last[heap])
        heaps->last[heap]->next = chunk;
    else
        heaps->first[heap] = chunk;
    heaps->last[heap] = chunk;
}

size_t dedupe_heap_size(const struct dedupe_heaps *heaps, size_t heap)
{
    size_t n = 0;
    for (const struct dedupe_chunk *chunk = heaps->first[heap]; chunk; chunk = chunk->next)
        n += chunk->n;
    return n;
}

size_t dedupe_heap_copy(const struct dedupe_heaps *heaps, size_t heap, uint64_t *ret_items)
{
    size_t n = 0;
    for (const struct dedupe_chunk *chunk = heaps->first[heap]; chunk; chunk = chunk->next) {
        memcpy(ret_items + n, chunk->items, chunk->n * sizeof *ret_items);
        n += chunk->n;
    }
    return n;
}

void dedupe_heap_take(struct dedupe_heaps *heaps, size_t heap, struct dedupe_chunks *chunks)
{
    struct dedupe_chunk *last = heaps->last[heap];
    if (!last)
        return;
    last->next = chunks->free;
    chunks->free = heaps->first[heap];
    heaps->first[heap] = heaps->last[heap] = NULL;
}

void dedupe_chunks_free(struct dedupe_chunks *chunks)
{
    for (struct slab *slab = chunks->slabs, *next; slab; slab = next) {
        next = slab->next;
        free(slab);
    }
    *chunks = (struct dedupe_chunks){0};
}

/* Numbers thrown on many heaps, in chunks of a page: written once and in order, taken off heap by heap. For one thread.
 */
#ifndef DEDUPE_BLOCK_HEAP_H
#define DEDUPE_BLOCK_HEAP_H

#include <stddef.h>
#include <stdint.h>

enum { DEDUPE_HEAPS = 1024, DEDUPE_CHUNK_ITEMS = 510 };

struct dedupe_chunk {
    struct dedupe_chunk *next;
    uint64_t n;
    uint64_t items[DEDUPE_CHUNK_ITEMS];
};

struct dedupe_heaps {
    struct dedupe_chunk *first[DEDUPE_HEAPS], *last[DEDUPE_HEAPS];
};

/* Where chunks come from and go to. Zero-initialise. */
struct dedupe_chunks {
    struct dedupe_chunk *free;
    void *slabs;
};

void dedupe_heap_add_chunk(struct dedupe_heaps *heaps, size_t heap, struct dedupe_chunks *chunks);

static inline void dedupe_heap_add(struct dedupe_heaps *heaps, size_t heap, uint64_t item, struct dedupe_chunks *chunks)
{
    struct dedupe_chunk *last = heaps->last[heap];
    if (!last || last->n == DEDUPE_CHUNK_ITEMS) {
        dedupe_heap_add_chunk(heaps, heap, chunks);
        last = heaps->last[heap];
    }
    last->items[last->n++] = item;
}

size_t dedupe_heap_size(const struct dedupe_heaps *heaps, size_t heap);
/* Copies a heap, in the order it was added to; returns how many. */
size_t dedupe_heap_copy(const struct dedupe_heaps *heaps, size_t heap, uint64_t *ret_items);
/* The heap is empty, its chunks go to `chunks`: those of the thread that calls. */
void dedupe_heap_take(struct dedupe_heaps *heaps, size_t heap, struct dedupe_chunks *chunks);
void dedupe_chunks_free(struct dedupe_chunks *chunks);

#endif

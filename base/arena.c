/* Bump allocation in chunks of at least 16 KiB; see arena.h. */
#include "base/arena.h"

#include "base/memory.h"

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

enum { ARENA_CHUNK = 16 * 1024, ARENA_MANY = 16 * 1024 * 1024, ARENA_BIG_CHUNK = 4 * 1024 * 1024 };

struct chunk {
    struct chunk *next;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct chunk *head;
    size_t ceiling, total;
    bool wiping;
};

static _Noreturn void arena_die(const char *why)
{
    (void)fprintf(stderr, "kartei: fatal: %s\n", why);
    abort();
}

static struct arena *arena_create(size_t ceiling, bool wiping)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        arena_die("out of memory");
    arena->ceiling = ceiling;
    arena->wiping = wiping;
    return arena;
}

struct arena *arena_new(size_t ceiling)
{
    return arena_create(ceiling, false);
}

struct arena *arena_new_wiping(size_t ceiling)
{
    return arena_create(ceiling, true);
}

static struct chunk *arena_grow(struct arena *arena, size_t need)
{
    bool big = arena->total > ARENA_MANY && !arena->wiping; /* a stock of records, not a request */
    size_t least = big ? ARENA_BIG_CHUNK : ARENA_CHUNK, size = need > least ? need : least;
    if (size > SIZE_MAX - sizeof(struct chunk))
        arena_die("allocation too large");
    struct chunk *chunk = calloc(1, sizeof *chunk + size);
    if (!chunk)
        arena_die("out of memory");
    if (big)
        memory_big_pages(chunk, sizeof *chunk + size);
    chunk->size = size;
    chunk->next = arena->head;
    arena->head = chunk;
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    assert(arena);
    size_t need = size ? size : 1;
    if (need > SIZE_MAX - alignof(max_align_t))
        arena_die("allocation too large");
    need = (need + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (need > arena->ceiling - arena->total)
        arena_die("a unit of work passed its memory ceiling");
    struct chunk *chunk = arena->head;
    if (!chunk || need > chunk->size - chunk->used)
        chunk = arena_grow(arena, need);
    void *memory = chunk->bytes + chunk->used;
    chunk->used += need;
    arena->total += need;
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        arena_die("allocation too large");
    return arena_alloc(arena, bytes);
}

size_t arena_used(const struct arena *arena)
{
    return arena->total;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct chunk *chunk = arena->head, *next; chunk; chunk = next) {
        next = chunk->next;
        if (arena->wiping)
            explicit_bzero(chunk->bytes, chunk->size);
        free(chunk);
    }
    free(arena);
}

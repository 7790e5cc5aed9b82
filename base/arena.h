/* One arena per unit of work: everything a request or job allocates dies together. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

/* Creates an arena that hands out at most `ceiling` bytes. Input is limited at the border (base/limits.h), so the
 * ceiling is a backstop: reaching it ends the process with a message, as running out of memory does. Never NULL. */
struct arena *arena_new(size_t ceiling);

/* The same, but all memory is wiped before it is given back: for keys, passwords, tokens. */
struct arena *arena_new_wiping(size_t ceiling);

/* Zeroed memory aligned for any type, valid until arena_free(). Never NULL; size 0 gives a unique pointer. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, alloc_size(2)));

/* `count` zeroed items of `size` bytes; ends the process when the product overflows. Never NULL. */
void *arena_array(struct arena *arena, size_t count, size_t size) __attribute__((malloc, alloc_size(2, 3)));

/* Bytes handed out so far. */
size_t arena_used(const struct arena *arena);

/* Gives everything back. NULL is allowed. */
void arena_free(struct arena *arena);

/* For `_cleanup_(arena_freep) struct arena *arena`. */
static inline void arena_freep(struct arena **arena)
{
    arena_free(*arena);
}

/* arena_one(a, struct x): one zeroed struct x. */
#define arena_one(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

#endif

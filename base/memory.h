/* Tables of many megabytes that are read at random. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* `count` zeroed items of `size` bytes for free(); ends the process when there is no memory, as an arena does. Never
 * NULL. */
void *memory_table(size_t count, size_t size) __attribute__((malloc, alloc_size(1, 2)));

/* Asks the kernel for big pages under a large piece of memory: fewer walks through page tables. A hint. */
void memory_big_pages(void *memory, size_t size);

#endif

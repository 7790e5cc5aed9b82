/* Big pages where the kernel gives them on request (Linux, transparent huge pages). */
#include "base/memory.h"

#include <stdint.h>
#include <sys/mman.h>

enum { BIG_PAGE = 2 * 1024 * 1024 };

void memory_big_pages(void *memory, size_t size)
{
    uintptr_t from = ((uintptr_t)memory + BIG_PAGE - 1) & ~(uintptr_t)(BIG_PAGE - 1);
    uintptr_t to = ((uintptr_t)memory + size) & ~(uintptr_t)(BIG_PAGE - 1);
    if (to > from)
        (void)madvise((unsigned char *)memory + (from - (uintptr_t)memory), to - from, MADV_HUGEPAGE);
}

void *memory_table(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory) {
        (void)fprintf(stderr, "kartei: fatal: out of memory\n");
        abort();
    }
    memory_big_pages(memory, count * size);
    return memory;
}

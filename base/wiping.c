/* See wiping.h. */
#include "base/wiping.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void wiping_free(void *p)
{
    if (!p)
        return;
    explicit_bzero(p, malloc_usable_size(p));
    free(p);
}

/* realloc() itself may move the bytes and leave the old ones where they were. */
void *wiping_realloc(void *p, size_t n)
{
    size_t had = p ? malloc_usable_size(p) : 0;
    if (p && n > 0 && n <= had)
        return p;
    void *fresh = malloc(n ? n : 1);
    if (!fresh)
        return NULL;
    if (p)
        memcpy(fresh, p, had < n ? had : n);
    wiping_free(p);
    return fresh;
}

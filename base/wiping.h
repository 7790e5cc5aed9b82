/* Memory that is wiped when it is given back, to be lent to libraries through whose hands confidential bytes go. */
#ifndef BASE_WIPING_H
#define BASE_WIPING_H

#include <stddef.h>

/* free() and realloc() that leave nothing behind of what was there; memory comes from malloc() or calloc(). */
void wiping_free(void *p);
void *wiping_realloc(void *p, size_t n);

#endif

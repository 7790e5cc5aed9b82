/* Memory for what must leave no trace: locked into RAM (never swapped), left out of core dumps, wiped before it is
 * given back; and lent to another process by its descriptor, so that no copy is ever written anywhere. */
#ifndef BASE_LOCKED_H
#define BASE_LOCKED_H

#include "base/err.h"

struct locked {
    int fd; /* memfd over the same bytes */
    char *p;
    size_t size;
};

/* `size` zeroed bytes. ERR_BUSY when the limit of locked memory (RLIMIT_MEMLOCK) is reached. */
int locked_open(size_t size, struct locked *ret_locked, struct err *err);
/* Makes the file of `fd` end after n bytes, 1 … size, for a reader that asks how long it is. */
int locked_cut(struct locked *locked, size_t n, struct err *err);
/* Zeroes everything and makes the file as long as the memory again. */
int locked_wipe(struct locked *locked, struct err *err);
/* Wipes and gives back. For `_cleanup_(locked_close) struct locked x = {.fd = -1}`. */
void locked_close(struct locked *locked);

#endif

/* The same work on several parts at once. */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stddef.h>

enum { PARALLEL_MAX = 64 };

/* Calls work() once for each of `n` parts (at most PARALLEL_MAX) of `size` bytes that lie one behind the other, each on
 * a thread of its own, and returns when all are done. Where no thread is to be had, the caller does the work. Parts
 * share nothing that anyone writes. */
void parallel_run(void (*work)(void *part), void *parts, size_t size, unsigned n);

/* Processors that this process may use, at least 1. */
unsigned parallel_cores(void);

#endif

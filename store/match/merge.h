/* Keeping the match index in few runs: what is fresh becomes a run, runs of like size become one, and what no subject
 * stands for any more goes. Any step may be the last one before a crash: the next goes on. */
#ifndef STORE_MATCH_MERGE_H
#define STORE_MATCH_MERGE_H

#include "store/store.h"

struct store_tending; /* an index being tended, over any number of steps; one thread */

enum { STORE_TEND_PAGES = 4096 };

/* Nothing is read before the first step. A step takes so many pages of the largest run that is merged. */
struct store_tending *store_tending_new(struct store *store, const struct id *org, int pages);
void store_tending_freep(struct store_tending **tending);
/* A step, with STORE_TEND_PAGES about a second, in a transaction of its own. *ret_more: there is another one to do;
 * false also when somebody else tends this organisation. */
int store_tend(struct store_tending *tending, bool *ret_more, struct err *err);

#endif

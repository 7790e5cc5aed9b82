/* Runs of the match index, for what writes and merges them. Inside of store/ only. */
#ifndef STORE_MATCH_RUN_H
#define STORE_MATCH_RUN_H

#include "store/core/tx.h"
#include "store/match/index.h"
#include "store/match/postings.h"

enum { STORE_RUN_LEAST = 4096 }; /* postings; fewer wait in match_fresh */

/* How the tables name what a key belongs to. */
int64_t store_subject_number(enum store_subject kind);
/* Sorted postings as pages at the end of a run; the caller counts them in the run's size. */
int store_run_append(struct store_tx *tx, int64_t run, const struct store_posting *sorted, size_t n, struct err *err);
/* A new run of sorted postings; none make an empty one. */
int store_run_new(struct store_tx *tx, enum store_subject kind, const struct store_posting *sorted, size_t n,
                  int64_t *ret_run, struct err *err);

#endif

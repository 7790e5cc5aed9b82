/* Which numbers a subject still stands for. Inside of store/ only. */
#ifndef STORE_MATCH_LIVE_H
#define STORE_MATCH_LIVE_H

#include "store/core/tx.h"
#include "store/match/postings.h"

/* Living numbers of an organisation at one time, a bit each; all zero is none. */
struct store_live {
    uint64_t *bits;
    size_t words; /* numbers below 64 · words */
};
void store_live_clear(struct store_live *live);

/* All of them. A posting that was visible before has its subject in it, or is dead for good. */
int store_live_read(struct store_tx *tx, struct store_live *live, struct err *err);
/* Drops the postings of the others. */
void store_live_keep(const struct store_live *live, struct store_posting *postings, size_t *n);

/* The same for a few postings, asked for by number. */
int store_live_among(struct store_tx *tx, struct store_posting *postings, size_t *n, struct err *err);

#endif

/* Which numbers a subject still stands for. Inside of store/ only. */
#ifndef STORE_MATCH_LIVE_H
#define STORE_MATCH_LIVE_H

#include "store/core/tx.h"
#include "store/match/postings.h"

struct store_live; /* all living numbers of an organisation, at one time: a bit each */

/* Reads them. A posting that was visible before has its subject in it, or is dead for good. */
int store_live_read(struct store_tx *tx, struct store_live **ret_live, struct err *err);
void store_live_free(struct store_live *live);
/* Drops the postings of the others. */
void store_live_keep(const struct store_live *live, struct store_posting *postings, size_t *n);

/* The same for a few postings, asked for by number. */
int store_live_among(struct store_tx *tx, struct store_posting *postings, size_t *n, struct err *err);

#endif

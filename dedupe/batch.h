/* Records and pairs by the million: the same forms, levels and weights as dedupe.h, without what only people read. */
#ifndef DEDUPE_BATCH_H
#define DEDUPE_BATCH_H

#include "dedupe/dedupe.h"

/* Forms that many records of one stock share; for one thread. Lives in the arena, as its records do. */
struct dedupe_pool;
struct dedupe_pool *dedupe_pool_new(struct arena *arena);
/* Gives back what the pool needs only while records are made; nothing can be made with it afterwards. */
void dedupe_pool_done(struct dedupe_pool *pool);
/* The same record for matching within a stock by the million: the contact may go, but its texts must live; it has no
 * search keys, and reasons of its pairs show no names. */
struct dedupe_record *dedupe_prepare_lean(struct dedupe_pool *pool, const struct contact *contact);
/* A model made ready to weigh by the million. */
struct dedupe_scorer;
struct dedupe_scorer *dedupe_scorer_new(const struct dedupe_model *model, struct arena *arena);
/* Probability of the pair and *ret_weight, exactly those of dedupe_score(), without reasons. */
double dedupe_weigh(const struct dedupe_scorer *scorer, const struct dedupe_record *a, const struct dedupe_record *b,
                    double *ret_weight);

/* Asks the memory for a record that is weighed soon: first for itself, some pairs later for its insides. */
void dedupe_foresee(const struct dedupe_record *record, bool insides);

#endif

/* Pairs of a whole stock, weighed: what kartei dedupe and the service's search for duplicates have in common. Most
 * pairs that share a key are dismissed at a glance (glance.h), the rest is weighed as dedupe_score() would. */
#ifndef DEDUPE_STOCK_WEIGHER_H
#define DEDUPE_STOCK_WEIGHER_H

#include "dedupe/block/block.h"
#include "dedupe/glance.h"

/* A pair that is likely enough. */
struct dedupe_scored {
    uint32_t left, right; /* records, left < right */
    float probability, weight;
};

struct dedupe_scored_list {
    struct dedupe_scored *items;
    size_t n;
};

/* What is weighed, and how. */
struct dedupe_weighing {
    const struct dedupe_stock *stock;
    const struct dedupe_glance *glances; /* of its records */
    const struct dedupe_model *model;    /* sized for the stock (dedupe_model_sized) */
    double least;                        /* least probability of a pair that is kept */
    unsigned threads;                    /* 1 .. PARALLEL_MAX */
};

/* Weighs what dedupe_block() finds, or any other source of pairs: its `self` is the weigher, its `give` the function
 * below. The weigher lives in the arena; dedupe_weigher_done() must follow. */
struct dedupe_weigher;
struct dedupe_weigher *dedupe_weigher_new(const struct dedupe_weighing *weighing, struct arena *arena);
void dedupe_weigher_give(void *weigher, unsigned thread, size_t range, const struct dedupe_pair *pairs, size_t n);
/* What was found, in the arena; the order depends on the threads. The weigher finds nothing afterwards. */
void dedupe_weigher_done(struct dedupe_weigher *weigher, struct arena *arena, struct dedupe_scored_list *ret_list);

/* The strongest first, then by the records: one order, whatever it was before. */
void dedupe_scored_sort(struct dedupe_scored_list *list);

/* All of it in memory, sorted: the same result with any number of threads. */
void dedupe_stock_pairs(const struct dedupe_weighing *weighing, struct arena *arena,
                        struct dedupe_scored_list *ret_list);

#endif

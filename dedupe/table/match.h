/* From a table to pairs with probabilities, and why. */
#ifndef DEDUPE_TABLE_MATCH_H
#define DEDUPE_TABLE_MATCH_H

#include "dedupe/table/learn.h"

struct dedupe_matched {
    uint32_t left, right; /* records, left < right */
    float probability;    /* 0..1 */
    float weight;         /* log2 of its odds */
};

struct dedupe_matching {
    const struct dedupe_table *table;
    struct dedupe_weights weights;
    struct dedupe_grader *grader;
    float *rarity[DEDUPE_FIELDS_MAX]; /* per value: bits by which it is rarer than its grade says */
    struct dedupe_matched *matched;   /* from the least probability on, by left and right */
    size_t n;
    size_t met; /* pairs that were compared */
};

/* How a whole stock is matched. */
struct dedupe_match_options {
    size_t border;    /* as in dedupe_block() */
    double least;     /* least probability of a pair that is kept */
    unsigned threads; /* 1 or more; the result is the same for any number */
};

/* Meets, grades, learns, scores. Lives in `arena` and borrows the table. */
struct dedupe_matching *dedupe_table_match(const struct dedupe_table *table, const struct dedupe_match_options *options,
                                           struct arena *arena);

/* Why a pair has its weight: bits of every field and of the best rival; their sum is the weight. */
struct dedupe_account {
    struct dedupe_pattern pattern;
    double field[DEDUPE_FIELDS_MAX]; /* log2 of what one makes of the grade and the best rival makes of it */
    enum dedupe_class rival;
    double rest; /* how much likelier the rivals are before anything is compared, and the lesser ones */
    double weight;
};
struct dedupe_account dedupe_table_account(struct dedupe_matching *matching, uint32_t left, uint32_t right);

#endif

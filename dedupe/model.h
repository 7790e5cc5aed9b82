/* The numbers behind a score: bits of every level, prior, thresholds, how common names are. */
#ifndef DEDUPE_MODEL_H
#define DEDUPE_MODEL_H

#include "dedupe/compare.h"

enum dedupe_name_kind { DEDUPE_FAMILY_NAME, DEDUPE_GIVEN_NAME };

/* Where name frequencies come from: the shipped table, or counts of an organisation's own stock. */
struct dedupe_frequencies {
    void *self;
    /* Share of people with this name (contact_plain() spelling, parts joined), 0 < share <= 1. */
    double (*share)(void *self, enum dedupe_name_kind kind, struct str name);
};

struct dedupe_model {
    double bits[DEDUPE_LEVELS]; /* log2(m/u): what the level says for one person; DEDUPE_LEVEL_NONE says 0 */
    double prior;               /* log2 odds that a pair sharing a key is one person, before anything is compared */
    double possible, obvious;   /* probabilities from which on a pair is shown, and preselected */
    double moved;               /* the latter for somebody with a new employer, who is updated, not merged */
    /* Exponent of the term frequency adjustment, 0 = off, 1 = as if a name's commonness were independent of all else.
     */
    double family_frequency, given_frequency;
    struct dedupe_frequencies frequencies;
    /* log2 of how many times more records the stock has than that of the weights: by the name alone, each meets as many
     * times more namesakes. */
    double namesakes;
    int64_t decisions; /* of people that the bits were learned from, beside those of the shipped weights */
};

/* Log2 odds of one person, from the prior and a weight: bits are a sum, and what comes together is not worth its sum
 * (calibration.def; monotone, so no order changes). And back, and the probability. */
double dedupe_calibrated(double bits);
double dedupe_uncalibrated(double log2_odds);
double dedupe_probability(double bits);

/* The shipped table of common names (frequencies.def); any other name is taken for rare. */
double dedupe_frequency_default(void *self, enum dedupe_name_kind kind, struct str name);

#define DEDUPE_RARITY_MOST 4.0 /* bits of a name at most, before the exponent */

/* What the rarity of the names adds to their level. */
struct dedupe_rarity {
    double family, given; /* bits by which the names that agree are rarer than most, 0 when they do not agree */
    bool tied;            /* something else ties the two together, so that the size of the stock does not count */
};
struct dedupe_rarity dedupe_name_rarity(const struct dedupe_model *model,
                                        const struct dedupe_finding found[DEDUPE_COMPARISONS],
                                        const struct dedupe_record *a, const struct dedupe_record *b);

/* Bits that the names add to their level: rarer ones tell more, and those of a big stock less where nothing else ties
 * the two together. */
double dedupe_name_weight(const struct dedupe_model *model, const struct dedupe_finding found[DEDUPE_COMPARISONS],
                          const struct dedupe_record *a, const struct dedupe_record *b);

/* The word of the level and the field of its comparison, as in reasons; sentences of levels.def. */
struct dedupe_level_text {
    const char *field, *level, *sentence_en, *sentence_de;
};
extern const struct dedupe_level_text dedupe_level_texts[DEDUPE_LEVELS];

#endif

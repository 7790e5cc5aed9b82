/* Weights without labels: which patterns of grades are one, which are strangers, namesakes or one household. */
#ifndef DEDUPE_TABLE_LEARN_H
#define DEDUPE_TABLE_LEARN_H

#include "dedupe/table/grade.h"

enum dedupe_class {
    DEDUPE_CLASS_ONE,       /* pairs of one, the names written well */
    DEDUPE_CLASS_ONE_TOO,   /* pairs of one, the rest written well: slips rarely come everywhere at once */
    DEDUPE_CLASS_STRANGERS, /* agree by chance */
    DEDUPE_CLASS_NAMESAKES, /* have their names in common, the rest by chance */
    DEDUPE_CLASS_HOUSEHOLD, /* family name, place, phone or employer in common, the rest by chance */
    DEDUPE_CLASSES
};
extern const char *const dedupe_class_words[DEDUPE_CLASSES]; /* "one", "one", "strangers", "namesakes", "household" */

/* How often a pattern was seen. */
struct dedupe_seen {
    struct dedupe_pattern pattern;
    double pairs;  /* among pairs that met */
    double chance; /* among pairs drawn at random that did not meet */
};

/* What is learned from. */
struct dedupe_learning {
    const struct dedupe_seen *seen;
    size_t seen_n;
    enum dedupe_kind kinds[DEDUPE_FIELDS_MAX];
    size_t fields_n;
    double chance_weight; /* how many pairs of the stock that did not meet one drawn at random stands for */
    double one;           /* share of pairs of one among all pairs, before learning */
};

/* What was learned: natural logarithms of shares. DEDUPE_GRADE_NONE has 0 everywhere: a missing value tells nothing. */
struct dedupe_weights {
    size_t fields_n;
    double class[DEDUPE_CLASSES];
    double grade[DEDUPE_CLASSES][DEDUPE_FIELDS_MAX][DEDUPE_GRADES];
};

/* Latent classes (Lazarsfeld and Henry 1968) by expectation maximisation (Dempster, Laird, Rubin 1977) over all pairs
 * of the stock, also those that never met, so that probabilities mean what they say. The same counts in any order
 * give the same weights up to rounding. */
void dedupe_learn(const struct dedupe_learning *learning, struct dedupe_weights *ret_weights);

/* Logarithms of the likelihood of each class with its share. */
void dedupe_classify(const struct dedupe_weights *weights, const struct dedupe_pattern *pattern,
                     double ret_class[DEDUPE_CLASSES]);
/* log2 of the odds that a pair of this pattern is one. */
double dedupe_pattern_weight(const struct dedupe_weights *weights, const struct dedupe_pattern *pattern);

#endif

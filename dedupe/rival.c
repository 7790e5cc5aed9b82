/* If the two are not one person, what are they? Naive Bayes over the same levels. */
#include "dedupe/compare.h"

#include <math.h>

const char *const dedupe_rival_words[] = {"colleague", "namesake", "relative", "stranger", NULL};

static const double shares[DEDUPE_LEVELS][DEDUPE_RIVALS] = {
    [DEDUPE_LEVEL_NONE] = {1.0, 1.0, 1.0, 1.0},
#define X(comparison, level, colleague, namesake, relative, stranger)                                                  \
    [DEDUPE_##comparison##_##level] = {colleague, namesake, relative, stranger},
#include "dedupe/rivals.def"
#undef X
};

/* Of pairs of two people that share a key, in the stock of rivals.def. */
static const double first[DEDUPE_RIVALS] = {0.363, 0.102, 0.006, 0.529};

enum dedupe_rival dedupe_best_rival(const struct dedupe_finding found[DEDUPE_COMPARISONS], double *ret_share)
{
    double likely[DEDUPE_RIVALS], all = 0.0;
    size_t best = 0;
    for (size_t r = 0; r < DEDUPE_RIVALS; r++) {
        likely[r] = first[r];
        for (size_t i = 0; i < DEDUPE_COMPARISONS; i++)
            likely[r] *= shares[found[i].level][r];
        all += likely[r];
        if (likely[r] > likely[best])
            best = r;
    }
    *ret_share = likely[best] / all;
    return (enum dedupe_rival)best;
}

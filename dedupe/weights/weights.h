/* Weights as a value with a version: written, read again, and learned from what people decided about pairs. Scores of
 * any weights come from dedupe_score() and dedupe_scorer_new(); they stay sums of bits. */
#ifndef DEDUPE_WEIGHTS_WEIGHTS_H
#define DEDUPE_WEIGHTS_WEIGHTS_H

#include "base/err.h"
#include "dedupe/dedupe.h"

enum {
    DEDUPE_WEIGHTS_FORMAT = 1, /* of the text */
    DEDUPE_LEVELS_BASIS = 1,   /* what levels.def means; weights of another basis are refused: learn them anew */
};

/* JSON text of a model, one level a line: {"format":1,"basis":1,"decisions":…,"prior":…,…,"weights":[{"field":"name",
 * "level":"same","bits":4.2605},…]}. Numbers have four decimals. Writing what was read gives the same text. */
struct str dedupe_weights_write(const struct dedupe_model *model, struct arena *arena);
/* Reads it. Levels that are not named keep their shipped bits. ERR_BAD_JSON; ERR_INVALID with a pointer: another format
 * or basis, an unknown level or one named twice, numbers out of range (bits and prior within 40 of 0, probabilities
 * within 0..1 and in order, exponents within 0..2). Lives in the arena. */
int dedupe_weights_read(struct str json, struct arena *arena, const struct dedupe_model **ret_model, struct err *err);

/* What a person decided about two records. Pairs must have come up by their score or at random, not by the answer:
 * else the odds before comparing are learned wrong. */
struct dedupe_decision {
    const struct dedupe_record *left, *right;
    bool same;
};

/* What learning found, for people and for the decision to activate. */
struct dedupe_lesson {
    size_t same, different; /* decisions of each kind */
    double freedom;         /* bits by which a weight may leave its prior, chosen by cross-validation; 0 = prior kept */
    double surprise_before; /* bits a decision costs under the prior: mean -log2 of what was stated for the answer */
    double surprise_after;  /* the same under learned weights, each decision by weights that did not see it */
    double largest_change;  /* bits of the level that moved most */
    struct str field, level; /* and its name; absent when nothing moved */
};

enum { DEDUPE_LEARN_LEAST = 10 }; /* decisions of each kind below which the prior is kept */

/* Weights after `n` decisions: maximum a posteriori of a logistic regression over the levels, normal around the prior,
 * whose width is chosen by cross-validation (decisions about people of one name are held out together); the prior stays
 * unless the gain exceeds its standard error, so that few decisions do no harm. Deterministic; the order of the
 * decisions changes nothing. Lives in the arena. */
const struct dedupe_model *dedupe_weights_learn(const struct dedupe_model *prior,
                                                const struct dedupe_decision *decisions, size_t n, struct arena *arena,
                                                struct dedupe_lesson *ret_lesson);

#endif

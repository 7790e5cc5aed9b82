/* How a value came to its normal form, step by step, for people who ask why two values are alike. */
#ifndef DEDUPE_STEPS_H
#define DEDUPE_STEPS_H

#include "dedupe/dedupe.h"

struct dedupe_step {
    struct str step; /* a word of steps.def: "fold", "parts", "company" … */
    struct str text; /* the value after it */
};
extern const struct json_shape dedupe_step_shape;

/* Fills the steps of a verdict's reasons: what was done to the values of `a` (left) and `b` (right), where it changed
 * them. Texts live in the arena or as long as the records, which were made by dedupe_prepare(). */
void dedupe_steps(struct dedupe_verdict *verdict, const struct dedupe_record *a, const struct dedupe_record *b,
                  struct arena *arena);
/* "small letters without accents: mueller". */
struct str dedupe_step_sentence(const struct dedupe_step *step, const char *language, struct arena *arena);

#endif

/* What a verdict rests on, in words beyond its reasons; German and English from the same numbers. */
#ifndef DEDUPE_EXPLAIN_H
#define DEDUPE_EXPLAIN_H

#include "dedupe/dedupe.h"

/* "The names are rarer than most (+2.1 bits)."; absent for a reason whose weight has no such part. */
struct str dedupe_rarity_sentence(const struct dedupe_reason *reason, const char *language, struct arena *arena);
/* What speaks for and against one person, and the best rival: "For: same company and same internet domain. Against: …
 * More likely a colleague than the same person (14:1)." */
struct str dedupe_rival_sentence(const struct dedupe_verdict *verdict, const char *language, struct arena *arena);
/* What the verdict hangs on: "Without “Same mobile number” it would be 43 % instead of 99 %."; absent when nothing was
 * compared. */
struct str dedupe_counterfactual_sentence(const struct dedupe_verdict *verdict, const char *language,
                                          struct arena *arena);

#endif

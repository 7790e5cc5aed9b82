/* Levelled spelling for matching. Own tables instead of text.h, because match keys are hashes of it: it must not change
 * with a library's version, and a stock of a million contacts goes through it. A change needs a migration of the keys.
 */
#ifndef CONTACT_FOLD_H
#define CONTACT_FOLD_H

#include "base/str.h"

/* Lower case without accents; German umlauts and their Nordic and Hungarian kin as two letters (ä -> ae, ø -> oe, ß ->
 * ss), other letters without their marks (é -> e, ł -> l); Greek and Cyrillic in lower case; composed and decomposed
 * text give the same. Apostrophes vanish; every other run of non-letters becomes one blank. "" when nothing is left. */
struct str contact_fold(struct str text, struct arena *arena);

/* Levels what is left between "mueller" and "muller": ae, oe, ue -> a, o, u. `folded` comes from contact_fold(). */
struct str contact_plain(struct str folded, struct arena *arena);

/* Views of the words of a folded text, `max` at most; returns how many. */
size_t contact_words(struct str folded, struct str *ret_words, size_t max);

/* `n` words joined by `separator`, which may be "". */
struct str contact_join(const struct str *words, size_t n, const char *separator, struct arena *arena);

#endif

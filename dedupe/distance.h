/* How alike two texts are, on bytes of folded text (contact_fold(): one byte a Latin letter). */
#ifndef DEDUPE_DISTANCE_H
#define DEDUPE_DISTANCE_H

#include "base/str.h"

/* Jaro-Winkler similarity, 0..1 (Winkler 1990: prefix of at most 4, scale 0.1, no threshold). Only the first 64 bytes
 * count. Two empty texts are 1, one empty text is 0. */
double dedupe_jaro_winkler(struct str a, struct str b);

/* Optimal string alignment distance (Damerau-Levenshtein with neighbours swapped at most once): insertions, deletions,
 * substitutions, swaps. Bit-parallel for a pattern of at most 64 bytes (Hyyrö 2003); only the first 64 bytes of each
 * text are compared, the rest counts by its difference in length. */
size_t dedupe_edit_distance(struct str a, struct str b);

/* dedupe_edit_distance(a, b) <= most, which is mostly seen without computing it. */
bool dedupe_within(struct str a, struct str b, size_t most);

/* Letters that a camera confuses levelled to one: rn = m, cl = d, vv = w, 0 = o, 1 = l = i = j, c = e, q = g, v = u …
 */
struct str dedupe_ocr_level(struct str plain, struct arena *arena);

/* Kölner Phonetik (Postel 1969): digits for the sounds of a German word, "65752682" for muellerluedenscheidt. Other
 * bytes than a-z are skipped. */
struct str dedupe_sound(struct str plain, struct arena *arena);

#endif

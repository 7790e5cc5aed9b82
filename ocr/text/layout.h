/* Words to lines to blocks: reading order, columns apart, letter heights. Pure geometry. */
#ifndef OCR_TEXT_LAYOUT_H
#define OCR_TEXT_LAYOUT_H

#include "ocr/words.h"

/* Groups words (any order; boxes in pixels of a w x h image) into a page. Words stand on one line when they overlap in
 * height with their neighbour, are alike in size, and the gap is at most 1.6 times the letter height: a wider gap is
 * a new column. Lines near below each other are a block. Everything lives in the arena; codes stays empty. */
struct ocr_page ocr_layout(const struct ocr_word *words, size_t n, double w, double h, struct arena *arena);

/* Cap height a word's box speaks of: the box of "name" is lower than that of "Name" in the same type. */
double ocr_letter_height(const struct ocr_word *word);

#endif

/* Cards of which no outline is seen, among others of which one is. */
#ifndef OCR_FIND_REST_H
#define OCR_FIND_REST_H

#include "ocr/find/choice.h"

enum { OCR_CARD_LETTERS = 10 }; /* letters that make a card without an outline */

/* Adds boxes around letters that lie on none of the cards, no larger than these are and at least so many letters high.
 */
void ocr_add_rest(const struct ocr_texts *texts, int rows, struct arena *arena, struct ocr_choice *cards);

#endif

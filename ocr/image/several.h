/* Several cards on one photo. */
#ifndef OCR_IMAGE_SEVERAL_H
#define OCR_IMAGE_SEVERAL_H

#include "ocr/image/find.h"
#include "ocr/image/texts.h"

/* An outline that may be a card. */
struct ocr_outline {
    struct ocr_quad quad; /* pixels of the image the letters were found on */
    double edge;          /* mean brightness step across its sides */
};

/* Chooses outlines side by side of like size which together hold most letters. Letters outside them that would make a
 * card of that size become one by the box around them. False when that is no picture of several cards: fewer than two
 * outlines, or too many letters that belong to none. Sorts the outlines. */
bool ocr_choose_several(struct ocr_outline *outlines, size_t n, const struct ocr_texts *texts, struct arena *arena,
                        struct ocr_found *ret_found);

/* Letters inside the quad. */
size_t ocr_letters_inside(const struct ocr_texts *texts, const struct ocr_quad *quad);

enum { OCR_CARD_LETTERS = 10 }; /* letters that make an outline a card when there are several */

#endif

/* Which outlines are the cards of a photo. */
#ifndef OCR_FIND_CHOICE_H
#define OCR_FIND_CHOICE_H

#include "base/limits.h"
#include "ocr/find/outlines.h"
#include "ocr/find/texts.h"

struct ocr_choice {
    struct ocr_quad cards[LIMIT_CARDS_PER_PHOTO];
    int n;
};

/* The outlines that together are most likely all cards of the photo: each looks like a card (sides on edges, a card's
 * shape, letters inside and none across its sides), they are of like size and do not meet. None when nothing looks like
 * a card. Both lists and the letters are in pixels of the same image. */
void ocr_choose_cards(const struct ocr_outlines *outlines, const struct ocr_outlines *frames,
                      const struct ocr_texts *texts, struct arena *arena, struct ocr_choice *ret_choice);

/* Letters whose middle lies inside the quad. */
size_t ocr_letters_inside(const struct ocr_texts *texts, const struct ocr_quad *quad);

#endif

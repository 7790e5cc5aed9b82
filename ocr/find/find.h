/* Where the cards lie on a photo. */
#ifndef OCR_FIND_FIND_H
#define OCR_FIND_FIND_H

#include "base/limits.h"
#include "ocr/find/quad.h"

struct ocr_found {
    struct ocr_quad quads[LIMIT_CARDS_PER_PHOTO]; /* in reading order; at least one */
    int n;
    bool outline;  /* the quads are card outlines; otherwise the box around the text, or the whole picture */
    bool sideways; /* the rows of text run up or down the photo */
};

/* Looks for card outlines on an upright photo and accepts them only if nearly all text-like components lie inside; else
 * takes the box around the text at the text's own angle; else the whole picture. Pixels of `photo`. */
struct ocr_found ocr_find_cards(struct ocr_image photo, struct arena *arena);
/* The whole picture as one card. */
struct ocr_found ocr_find_nothing(struct ocr_image photo);

#endif

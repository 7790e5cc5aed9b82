/* Where the cards lie on a photo. */
#ifndef OCR_IMAGE_FIND_H
#define OCR_IMAGE_FIND_H

#include "base/limits.h"
#include "ocr/image/image.h"

struct ocr_quad {
    struct ocr_place corner[4]; /* clockwise from top left as the card is read */
};

struct ocr_found {
    struct ocr_quad quads[LIMIT_CARDS_PER_PHOTO]; /* in reading order; at least one */
    int n;
    bool whole; /* nothing stood out: the one quad is the whole picture */
};

/* Looks for card outlines on an upright photo and accepts them only if nearly all text-like components lie inside; else
 * takes the box around the text at the text's own angle; else the whole picture. Pixels of `photo`. */
struct ocr_found ocr_find_cards(struct ocr_image photo, struct arena *arena);

#endif

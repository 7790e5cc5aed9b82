/* One card of a photo: from its outline to an upright picture and its words. */
#ifndef OCR_CARD_H
#define OCR_CARD_H

#include "ocr/find/find.h"
#include "ocr/image/decode.h"
#include "ocr/message.h"
#include "ocr/text/passes.h"

struct ocr_card_walk {
    const struct ocr_photo *photo;
    struct ocr_image gray; /* of photo->image */
    struct ocr_quad quad;  /* pixels of photo->image; turned so that the text reads upright */
    struct ocr_homography to_photo;
    struct ocr_image image; /* rectified, grey */
    struct ocr_page page;   /* words in pixels of image; codes stays empty */
};

/* Rectifies photo, gray and quad of the walk, turns it upright by reading (`sideways`: its rows run up or down) and
 * fills the rest. False when the quad is no picture at all. */
bool ocr_card_read(struct ocr_card_walk *walk, struct ocr_engine *engine, const struct ocr_patience *patience,
                   bool sideways, struct arena *arena);

/* Pixels of the longer side of the card on photo->image. */
double ocr_card_side(const struct ocr_quad *quad);

/* Fills quad and the boxes of claims and rests in pixels of the upright photo, quality, width and height. */
void ocr_card_place(const struct ocr_card_walk *walk, struct ocr_card *card, struct arena *arena);

/* Fills jpeg and thumb: the card in colour. */
void ocr_card_show(const struct ocr_card_walk *walk, struct ocr_card *card, struct arena *arena);

#endif

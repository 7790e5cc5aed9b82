/* Where a photo changes, and which way. */
#ifndef OCR_FIND_SLOPES_H
#define OCR_FIND_SLOPES_H

#include "ocr/find/quad.h"

enum { OCR_STEEP = 4 }; /* grey levels a pixel that are no noise */

/* The slope of each pixel: in the channel that changes most, of the square root of the levels. Dark paper that differs
 * from a dark table by a few levels differs as much there as light paper in the light does by many. */
struct ocr_slopes {
    int w, h;
    float *x, *y;           /* half the difference of the neighbours; of no meaning where the slope is not steep */
    uint8_t *steep;         /* its length; 0 along the picture's edge */
    struct ocr_image tones; /* the square root of the brightness */
};

/* Slopes of a small colour or grey photo (480 pixels). */
struct ocr_slopes ocr_slopes_of(struct ocr_image photo, struct arena *arena);
/* Share of each side of the quad along which the photo changes across it, whatever way. */
void ocr_slopes_along(const struct ocr_slopes *slopes, const struct ocr_quad *quad, double ret_shares[4]);
/* Grey levels by which the tones along the inside of a side differ from those along its outside; of the last
 * but one of the sides. */
double ocr_slopes_contrast(const struct ocr_slopes *slopes, const struct ocr_quad *quad);

#endif

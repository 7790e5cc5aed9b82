/* Quads made of straight edges. */
#ifndef OCR_FIND_FRAMES_H
#define OCR_FIND_FRAMES_H

#include "ocr/find/outlines.h"
#include "ocr/find/segments.h"

/* Adds the quads of which three sides are straight edges that meet in two corners, as far as all four sides lie on
 * edges for the most part: cards that touch a finger or another paper, and such whose halves differ in colour. */
void ocr_frames_look(const struct ocr_slopes *slopes, struct ocr_outlines *to, struct arena *arena);

#endif

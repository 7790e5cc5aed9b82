/* Grey card pixels to what an engine reads best: dark letters on even white. Two views that fail on different cards. */
#ifndef OCR_IMAGE_CLEAN_H
#define OCR_IMAGE_CLEAN_H

#include "ocr/image/image.h"

/* Letters become dark on white wherever they stand: the background is the local median, and whichever side of it
 * carries the ink (darker, or lighter on inverse cards and bands) is taken; contrast is stretched to the strongest ink
 * nearby. */
struct ocr_image ocr_clean_ink(struct ocr_image gray, struct arena *arena);
/* Evens out shadows and vignettes by dividing by the local bright level; polarity stays. */
struct ocr_image ocr_clean_shadow(struct ocr_image gray, struct arena *arena);
/* ink as ocr_clean_ink() sees it, thresholded: 1 where there is ink, 0 elsewhere; for finding letters. */
struct ocr_image ocr_clean_mask(struct ocr_image gray, struct arena *arena);

#endif

/* Grey card pixels to what an engine reads best: dark letters on even white. Two views that fail on different cards. */
#ifndef OCR_IMAGE_CLEAN_H
#define OCR_IMAGE_CLEAN_H

#include "ocr/image/image.h"

/* What lies under the ink, on a coarse grid: surveyed once, used by all views. */
struct ocr_ground_node {
    float median, bright; /* grey levels; bright in the negative where side < 0 */
    float side;           /* > 0: ink is darker than the background, < 0: lighter */
    float contrast;       /* of the strongest ink around, grey levels */
};
struct ocr_ground {
    int w, h; /* at least 2 x 2 */
    struct ocr_ground_node *nodes;
};
struct ocr_ground ocr_clean_survey(struct ocr_image gray, struct arena *arena);

/* Letters become dark on white wherever they stand: the background is the local median, and whichever side of it
 * carries the ink (darker, or lighter on inverse cards and bands) is taken; contrast is stretched to the strongest ink
 * nearby. */
struct ocr_image ocr_clean_ink(struct ocr_image gray, const struct ocr_ground *ground, struct arena *arena);
/* Evens out shadows and vignettes by dividing by the local bright level, which becomes OCR_CLEAN_PAPER; bands printed
 * light on dark are turned into their negative. Contrast stays as it was printed. */
enum { OCR_CLEAN_PAPER = 230 };
struct ocr_image ocr_clean_even(struct ocr_image gray, const struct ocr_ground *ground, struct arena *arena);
/* ink as ocr_clean_ink() sees it, thresholded: 1 where there is ink, 0 elsewhere; for finding letters. */
struct ocr_image ocr_clean_mask(struct ocr_image gray, const struct ocr_ground *ground, struct arena *arena);

#endif

/* Connected components of a mask (1 = set, 0 = clear), 8-connected. */
#ifndef OCR_IMAGE_BLOBS_H
#define OCR_IMAGE_BLOBS_H

#include "ocr/image/image.h"

struct ocr_blob {
    int x, y, w, h; /* bounding box */
    int area;       /* pixels set */
};

struct ocr_blobs {
    struct ocr_blob *items; /* blob i has label i + 1 */
    size_t n;
    int32_t *labels; /* one a pixel of the mask; 0 = clear */
};

/* Two passes with union-find (Wu, Otoo, Suzuki 2009). */
struct ocr_blobs ocr_blobs(struct ocr_image mask, struct arena *arena);

/* Grows the set pixels by r on each side, then shrinks back: closes gaps and holes up to 2r wide. */
struct ocr_image ocr_mask_close(struct ocr_image mask, int r, struct arena *arena);

#endif

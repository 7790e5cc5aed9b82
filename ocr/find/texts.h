/* Where there is text, before anything is read: rows of letter-like blobs. */
#ifndef OCR_FIND_TEXTS_H
#define OCR_FIND_TEXTS_H

#include "ocr/image/blobs.h"

enum { OCR_TEXT_ROWS = 5 };

struct ocr_texts {
    struct ocr_blob *letters; /* blobs that stand in rows, pixels of the image looked at */
    size_t n;
    double angle;        /* of the rows, radians, clockwise positive; 0 when unknown */
    double height;       /* median letter height */
    double fan, fan_mid; /* perspective: slope of a row over `angle`, a pixel that it lies below fan_mid;
                            across the rows (y cos - x sin of the angle); 0 when the rows do not tell */
    bool sideways;       /* rows run up or down */
    struct ocr_blob rows[OCR_TEXT_ROWS]; /* boxes of the longest rows, longest first; area is their letters */
    int n_rows;
    size_t blobs; /* all blobs of any size: a measure of texture */
};

/* Finds rows of at least four blobs alike in height, aligned and near each other, in both polarities. `gray` should
 * have about 1200 pixels on its longer side. */
struct ocr_texts ocr_find_texts(struct ocr_image gray, struct arena *arena);

#endif

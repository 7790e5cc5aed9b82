/* Four-cornered outlines on a photo that may be cards. */
#ifndef OCR_FIND_OUTLINES_H
#define OCR_FIND_OUTLINES_H

#include "ocr/find/slopes.h"

enum { OCR_OUTLINES = 160 };

struct ocr_outline {
    struct ocr_quad quad;
    double edge;             /* brightness step across its weakest side, 40 times the mean; 0 of frames (frames.h) */
    double support, weakest; /* share of its sides that lies on an edge: of all four, of the weakest */
    double contrast;         /* tones inside against those outside (slopes.h) */
};

struct ocr_outlines {
    struct ocr_outline items[OCR_OUTLINES];
    size_t n;
};

/* Adds what brightness, colour, saturation and plain ground outline on a small colour photo (480 pixels); `support` is
 * not measured. */
void ocr_outlines_look(struct ocr_image photo, struct ocr_outlines *to, struct arena *arena);
/* Measures support, weakest and contrast. */
void ocr_outline_measure(const struct ocr_slopes *slopes, struct ocr_outline *outline);

#endif

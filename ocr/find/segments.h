/* Straight edges of a photo. */
#ifndef OCR_FIND_SEGMENTS_H
#define OCR_FIND_SEGMENTS_H

#include "ocr/find/slopes.h"

enum { OCR_SEGMENTS = 360 };

struct ocr_segment {
    struct ocr_place a, b;
    double length;
};

struct ocr_segments {
    struct ocr_segment items[OCR_SEGMENTS];
    size_t n;
};

/* The longest straight edges, and lines through such that follow each other over a gap: a finger or glare may lie
 * between them. */
struct ocr_segments *ocr_segments_of(const struct ocr_slopes *slopes, struct arena *arena);

/* Radians by which two directions differ as lines, 0 to half of pi. */
double ocr_lines_apart(const struct ocr_segment *s, const struct ocr_segment *t);
/* Distance of a place from the line, positive to the right of a to b on a screen; and along it, from a. */
double ocr_off_line(const struct ocr_segment *s, struct ocr_place p);
double ocr_along_line(const struct ocr_segment *s, struct ocr_place p);

#endif

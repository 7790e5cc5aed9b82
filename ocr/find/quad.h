/* Four-cornered outlines of blobs. */
#ifndef OCR_FIND_QUAD_H
#define OCR_FIND_QUAD_H

#include "ocr/image/blobs.h"

struct ocr_quad {
    struct ocr_place corner[4]; /* clockwise from top left */
};

/* Area of the quad; corners in order. */
double ocr_quad_area(const struct ocr_quad *quad);
/* The same quad on a copy `scale` times as large. */
void ocr_quad_scale(struct ocr_quad *quad, double scale);
/* True when the point lies inside or within `slack` outside. */
bool ocr_quad_holds(const struct ocr_quad *quad, struct ocr_place at, double slack);

/* The quad that fits the outline of blob `index`: the largest one inside its convex hull, each side then refitted to
 * the hull's points along it, so that rounded corners do not matter. False when the outline is no card: less than 88 %
 * of the hull covered, corners far from right angles, sides too unlike. */
bool ocr_quad_fit(struct ocr_image mask, const struct ocr_blobs *blobs, size_t index, struct arena *arena,
                  struct ocr_quad *ret_quad);

/* Degrees by which opposite sides differ in direction, the larger of the two pairs. */
double ocr_quad_skew(const struct ocr_quad *quad);
/* Longer over shorter side. */
double ocr_quad_shape(const struct ocr_quad *quad);

/* Area of what two quads have in common (Sutherland and Hodgman 1974). */
double ocr_quad_common(const struct ocr_quad *a, const struct ocr_quad *b);
/* Turns the corners so that the first is the top left one and they go clockwise. False for what is no card seen at an
 * angle: corners far from right angles, sides too unlike. */
bool ocr_quad_upright(struct ocr_quad *quad);

#endif

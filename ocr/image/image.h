/* Pixels as plain values: 8 bits a channel, 1 (grey) or 3 (RGB) channels, rows without padding. All functions are pure;
 * results live in the arena they are given. */
#ifndef OCR_IMAGE_IMAGE_H
#define OCR_IMAGE_IMAGE_H

#include "base/arena.h"
#include "base/cleanup.h"

#include <stdbool.h>
#include <stdint.h>

struct ocr_image {
    int w, h;
    int channels; /* 1 or 3 */
    uint8_t *p;   /* w * h * channels bytes */
};

struct ocr_place {
    double x, y;
};

/* A plane projective map: (x, y) -> ((ax+by+c)/(gx+hy+1), (dx+ey+f)/(gx+hy+1)), row by row with m[8] == 1. */
struct ocr_homography {
    double m[9];
};

/* White image. w, h > 0 and channels 1 or 3 are promises of the caller (asserted). */
struct ocr_image ocr_image_new(struct arena *arena, int w, int h, int channels);
/* The same, all bytes 0: for those who write every pixel anyway. */
struct ocr_image ocr_image_black(struct arena *arena, int w, int h, int channels);
/* Rec. 601 luma; a grey image is returned as it is. */
struct ocr_image ocr_image_gray(struct ocr_image image, struct arena *arena);
/* To w x h: mean of the covered area when shrinking, bilinear when growing. */
struct ocr_image ocr_image_scale(struct ocr_image image, int w, int h, struct arena *arena);
/* Longer side at most `side`; never grows. */
struct ocr_image ocr_image_fit(struct ocr_image image, int side, struct arena *arena);
/* Undoes an EXIF orientation (1..8, Exif 2.32 section 4.6.4); anything else returns the image as it is. */
struct ocr_image ocr_image_upright(struct ocr_image image, int orientation, struct arena *arena);
/* w x h pixels of `image` seen through `to_image`, which maps target pixel centres to source; outside is the edge's
 * colour. Where the target is much coarser than the source, the source is reduced first. */
struct ocr_image ocr_image_warp(struct ocr_image image, const struct ocr_homography *to_image, int w, int h,
                                struct arena *arena);

/* The map that takes the rectangle 0,0 .. w,h to the quad (clockwise from top left). False for a degenerate quad.
 * Heckbert 1989, Fundamentals of Texture Mapping and Image Warping, section 2.2.3. */
bool ocr_homography_from_quad(double w, double h, const struct ocr_place quad[4], struct ocr_homography *ret_map);
struct ocr_place ocr_homography_apply(const struct ocr_homography *map, struct ocr_place at);

/* Size of an upright copy of a w x h image with that orientation: sides swap for 5..8. */
static inline bool ocr_orientation_swaps(int orientation)
{
    return orientation >= 5 && orientation <= 8;
}

#endif

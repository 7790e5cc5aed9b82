/* Synthetic pictures for tests: quads painted in one colour, rows of bars that look like letters. */
#ifndef TESTS_UNIT_OCR_PICTURE_H
#define TESTS_UNIT_OCR_PICTURE_H

#include "ocr/find/quad.h"
#include "tests/unit/unit.h"

#include <math.h>

static inline uint8_t *at(struct ocr_image image, int x, int y)
{
    return image.p + ((size_t)y * (size_t)image.w + (size_t)x) * (size_t)image.channels;
}

static inline void paint(struct ocr_image image, const struct ocr_quad *quad, const uint8_t *colour)
{
    double x0 = image.w, y0 = image.h, x1 = -1, y1 = -1;
    for (int i = 0; i < 4; i++) {
        x0 = fmin(x0, quad->corner[i].x);
        y0 = fmin(y0, quad->corner[i].y);
        x1 = fmax(x1, quad->corner[i].x);
        y1 = fmax(y1, quad->corner[i].y);
    }
    for (int y = (int)fmax(y0, 0); y < image.h && y <= y1; y++)
        for (int x = (int)fmax(x0, 0); x < image.w && x <= x1; x++)
            if (ocr_quad_holds(quad, (struct ocr_place){x, y}, 0))
                memcpy(at(image, x, y), colour, (size_t)image.channels);
}

static inline void fill(struct ocr_image image, const struct ocr_quad *quad, int level)
{
    const uint8_t colour[3] = {(uint8_t)level, (uint8_t)level, (uint8_t)level};
    paint(image, quad, colour);
}

/* Paints a quad in the colour; `ink` 0 to 255 prints three rows of bars from its first corner. */
static inline void lay(struct ocr_image photo, const struct ocr_quad *quad, const uint8_t colour[3], int ink)
{
    paint(photo, quad, colour);
    for (int row = 0; ink >= 0 && row < 3; row++)
        for (int i = 0; i < 12; i++) {
            int x = (int)quad->corner[0].x + 20 + i * 14, y = (int)quad->corner[0].y + 25 + row * 40;
            struct ocr_quad bar = {{{x, y}, {x + 6, y}, {x + 6, y + 16}, {x, y + 16}}};
            fill(photo, &bar, ink);
        }
}

static inline struct ocr_quad box(double x, double y, double w, double h)
{
    return (struct ocr_quad){{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}};
}

/* Pixels between the corners of two quads, of the two that lie farthest apart. */
static inline double farthest(const struct ocr_quad *a, const struct ocr_quad *b)
{
    double most = 0;
    for (int i = 0; i < 4; i++)
        most = fmax(most, hypot(a->corner[i].x - b->corner[i].x, a->corner[i].y - b->corner[i].y));
    return most;
}

#endif

/* Scaling, turning and warping of pixels; see image.h. */
#include "ocr/image/image.h"

#include <assert.h>
#include <math.h>

struct ocr_image ocr_image_black(struct arena *arena, int w, int h, int channels)
{
    assert(w > 0 && h > 0 && (channels == 1 || channels == 3));
    return (struct ocr_image){w, h, channels, arena_alloc(arena, (size_t)w * (size_t)h * (size_t)channels)};
}

struct ocr_image ocr_image_new(struct arena *arena, int w, int h, int channels)
{
    struct ocr_image image = ocr_image_black(arena, w, h, channels);
    memset(image.p, 255, (size_t)w * (size_t)h * (size_t)channels);
    return image;
}

struct ocr_image ocr_image_gray(struct ocr_image image, struct arena *arena)
{
    if (image.channels == 1)
        return image;
    struct ocr_image gray = ocr_image_black(arena, image.w, image.h, 1);
    size_t n = (size_t)image.w * (size_t)image.h;
    const uint8_t *restrict from = image.p;
    uint8_t *restrict to = gray.p;
    for (size_t i = 0; i < n; i++) {
        const uint8_t *q = from + 3 * i;
        to[i] = (uint8_t)((77U * q[0] + 150U * q[1] + 29U * q[2] + 128U) >> 8);
    }
    return gray;
}

/* Means of the covered area: the source rows of one target row are added up first, then the sums along the row. Target
 * column x covers the source from starts[x] to starts[x + 1]. */
static void shrink_row(struct ocr_image from, struct ocr_image to, int y, const uint32_t *starts,
                       uint32_t *restrict sums)
{
    int y0 = (int)((int64_t)y * from.h / to.h), y1 = (int)((int64_t)(y + 1) * from.h / to.h);
    size_t c = (size_t)from.channels, row = (size_t)from.w * c;
    memset(sums, 0, row * sizeof *sums);
    for (int sy = y0; sy < y1; sy++) {
        const uint8_t *restrict q = from.p + (size_t)sy * row;
        for (size_t i = 0; i < row; i++)
            sums[i] += q[i];
    }
    uint8_t *out = to.p + (size_t)y * (size_t)to.w * c;
    for (int x = 0; x < to.w; x++) {
        size_t x0 = starts[x], x1 = starts[x + 1];
        uint32_t n = (uint32_t)((size_t)(y1 - y0) * (x1 - x0));
        for (size_t k = 0; k < c; k++) {
            uint32_t sum = n / 2;
            for (size_t i = x0 * c + k; i < x1 * c; i += c)
                sum += sums[i];
            *out++ = (uint8_t)(sum / n);
        }
    }
}

/* Puts the bilinear sample at (x, y), 8 bits of fraction; outside is the edge's colour. */
static inline void sample(const struct ocr_image *image, size_t c, float x, float y, uint8_t *to)
{
    float most_x = (float)(image->w - 1), most_y = (float)(image->h - 1);
    x = x > 0 ? x : 0; /* also what is no number */
    y = y > 0 ? y : 0;
    x = x > most_x ? most_x : x;
    y = y > most_y ? most_y : y;
    int x0 = (int)x, y0 = (int)y;
    uint32_t fx = (uint32_t)((x - (float)x0) * 256), fy = (uint32_t)((y - (float)y0) * 256);
    size_t row = (size_t)image->w * c;
    const uint8_t *p = image->p + (size_t)y0 * row + (size_t)x0 * c;
    size_t right = x0 + 1 < image->w ? c : 0, down = y0 + 1 < image->h ? row : 0;
    for (size_t k = 0; k < c; k++, p++) {
        uint32_t top = p[0] * (256 - fx) + p[right] * fx, bottom = p[down] * (256 - fx) + p[down + right] * fx;
        to[k] = (uint8_t)((top * (256 - fy) + bottom * fy) >> 16);
    }
}

struct ocr_image ocr_image_scale(struct ocr_image image, int w, int h, struct arena *arena)
{
    if (w == image.w && h == image.h)
        return image;
    struct ocr_image to = ocr_image_black(arena, w, h, image.channels);
    size_t c = (size_t)image.channels;
    bool shrinks = w <= image.w && h <= image.h;
    uint32_t *sums = shrinks ? arena_array(arena, (size_t)image.w * c, sizeof *sums) : NULL;
    uint32_t *starts = shrinks ? arena_array(arena, (size_t)w + 1, sizeof *starts) : NULL;
    for (int x = 0; shrinks && x <= w; x++)
        starts[x] = (uint32_t)((int64_t)x * image.w / w);
    for (int y = 0; y < h; y++) {
        if (shrinks) {
            shrink_row(image, to, y, starts, sums);
            continue;
        }
        for (int x = 0; x < w; x++)
            sample(&image, c, ((float)x + 0.5F) * (float)image.w / (float)w - 0.5F,
                   ((float)y + 0.5F) * (float)image.h / (float)h - 0.5F,
                   to.p + ((size_t)y * (size_t)w + (size_t)x) * c);
    }
    return to;
}

struct ocr_image ocr_image_fit(struct ocr_image image, int side, struct arena *arena)
{
    int longer = image.w > image.h ? image.w : image.h;
    if (longer <= side)
        return image;
    int w = (int)((int64_t)image.w * side / longer), h = (int)((int64_t)image.h * side / longer);
    return ocr_image_scale(image, w > 0 ? w : 1, h > 0 ? h : 1, arena);
}

enum { TURN_TILE = 32 }; /* columns are read as rows are written: tiles keep both in the cache */

/* Where the source of the target's first pixel lies, and the steps to those of the next one to the right and below. */
struct turn {
    const uint8_t *first;
    ptrdiff_t right, down;
};

/* `c` is a constant where it is called: plain moves. */
static inline void turn_tile(const struct turn *t, struct ocr_image to, int tx, int ty, size_t c)
{
    int x1 = tx + TURN_TILE < to.w ? tx + TURN_TILE : to.w, y1 = ty + TURN_TILE < to.h ? ty + TURN_TILE : to.h;
    for (int y = ty; y < y1; y++) {
        const uint8_t *from = t->first + y * t->down + tx * t->right;
        uint8_t *p = to.p + ((size_t)y * (size_t)to.w + (size_t)tx) * c;
        for (int x = tx; x < x1; x++, from += t->right, p += c)
            for (size_t k = 0; k < c; k++)
                p[k] = from[k];
    }
}

struct ocr_image ocr_image_upright(struct ocr_image image, int orientation, struct arena *arena)
{
    if (orientation < 2 || orientation > 8)
        return image;
    bool swaps = ocr_orientation_swaps(orientation);
    struct ocr_image to = ocr_image_black(arena, swaps ? image.h : image.w, swaps ? image.w : image.h, image.channels);
    /* Source x runs along the target's x (or y when swapped); these orientations run backwards. */
    bool back_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    bool back_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    ptrdiff_t along = (ptrdiff_t)image.channels, across = along * image.w;
    struct turn turn = {image.p, back_x ? -along : along, back_y ? -across : across};
    turn.first += (back_x ? across - along : 0) + (back_y ? across * (image.h - 1) : 0);
    if (swaps)
        turn = (struct turn){turn.first, turn.down, turn.right};
    for (int ty = 0; ty < to.h; ty += TURN_TILE)
        for (int tx = 0; tx < to.w; tx += TURN_TILE) {
            if (image.channels == 3)
                turn_tile(&turn, to, tx, ty, 3);
            else
                turn_tile(&turn, to, tx, ty, 1);
        }
    return to;
}

bool ocr_homography_from_quad(double w, double h, const struct ocr_place q[4], struct ocr_homography *ret_map)
{
    double dx1 = q[1].x - q[2].x, dx2 = q[3].x - q[2].x, sx = q[0].x - q[1].x + q[2].x - q[3].x;
    double dy1 = q[1].y - q[2].y, dy2 = q[3].y - q[2].y, sy = q[0].y - q[1].y + q[2].y - q[3].y;
    double det = dx1 * dy2 - dx2 * dy1;
    if (fabs(det) < 1e-9 || w <= 0 || h <= 0)
        return false;
    double g = (sx * dy2 - dx2 * sy) / det, i = (dx1 * sy - sx * dy1) / det;
    struct ocr_homography map = {{(q[1].x - q[0].x + g * q[1].x) / w, (q[3].x - q[0].x + i * q[3].x) / h, q[0].x,
                                  (q[1].y - q[0].y + g * q[1].y) / w, (q[3].y - q[0].y + i * q[3].y) / h, q[0].y, g / w,
                                  i / h, 1}};
    *ret_map = map;
    return true;
}

struct ocr_place ocr_homography_apply(const struct ocr_homography *map, struct ocr_place at)
{
    const double *m = map->m;
    double d = m[6] * at.x + m[7] * at.y + m[8];
    if (fabs(d) < 1e-12)
        d = 1e-12;
    return (struct ocr_place){(m[0] * at.x + m[1] * at.y + m[2]) / d, (m[3] * at.x + m[4] * at.y + m[5]) / d};
}

/* Source pixels a target pixel covers along one axis, at the middle of the target. */
static int coverage(const struct ocr_homography *map, int w, int h)
{
    struct ocr_place a = ocr_homography_apply(map, (struct ocr_place){w / 2.0, h / 2.0});
    struct ocr_place b = ocr_homography_apply(map, (struct ocr_place){w / 2.0 + 1, h / 2.0});
    double step = hypot(b.x - a.x, b.y - a.y);
    return step < 1.5 ? 1 : step < 3 ? 2 : 3;
}

/* One target row: the map is linear along it but for the common divisor. */
static inline void warp_row(const struct ocr_image *from, size_t c, const double *m, int y, struct ocr_image *to)
{
    double v = y + 0.5, x0 = m[0] * 0.5 + m[1] * v + m[2], y0 = m[3] * 0.5 + m[4] * v + m[5];
    double d0 = m[6] * 0.5 + m[7] * v + m[8];
    uint8_t *out = to->p + (size_t)y * (size_t)to->w * c;
    for (int x = 0; x < to->w; x++, out += c) {
        double d = d0 + m[6] * x, one = 1 / (fabs(d) < 1e-12 ? 1e-12 : d);
        sample(from, c, (float)((x0 + m[0] * x) * one) - 0.5F, (float)((y0 + m[3] * x) * one) - 0.5F, out);
    }
}

struct ocr_image ocr_image_warp(struct ocr_image image, const struct ocr_homography *to_image, int w, int h,
                                struct arena *arena)
{
    struct ocr_image to = ocr_image_black(arena, w, h, image.channels);
    int n = coverage(to_image, w, h);
    /* Coarser than the source: a reduced source gives the mean of all pixels, at one sample each. */
    struct ocr_image from = n > 1 ? ocr_image_scale(image, (image.w + n - 1) / n, (image.h + n - 1) / n, arena) : image;
    double m[9];
    for (int i = 0; i < 9; i++)
        m[i] = to_image->m[i] * (i < 3 ? (double)from.w / image.w : i < 6 ? (double)from.h / image.h : 1);
    for (int y = 0; y < h; y++) {
        if (image.channels == 1)
            warp_row(&from, 1, m, y, &to);
        else
            warp_row(&from, 3, m, y, &to);
    }
    return to;
}

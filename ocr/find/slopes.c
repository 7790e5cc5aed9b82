/* Central differences; see slopes.h. */
#include "ocr/find/slopes.h"

#include <math.h>

enum {
    SAMPLES = 40, /* along a side */
    REACH = 2,    /* pixels that an edge may lie beside it */
    BESIDE = 5,   /* pixels from a side to the paper or table beside it */
};
static const double ACROSS = 0.92387953251128674; /* cosine of 22.5 degrees */

struct ocr_slopes ocr_slopes_of(struct ocr_image photo, struct arena *arena)
{
    int root[256];
    for (int v = 0; v < 256; v++)
        root[v] = (int)lround(sqrt(255.0 * v));
    size_t w = (size_t)photo.w, c = (size_t)photo.channels, n = w * (size_t)photo.h;
    struct ocr_slopes slopes = {photo.w,
                                photo.h,
                                arena_array(arena, n, sizeof(float)),
                                arena_array(arena, n, sizeof(float)),
                                arena_array(arena, n, 1),
                                ocr_image_black(arena, photo.w, photo.h, 1)};
    struct ocr_image gray = ocr_image_gray(photo, arena);
    for (size_t i = 0; i < n; i++)
        slopes.tones.p[i] = (uint8_t)root[gray.p[i]];
    for (int y = 1; y + 1 < photo.h; y++)
        for (size_t x = 1; x + 1 < w; x++) {
            size_t at = (size_t)y * w + x;
            const uint8_t *p = photo.p + c * at;
            int best = 0, best_x = 0, best_y = 0;
            for (const uint8_t *end = p + c; p < end; p++) {
                int dx = root[p[c]] - root[*(p - c)], dy = root[p[c * w]] - root[*(p - c * w)];
                int square = dx * dx + dy * dy;
                best_x = square > best ? dx : best_x;
                best_y = square > best ? dy : best_y;
                best = square > best ? square : best;
            }
            if (best < 4 * OCR_STEEP * OCR_STEEP)
                continue;
            slopes.steep[at] = (uint8_t)(sqrtf((float)best) / 2);
            slopes.x[at] = (float)best_x / 2;
            slopes.y[at] = (float)best_y / 2;
        }
    return slopes;
}

static bool changes_across(const struct ocr_slopes *slopes, double x, double y, double nx, double ny)
{
    int ix = (int)lround(x), iy = (int)lround(y);
    if (ix < 0 || iy < 0 || ix >= slopes->w || iy >= slopes->h)
        return false;
    size_t at = (size_t)iy * (size_t)slopes->w + (size_t)ix;
    return slopes->steep[at] && fabs(nx * slopes->x[at] + ny * slopes->y[at]) > ACROSS * slopes->steep[at];
}

void ocr_slopes_along(const struct ocr_slopes *slopes, const struct ocr_quad *quad, double ret_shares[4])
{
    for (int i = 0; i < 4; i++) {
        struct ocr_place a = quad->corner[i], b = quad->corner[(i + 1) % 4];
        double length = hypot(b.x - a.x, b.y - a.y) + 1e-9, nx = -(b.y - a.y) / length, ny = (b.x - a.x) / length;
        int hits = 0;
        for (int k = 0; k < SAMPLES; k++) {
            double t = 0.05 + 0.9 * k / (SAMPLES - 1), x = a.x + t * (b.x - a.x), y = a.y + t * (b.y - a.y);
            bool hit = false;
            for (int off = -REACH; off <= REACH && !hit; off++)
                hit = changes_across(slopes, x + off * nx, y + off * ny, nx, ny);
            hits += hit;
        }
        ret_shares[i] = (double)hits / SAMPLES;
    }
}

static int tone_at(const struct ocr_image *tones, double x, double y)
{
    int ix = (int)fmin(fmax(x, 0), tones->w - 1), iy = (int)fmin(fmax(y, 0), tones->h - 1);
    return tones->p[(size_t)iy * (size_t)tones->w + (size_t)ix];
}

double ocr_slopes_contrast(const struct ocr_slopes *slopes, const struct ocr_quad *quad)
{
    double least = INFINITY, second = INFINITY;
    for (int i = 0; i < 4; i++) {
        struct ocr_place a = quad->corner[i], b = quad->corner[(i + 1) % 4];
        double length = hypot(b.x - a.x, b.y - a.y) + 1e-9, nx = -(b.y - a.y) / length, ny = (b.x - a.x) / length;
        int differ = 0;
        for (int k = 0; k < SAMPLES; k++) {
            double t = 0.1 + 0.8 * k / (SAMPLES - 1), x = a.x + t * (b.x - a.x), y = a.y + t * (b.y - a.y);
            differ += tone_at(&slopes->tones, x + BESIDE * nx, y + BESIDE * ny) -
                      tone_at(&slopes->tones, x - BESIDE * nx, y - BESIDE * ny);
        }
        double contrast = abs(differ) / (double)SAMPLES;
        second = fmin(second, fmax(least, contrast));
        least = fmin(least, contrast);
    }
    return second;
}

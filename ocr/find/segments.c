/* Regions of one slope become segments (after Grompone von Gioi, Jakubowicz, Morel, Randall 2012, LSD: a line segment
 * detector, Image Processing On Line 2); see segments.h. */
#include "ocr/find/segments.h"

#include <math.h>

enum {
    MIN_LENGTH = 14,
    FOUND = OCR_SEGMENTS / 2, /* the rest is for lines over gaps */
};
static const float LIKE = 0.92387953F; /* cosine of 22.5 degrees, by which slopes of one region may differ */
static const double DENSE = 0.5;       /* of a segment's box belongs to it */
static const double COLLINEAR = 0.06;  /* radians */

/* Pixels steep enough, the steepest first. */
static size_t by_steepness(const struct ocr_slopes *slopes, int32_t *to)
{
    size_t n = (size_t)slopes->w * (size_t)slopes->h, start[257] = {0};
    for (size_t i = 0; i < n; i++)
        if (slopes->steep[i])
            start[256 - slopes->steep[i]]++;
    for (size_t v = 1; v <= 256; v++)
        start[v] += start[v - 1];
    size_t all = start[256];
    for (size_t i = n; i-- > 0;)
        if (slopes->steep[i])
            to[--start[256 - slopes->steep[i]]] = (int32_t)i;
    return all;
}

/* The region of pixels around `seed` whose slopes are alike: within `LIKE` of their sum. Returns its size. */
static size_t grow(const struct ocr_slopes *slopes, int32_t seed, bool *used, int32_t *region)
{
    float sx = 0, sy = 0;
    size_t n = 0;
    region[n++] = seed;
    used[seed] = true;
    for (size_t i = 0; i < n; i++) {
        float unit = 1 / (float)slopes->steep[region[i]];
        sx += slopes->x[region[i]] * unit;
        sy += slopes->y[region[i]] * unit;
        float least = LIKE * sqrtf(sx * sx + sy * sy);
        int32_t middle = region[i] - slopes->w - 1; /* the picture's frame has no slope */
        for (int32_t k = 0; k < 9; k++) {
            int32_t at = middle + k / 3 * slopes->w + k % 3;
            if (used[at] || !slopes->steep[at] ||
                slopes->x[at] * sx + slopes->y[at] * sy < least * (float)slopes->steep[at])
                continue;
            used[at] = true;
            region[n++] = at;
        }
    }
    return n;
}

static struct ocr_place place_of(const struct ocr_slopes *slopes, int32_t pixel)
{
    int x = pixel % slopes->w, y = pixel / slopes->w;
    return (struct ocr_place){x, y};
}

/* Main axis of the region; false when it is no line. */
static bool segment_of(const struct ocr_slopes *slopes, const int32_t *region, size_t n, struct ocr_segment *ret)
{
    double s = 0, mx = 0, my = 0, xx = 0, xy = 0, yy = 0;
    for (size_t i = 0; i < n; i++) {
        struct ocr_place p = place_of(slopes, region[i]);
        double x = p.x, y = p.y, w = slopes->steep[region[i]];
        s += w;
        mx += w * x;
        my += w * y;
        xx += w * x * x;
        xy += w * x * y;
        yy += w * y * y;
    }
    mx /= s;
    my /= s;
    double axis = 0.5 * atan2(2 * (xy / s - mx * my), xx / s - mx * mx - yy / s + my * my);
    double c = cos(axis), d = sin(axis), u0 = INFINITY, u1 = -INFINITY, v0 = INFINITY, v1 = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        struct ocr_place p = place_of(slopes, region[i]);
        double x = p.x - mx, y = p.y - my, u = x * c + y * d, v = y * c - x * d;
        u0 = fmin(u0, u);
        u1 = fmax(u1, u);
        v0 = fmin(v0, v);
        v1 = fmax(v1, v);
    }
    *ret = (struct ocr_segment){{mx + u0 * c, my + u0 * d}, {mx + u1 * c, my + u1 * d}, u1 - u0};
    return ret->length >= MIN_LENGTH && (double)n > DENSE * (u1 - u0) * fmin(v1 - v0 + 1, 3) &&
           v1 - v0 < 0.2 * (u1 - u0);
}

static int by_length_down(const void *a, const void *b)
{
    double x = ((const struct ocr_segment *)a)->length, y = ((const struct ocr_segment *)b)->length;
    return (x < y) - (x > y);
}

static void find_segments(const struct ocr_slopes *slopes, struct ocr_segments *to, struct arena *arena)
{
    size_t pixels = (size_t)slopes->w * (size_t)slopes->h;
    int32_t *order = arena_array(arena, pixels, sizeof *order), *region = arena_array(arena, pixels, sizeof *region);
    bool *used = arena_array(arena, pixels, sizeof *used);
    size_t n = by_steepness(slopes, order), found = 0;
    struct ocr_segment *all = arena_array(arena, n / MIN_LENGTH + 1, sizeof *all);
    for (size_t i = 0; i < n; i++) {
        if (used[order[i]])
            continue;
        size_t size = grow(slopes, order[i], used, region);
        if (size >= MIN_LENGTH && segment_of(slopes, region, size, &all[found]))
            found++;
    }
    qsort(all, found, sizeof *all, by_length_down);
    to->n = found < FOUND ? found : FOUND;
    memcpy(to->items, all, to->n * sizeof *all);
}

double ocr_lines_apart(const struct ocr_segment *s, const struct ocr_segment *t)
{
    double a = atan2(s->b.y - s->a.y, s->b.x - s->a.x), b = atan2(t->b.y - t->a.y, t->b.x - t->a.x);
    return fabs(remainder(a - b, M_PI));
}

double ocr_off_line(const struct ocr_segment *s, struct ocr_place p)
{
    return ((s->b.x - s->a.x) * (p.y - s->a.y) - (s->b.y - s->a.y) * (p.x - s->a.x)) / s->length;
}

double ocr_along_line(const struct ocr_segment *s, struct ocr_place p)
{
    return ((s->b.x - s->a.x) * (p.x - s->a.x) + (s->b.y - s->a.y) * (p.y - s->a.y)) / s->length;
}

/* One line out of two that follow each other: a finger or glare lies between them. */
static bool bridge(const struct ocr_segment *s, const struct ocr_segment *t, struct ocr_segment *ret)
{
    double slack = 1.5 + 0.015 * (s->length + t->length);
    if (fabs(ocr_off_line(s, t->a)) > slack || fabs(ocr_off_line(s, t->b)) > slack || ocr_lines_apart(s, t) > COLLINEAR)
        return false;
    double t0 = fmin(ocr_along_line(s, t->a), ocr_along_line(s, t->b)),
           t1 = fmax(ocr_along_line(s, t->a), ocr_along_line(s, t->b));
    double gap = fmax(t0 - s->length, -t1);
    if (gap < -0.5 * t->length || gap > 0.5 * (s->length + t->length))
        return false;
    bool behind = t0 + t1 > s->length, first = ocr_along_line(s, t->a) < ocr_along_line(s, t->b);
    struct ocr_place far = behind == first ? t->b : t->a, from = behind ? s->a : s->b;
    *ret = (struct ocr_segment){from, far, hypot(far.x - from.x, far.y - from.y)};
    return true;
}

/* Adds lines over gaps; their parts stay. */
static void bridge_gaps(struct ocr_segments *s)
{
    size_t n = s->n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n && s->n < OCR_SEGMENTS; j++)
            if (bridge(&s->items[i], &s->items[j], &s->items[s->n]))
                s->n++;
}

struct ocr_segments *ocr_segments_of(const struct ocr_slopes *slopes, struct arena *arena)
{
    struct ocr_segments *segments = arena_alloc(arena, sizeof *segments);
    find_segments(slopes, segments, arena);
    bridge_gaps(segments);
    return segments;
}

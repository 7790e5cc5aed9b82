/* Four-cornered outlines that may be cards; see outlines.h. */
#include "ocr/find/outlines.h"

#include <math.h>

static const double LEAST_AREA = 0.009, MOST_AREA = 0.97; /* of the photo */
static const double EDGE = 0.01;                          /* of a side */
static const double CRISP = 0.38;                         /* of the brightness step of a side lies within 5 pixels */

/* Otsu 1979 over a histogram of n values. */
static int otsu(const uint32_t histogram[256], double n)
{
    double total = 0, sum = 0, weight = 0, best = -1;
    int level = 127;
    for (int v = 0; v < 256; v++)
        total += (double)histogram[v] * v;
    for (int v = 0; v < 256; v++) {
        weight += histogram[v];
        sum += (double)histogram[v] * v;
        if (weight <= 0 || weight >= n)
            continue;
        double apart = sum / weight - (total - sum) / (n - weight), spread = weight * (n - weight) * apart * apart;
        if (spread > best) {
            best = spread;
            level = v;
        }
    }
    return level;
}

static struct ocr_image threshold(struct ocr_image gray, bool above, struct arena *arena)
{
    uint32_t histogram[256] = {0};
    size_t n = (size_t)gray.w * (size_t)gray.h;
    for (size_t i = 0; i < n; i++)
        histogram[gray.p[i]]++;
    int level = otsu(histogram, (double)n);
    struct ocr_image mask = ocr_image_new(arena, gray.w, gray.h, 1);
    for (size_t i = 0; i < n; i++)
        mask.p[i] = (gray.p[i] > level) == above;
    return mask;
}

/* Mean colour of a ring along the picture's edge: what the cards lie on, mostly. */
static void ring_colour(struct ocr_image photo, double colour[3])
{
    int ring = photo.w / 25 + 1;
    double n = 0;
    for (int y = 0; y < photo.h; y++)
        for (int x = 0; x < photo.w; x++) {
            if (x >= ring && x < photo.w - ring && y >= ring && y < photo.h - ring)
                continue;
            const uint8_t *p = photo.p + 3 * ((size_t)y * (size_t)photo.w + (size_t)x);
            for (int k = 0; k < 3; k++)
                colour[k] += p[k];
            n++;
        }
    for (int k = 0; k < 3; k++)
        colour[k] /= n;
}

static uint8_t level(double v)
{
    return v > 255 ? 255 : v < 0 ? 0 : (uint8_t)v;
}

static struct ocr_image colour_distance(struct ocr_image photo, struct arena *arena)
{
    double c[3] = {0};
    ring_colour(photo, c);
    struct ocr_image to = ocr_image_new(arena, photo.w, photo.h, 1);
    for (size_t i = 0; i < (size_t)photo.w * (size_t)photo.h; i++) {
        const uint8_t *p = photo.p + 3 * i;
        to.p[i] = level(hypot(hypot(p[0] - c[0], p[1] - c[1]), p[2] - c[2]));
    }
    return to;
}

static struct ocr_image saturation(struct ocr_image photo, struct arena *arena)
{
    struct ocr_image to = ocr_image_new(arena, photo.w, photo.h, 1);
    for (size_t i = 0; i < (size_t)photo.w * (size_t)photo.h; i++) {
        const uint8_t *p = photo.p + 3 * i;
        int high = p[0] > p[1] ? p[0] : p[1], low = p[0] < p[1] ? p[0] : p[1];
        high = p[2] > high ? p[2] : high;
        low = p[2] < low ? p[2] : low;
        to.p[i] = level(2.0 * (high - low));
    }
    return to;
}

/* No step of brightness within a pixel: the plain inside of cards and of what they lie on, kept apart by their edges
 * even where those have gaps of two pixels. */
static struct ocr_image plain(struct ocr_image gray, int step, struct arena *arena)
{
    struct ocr_image mask = ocr_image_new(arena, gray.w, gray.h, 1);
    memset(mask.p, 1, (size_t)gray.w * (size_t)gray.h);
    for (int y = 1; y + 1 < gray.h; y++)
        for (int x = 1; x + 1 < gray.w; x++) {
            size_t at = (size_t)y * (size_t)gray.w + (size_t)x, w = (size_t)gray.w;
            const uint8_t *p = gray.p + at;
            if (abs(p[1] - p[-1]) + abs(p[w] - *(p - w)) < step)
                continue;
            for (size_t row = at - w; row <= at + w; row += w)
                memset(mask.p + row - 1, 0, 3);
        }
    return mask;
}

/* What the plain ground does not reach from the picture's edge: whole cards, whatever lines and colours divide them. */
static struct ocr_image islands(struct ocr_image plain_mask, struct arena *arena)
{
    struct ocr_blobs blobs = ocr_blobs(plain_mask, arena);
    bool *ground = arena_array(arena, blobs.n + 1, sizeof *ground);
    for (size_t i = 0; i < blobs.n; i++) {
        const struct ocr_blob *b = &blobs.items[i];
        ground[i + 1] = b->x == 0 || b->y == 0 || b->x + b->w == plain_mask.w || b->y + b->h == plain_mask.h;
    }
    struct ocr_image mask = ocr_image_black(arena, plain_mask.w, plain_mask.h, 1);
    for (size_t i = 0; i < (size_t)mask.w * (size_t)mask.h; i++)
        mask.p[i] = !ground[blobs.labels[i]];
    return mask;
}

/* Outlines that end at the picture's edge are those of the table or of a shadow. */
static bool runs_off(const struct ocr_quad *quad, struct ocr_image mask)
{
    int off = 0;
    double x1 = mask.w * (1 - EDGE), y1 = mask.h * (1 - EDGE);
    for (int i = 0; i < 4; i++) {
        struct ocr_place p = quad->corner[i];
        off += p.x < mask.w * EDGE || p.y < mask.h * EDGE || p.x > x1 || p.y > y1;
    }
    return off > 1;
}

static int gray_at(struct ocr_image gray, double x, double y)
{
    int ix = (int)fmin(fmax(x, 0), gray.w - 1), iy = (int)fmin(fmax(y, 0), gray.h - 1);
    return gray.p[(size_t)iy * (size_t)gray.w + (size_t)ix];
}

/* Sum of brightness steps across the side a-b shifted outwards by `off`, measured over `reach` pixels either way. */
static int step_across(struct ocr_image gray, struct ocr_place a, struct ocr_place b, double off, double reach)
{
    enum { SAMPLES = 40 };
    double length = hypot(b.x - a.x, b.y - a.y) + 1e-9, nx = -(b.y - a.y) / length, ny = (b.x - a.x) / length;
    int sum = 0;
    for (int i = 0; i < SAMPLES; i++) {
        double t = 0.1 + 0.8 * i / (SAMPLES - 1);
        double x = a.x + t * (b.x - a.x) + off * nx, y = a.y + t * (b.y - a.y) + off * ny;
        int inside = gray_at(gray, x + reach * nx, y + reach * ny),
            outside = gray_at(gray, x - reach * nx, y - reach * ny);
        sum += abs(inside - outside);
    }
    return sum;
}

/* Mean brightness step within a few pixels where a card ends; 0 for a side that is the wide edge of a shadow. */
static double crisp(struct ocr_image gray, struct ocr_place a, struct ocr_place b)
{
    int near_steps = 0;
    for (int off = -3; off <= 3; off++) {
        int steps = step_across(gray, a, b, off, 2);
        near_steps = steps > near_steps ? steps : near_steps;
    }
    return near_steps >= CRISP * step_across(gray, a, b, 0, 10) ? near_steps : 0;
}

/* The weakest side's, 0 when one is not crisp. */
static double edge_of(struct ocr_image gray, const struct ocr_quad *quad)
{
    double least = INFINITY;
    for (int i = 0; i < 4; i++)
        least = fmin(least, crisp(gray, quad->corner[i], quad->corner[(i + 1) % 4]));
    return least;
}

static void collect(struct ocr_image mask, struct ocr_image gray, int closing, struct ocr_outlines *c,
                    struct arena *arena)
{
    struct ocr_image closed = closing ? ocr_mask_close(mask, closing, arena) : mask;
    struct ocr_blobs blobs = ocr_blobs(closed, arena);
    double all = (double)mask.w * mask.h;
    for (size_t i = 0; i < blobs.n && c->n < OCR_OUTLINES; i++) {
        double box = (double)blobs.items[i].w * blobs.items[i].h;
        struct ocr_outline *o = &c->items[c->n];
        if (box < LEAST_AREA * all || !ocr_quad_fit(closed, &blobs, i, arena, &o->quad))
            continue;
        double area = ocr_quad_area(&o->quad);
        o->edge = edge_of(gray, &o->quad);
        if (area > LEAST_AREA * all && area < MOST_AREA * all && !runs_off(&o->quad, mask) && o->edge > 0)
            c->n++;
    }
}

void ocr_outlines_look(struct ocr_image photo, struct ocr_outlines *c, struct arena *arena)
{
    struct ocr_image gray = ocr_image_gray(photo, arena);
    struct ocr_image distance = colour_distance(photo, arena), colour = saturation(photo, arena);
    static const int closings[] = {2, 6};
    for (size_t i = 0; i < ARRAY_LEN(closings); i++) {
        collect(threshold(gray, true, arena), gray, closings[i], c, arena);
        collect(threshold(gray, false, arena), gray, closings[i], c, arena);
        collect(threshold(distance, true, arena), gray, closings[i], c, arena);
        collect(threshold(colour, true, arena), gray, closings[i], c, arena);
        collect(threshold(colour, false, arena), gray, closings[i], c, arena);
    }
    static const int steps[] = {8, 12, 24, 40};
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        struct ocr_image mask = plain(gray, steps[i], arena);
        collect(islands(mask, arena), gray, 0, c, arena);
        collect(mask, gray, 2, c, arena);
    }
}

void ocr_outline_measure(const struct ocr_slopes *slopes, struct ocr_outline *outline)
{
    double s[4];
    ocr_slopes_along(slopes, &outline->quad, s);
    outline->weakest = fmin(fmin(s[0], s[1]), fmin(s[2], s[3]));
    outline->support = (s[0] + s[1] + s[2] + s[3]) / 4;
    outline->contrast = ocr_slopes_contrast(slopes, &outline->quad);
}

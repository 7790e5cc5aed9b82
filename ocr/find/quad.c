/* Convex hull, best inscribed quad, refitted sides; see quad.h. */
#include "ocr/find/quad.h"

#include <math.h>

enum { HULL_MAX = 24 };
static const double COVER = 0.88, SOLID = 0.55; /* quad / hull, blob / hull */
static const double SIDE_RATIO = 4;             /* longest to shortest side */
static const double TAPER = 1.38;               /* opposite sides: more is a shadow, not a card seen at an angle */

static double cross(struct ocr_place o, struct ocr_place a, struct ocr_place b)
{
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

static double polygon_area(const struct ocr_place *p, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += p[i].x * p[(i + 1) % n].y - p[i].y * p[(i + 1) % n].x;
    return fabs(sum) / 2;
}

double ocr_quad_area(const struct ocr_quad *quad)
{
    return polygon_area(quad->corner, 4);
}

void ocr_quad_scale(struct ocr_quad *quad, double scale)
{
    for (int i = 0; i < 4; i++) {
        quad->corner[i].x *= scale;
        quad->corner[i].y *= scale;
    }
}

bool ocr_quad_holds(const struct ocr_quad *quad, struct ocr_place at, double slack)
{
    for (int i = 0; i < 4; i++) {
        struct ocr_place a = quad->corner[i], b = quad->corner[(i + 1) % 4];
        double length = hypot(b.x - a.x, b.y - a.y);
        if (cross(a, b, at) < -slack * length)
            return false;
    }
    return true;
}

/* First and last pixel of the blob in each row: enough for its hull. Points come sorted by y, then x. */
static size_t edge_points(struct ocr_image mask, const struct ocr_blobs *blobs, size_t index, struct ocr_place *to)
{
    const struct ocr_blob *b = &blobs->items[index];
    size_t n = 0;
    for (int y = b->y; y < b->y + b->h; y++) {
        const int32_t *row = blobs->labels + (size_t)y * (size_t)mask.w;
        int x0 = b->x, x1 = b->x + b->w - 1;
        while (x0 < x1 && row[x0] != (int32_t)index + 1)
            x0++;
        while (x1 > x0 && row[x1] != (int32_t)index + 1)
            x1--;
        to[n++] = (struct ocr_place){x0, y};
        to[n++] = (struct ocr_place){x1 + 1, y};
    }
    return n;
}

/* Monotone chain (Andrew 1979) over points sorted by y, then x. Clockwise on a screen (y down). */
static size_t convex_hull(const struct ocr_place *p, size_t n, struct ocr_place *hull)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        while (k >= 2 && cross(hull[k - 2], hull[k - 1], p[i]) >= 0)
            k--;
        hull[k++] = p[i];
    }
    for (size_t i = n - 1, low = k + 1; i-- > 0;) {
        while (k >= low && cross(hull[k - 2], hull[k - 1], p[i]) >= 0)
            k--;
        hull[k++] = p[i];
    }
    k = k > 1 ? k - 1 : k;
    for (size_t i = 0; i < k / 2; i++) { /* the chain ran counter-clockwise */
        struct ocr_place swap = hull[i];
        hull[i] = hull[k - 1 - i];
        hull[k - 1 - i] = swap;
    }
    return k;
}

/* Takes out the corner that matters least until few are left. */
static size_t thin_out(struct ocr_place *hull, size_t n)
{
    while (n > HULL_MAX) {
        size_t least = 0;
        double area = INFINITY;
        for (size_t i = 0; i < n; i++) {
            double a = fabs(cross(hull[(i + n - 1) % n], hull[i], hull[(i + 1) % n]));
            if (a < area) {
                area = a;
                least = i;
            }
        }
        memmove(hull + least, hull + least + 1, (n - least - 1) * sizeof *hull);
        n--;
    }
    return n;
}

static struct ocr_quad largest_inside(const struct ocr_place *h, size_t n)
{
    struct ocr_quad best = {0};
    double area = -1;
    for (size_t a = 0; a + 3 < n; a++)
        for (size_t b = a + 1; b + 2 < n; b++)
            for (size_t c = b + 1; c + 1 < n; c++)
                for (size_t d = c + 1; d < n; d++) {
                    struct ocr_quad q = {{h[a], h[b], h[c], h[d]}};
                    double q_area = ocr_quad_area(&q);
                    if (q_area > area) {
                        area = q_area;
                        best = q;
                    }
                }
    return best;
}

struct line {
    double nx, ny, c; /* nx x + ny y = c, normal of length 1 */
};

/* Total least squares through the edge points beside the middle of side a-b; the side itself when there are few. */
static struct line fit_side(struct ocr_place a, struct ocr_place b, const struct ocr_place *p, size_t n)
{
    double length = hypot(b.x - a.x, b.y - a.y), ux = (b.x - a.x) / length, uy = (b.y - a.y) / length;
    double s = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
    for (size_t i = 0; i < n; i++) {
        double dx = p[i].x - a.x, dy = p[i].y - a.y, along = dx * ux + dy * uy, off = dy * ux - dx * uy;
        if (along < 0.12 * length || along > 0.88 * length || fabs(off) > 0.025 * length + 1)
            continue;
        s++;
        sx += p[i].x;
        sy += p[i].y;
        sxx += p[i].x * p[i].x;
        sxy += p[i].x * p[i].y;
        syy += p[i].y * p[i].y;
    }
    if (s < 8)
        return (struct line){-uy, ux, -uy * a.x + ux * a.y};
    double mx = sx / s, my = sy / s, cxx = sxx / s - mx * mx, cxy = sxy / s - mx * my, cyy = syy / s - my * my;
    double angle = 0.5 * atan2(2 * cxy, cxx - cyy); /* of the main axis */
    double nx = -sin(angle), ny = cos(angle);
    return (struct line){nx, ny, nx * mx + ny * my};
}

static bool meet(struct line a, struct line b, struct ocr_place *ret_at)
{
    double det = a.nx * b.ny - a.ny * b.nx;
    if (fabs(det) < 0.2)
        return false;
    *ret_at = (struct ocr_place){(a.c * b.ny - a.ny * b.c) / det, (a.nx * b.c - a.c * b.nx) / det};
    return true;
}

/* The hull's long edges are sampled so that every side has points to be fitted to. */
static size_t sample_hull(const struct ocr_place *hull, size_t n, struct ocr_place *to, size_t most)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        struct ocr_place a = hull[i], b = hull[(i + 1) % n];
        int steps = (int)hypot(b.x - a.x, b.y - a.y) / 4 + 1;
        for (int s = 0; s < steps && k < most; s++)
            to[k++] = (struct ocr_place){a.x + (b.x - a.x) * s / steps, a.y + (b.y - a.y) * s / steps};
    }
    return k;
}

static bool refit(struct ocr_quad *quad, const struct ocr_place *points, size_t n)
{
    struct line sides[4];
    struct ocr_quad to;
    for (int i = 0; i < 4; i++)
        sides[i] = fit_side(quad->corner[i], quad->corner[(i + 1) % 4], points, n);
    for (int i = 0; i < 4; i++)
        if (!meet(sides[(i + 3) % 4], sides[i], &to.corner[i]))
            return false;
    *quad = to;
    return true;
}

static bool card_like(const struct ocr_quad *q)
{
    double side[4], shortest = INFINITY, longest = 0;
    for (int i = 0; i < 4; i++) {
        struct ocr_place a = q->corner[i], b = q->corner[(i + 1) % 4], c = q->corner[(i + 2) % 4];
        side[i] = hypot(b.x - a.x, b.y - a.y);
        double next = hypot(c.x - b.x, c.y - b.y);
        double cosine = ((a.x - b.x) * (c.x - b.x) + (a.y - b.y) * (c.y - b.y)) / (side[i] * next + 1e-9);
        if (fabs(cosine) > 0.5) /* 60 to 120 degrees */
            return false;
        shortest = fmin(shortest, side[i]);
        longest = fmax(longest, side[i]);
    }
    bool opposite = fmax(side[0], side[2]) < TAPER * fmin(side[0], side[2]) &&
                    fmax(side[1], side[3]) < TAPER * fmin(side[1], side[3]);
    return opposite && longest < SIDE_RATIO * shortest;
}

/* First corner is the one nearest the top left of the page. */
static void order(struct ocr_quad *quad)
{
    int first = 0;
    for (int i = 1; i < 4; i++)
        if (quad->corner[i].x + quad->corner[i].y < quad->corner[first].x + quad->corner[first].y)
            first = i;
    struct ocr_quad from = *quad;
    for (int i = 0; i < 4; i++)
        quad->corner[i] = from.corner[(first + i) % 4];
}

/* What lies to the right of a to b on a screen. Returns the corners left, at most one more than before. */
static size_t cut(const struct ocr_place *p, size_t n, struct ocr_place a, struct ocr_place b, struct ocr_place *to)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        struct ocr_place from = p[i], next = p[(i + 1) % n];
        double s = cross(a, b, from), t = cross(a, b, next);
        if (s >= 0)
            to[k++] = from;
        if (s * t < 0)
            to[k++] =
                (struct ocr_place){from.x + (next.x - from.x) * s / (s - t), from.y + (next.y - from.y) * s / (s - t)};
    }
    return k;
}

double ocr_quad_common(const struct ocr_quad *a, const struct ocr_quad *b)
{
    struct ocr_place p[2][16]; /* four cuts of a quad leave at most eight corners, of a concave one twice as many */
    size_t n = 4;
    memcpy(p[0], a->corner, sizeof a->corner);
    for (int i = 0; i < 4 && n > 2; i++)
        n = cut(p[i % 2], n, b->corner[i], b->corner[(i + 1) % 4], p[(i + 1) % 2]);
    return n > 2 ? polygon_area(p[0], n) : 0;
}

bool ocr_quad_upright(struct ocr_quad *quad)
{
    struct ocr_place *c = quad->corner, swap = c[1];
    if (cross(c[0], c[1], c[2]) < 0) {
        c[1] = c[3];
        c[3] = swap;
    }
    order(quad);
    return card_like(quad);
}

bool ocr_quad_fit(struct ocr_image mask, const struct ocr_blobs *blobs, size_t index, struct arena *arena,
                  struct ocr_quad *ret_quad)
{
    const struct ocr_blob *blob = &blobs->items[index];
    size_t rows = (size_t)blob->h;
    struct ocr_place *points = arena_array(arena, 2 * rows, sizeof *points);
    struct ocr_place *hull = arena_array(arena, 4 * rows + 4, sizeof *hull);
    size_t n = convex_hull(points, edge_points(mask, blobs, index, points), hull);
    double hull_area = polygon_area(hull, n);
    if (n < 4 || blob->area < SOLID * hull_area)
        return false;
    size_t most = 4096;
    struct ocr_place *samples = arena_array(arena, most, sizeof *samples);
    size_t n_samples = sample_hull(hull, n, samples, most);
    struct ocr_quad quad = largest_inside(hull, thin_out(hull, n));
    if (ocr_quad_area(&quad) < COVER * hull_area || !refit(&quad, samples, n_samples) || !card_like(&quad))
        return false;
    if (ocr_quad_area(&quad) > 1.12 * hull_area)
        return false;
    order(&quad);
    *ret_quad = quad;
    return true;
}

double ocr_quad_skew(const struct ocr_quad *quad)
{
    double way[4], most = 0;
    for (int i = 0; i < 4; i++) {
        struct ocr_place a = quad->corner[i], b = quad->corner[(i + 1) % 4];
        way[i] = atan2(b.y - a.y, b.x - a.x);
    }
    for (int i = 0; i < 2; i++)
        most = fmax(most, fabs(remainder(way[i] - way[i + 2] - M_PI, 2 * M_PI)));
    return most * 180 / M_PI;
}

double ocr_quad_shape(const struct ocr_quad *quad)
{
    const struct ocr_place *q = quad->corner;
    double w = hypot(q[0].x - q[1].x, q[0].y - q[1].y) + hypot(q[3].x - q[2].x, q[3].y - q[2].y);
    double h = hypot(q[0].x - q[3].x, q[0].y - q[3].y) + hypot(q[1].x - q[2].x, q[1].y - q[2].y);
    return fmax(w, h) / fmax(fmin(w, h), 1);
}

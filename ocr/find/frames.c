/* Three straight edges that meet in two corners, and a fourth side; see frames.h. */
#include "ocr/find/frames.h"

#include <math.h>

enum { MAX_ARMS = 12, SAME = 5 /* pixels by which the corners of one frame differ */ };
static const double LEAST_AREA = 0.009, MOST_AREA = 0.97; /* of the photo */
static const double SUPPORT = 0.6, WEAKEST = 0.3;         /* of the sides must lie on edges: of all, of the weakest */
static const double PARALLEL = 0.4;                       /* radians that opposite sides may differ */
static const double SHALLOWEST = 0.3, DEEPEST = 2.6;      /* of a frame, over its base */

static bool meet(const struct ocr_segment *s, const struct ocr_segment *t, struct ocr_place *ret)
{
    double sx = s->b.x - s->a.x, sy = s->b.y - s->a.y, tx = t->b.x - t->a.x, ty = t->b.y - t->a.y;
    double det = sx * ty - sy * tx;
    if (fabs(det) < 0.5 * s->length * t->length) /* less than 30 degrees */
        return false;
    double k = ((t->a.x - s->a.x) * ty - (t->a.y - s->a.y) * tx) / det;
    *ret = (struct ocr_place){s->a.x + k * sx, s->a.y + k * sy};
    return true;
}

/* A segment that leaves the base at one of its ends. */
struct arm {
    struct ocr_place corner, end;
    const struct ocr_segment *segment;
    double length; /* from the corner to the end */
    bool right;    /* of the base, seen from a to b on a screen */
};

static double far(struct ocr_place a, struct ocr_place b)
{
    return hypot(a.x - b.x, a.y - b.y);
}

static size_t arms_at(const struct ocr_segments *all, const struct ocr_segment *base, struct ocr_place end,
                      struct arm *to)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n && n < MAX_ARMS; i++) {
        const struct ocr_segment *t = &all->items[i];
        struct ocr_place x;
        if (t == base || !meet(base, t, &x) || far(x, end) > fmax(5, 0.1 * base->length))
            continue;
        bool from_a = far(x, t->a) < far(x, t->b);
        struct ocr_place near_end = from_a ? t->a : t->b, far_end = from_a ? t->b : t->a;
        if (far(x, near_end) > fmax(5, 0.12 * t->length))
            continue;
        to[n++] = (struct arm){x, far_end, t, far(x, far_end), ocr_off_line(base, far_end) > 0};
    }
    return n;
}

static double rank_of(const struct ocr_outline *o)
{
    return o->weakest + o->support;
}

static double corners_apart(const struct ocr_quad *a, const struct ocr_quad *b)
{
    double apart = 0;
    for (int k = 0; k < 4; k++)
        apart = fmax(apart, far(a->corner[k], b->corner[k]));
    return apart;
}

/* Puts a frame in the place of one that is nearly the same, or of the worst when there are too many. */
static void keep(const struct ocr_outline *o, struct ocr_outlines *to)
{
    size_t at = 0, worst = 0;
    while (at < to->n && corners_apart(&to->items[at].quad, &o->quad) >= SAME) {
        worst = rank_of(&to->items[at]) < rank_of(&to->items[worst]) ? at : worst;
        at++;
    }
    if (at == to->n && to->n < OCR_OUTLINES)
        to->items[to->n++] = *o;
    else if (at == to->n)
        at = worst;
    if (rank_of(o) > rank_of(&to->items[at]))
        to->items[at] = *o;
}

static void judge(const struct ocr_slopes *slopes, struct ocr_quad quad, struct ocr_outlines *to)
{
    struct ocr_outline o = {.quad = quad};
    double share = ocr_quad_area(&quad) / (slopes->w * (double)slopes->h);
    if (share < LEAST_AREA || share > MOST_AREA || !ocr_quad_upright(&o.quad))
        return;
    ocr_outline_measure(slopes, &o);
    if (o.support >= SUPPORT && o.weakest >= WEAKEST)
        keep(&o, to);
}

static struct ocr_place from(const struct arm *arm, double length)
{
    double k = length / arm->length;
    return (struct ocr_place){arm->corner.x + k * (arm->end.x - arm->corner.x),
                              arm->corner.y + k * (arm->end.y - arm->corner.y)};
}

/* The fourth side: a segment across both arms, or from end to end of them. */
static void close_frame(const struct ocr_slopes *slopes, const struct ocr_segments *all, const struct ocr_segment *base,
                        const struct arm arms[2], struct ocr_outlines *to)
{
    struct ocr_place p = arms[0].corner, q = arms[1].corner;
    double longer = fmax(arms[0].length, arms[1].length), shorter = fmin(arms[0].length, arms[1].length);
    double side = far(p, q);
    if (longer > DEEPEST * side || longer < SHALLOWEST * side)
        return;
    judge(slopes, (struct ocr_quad){{p, q, from(&arms[1], longer), from(&arms[0], longer)}}, to);
    if (shorter < 0.9 * longer && shorter > SHALLOWEST * side)
        judge(slopes, (struct ocr_quad){{p, q, from(&arms[1], shorter), from(&arms[0], shorter)}}, to);
    for (size_t i = 0; i < all->n; i++) {
        const struct ocr_segment *d = &all->items[i];
        struct ocr_place r, s;
        if (d == base || d->length < 0.3 * side || ocr_lines_apart(d, base) > PARALLEL ||
            !meet(d, arms[1].segment, &r) || !meet(d, arms[0].segment, &s))
            continue;
        bool beyond = (ocr_off_line(base, r) > 0) == arms[0].right && (ocr_off_line(base, s) > 0) == arms[0].right;
        double deep = fmax(far(q, r), far(p, s)),
               mid = ocr_along_line(d, (struct ocr_place){(r.x + s.x) / 2, (r.y + s.y) / 2});
        if (beyond && deep > SHALLOWEST * side && deep < DEEPEST * side && deep < 1.5 * longer && mid > 0 &&
            mid < d->length)
            judge(slopes, (struct ocr_quad){{p, q, r, s}}, to);
    }
}

void ocr_frames_look(const struct ocr_slopes *slopes, struct ocr_outlines *to, struct arena *arena)
{
    const struct ocr_segments *all = ocr_segments_of(slopes, arena);
    for (size_t i = 0; i < all->n; i++) {
        const struct ocr_segment *base = &all->items[i];
        struct arm start[MAX_ARMS], end[MAX_ARMS];
        size_t n = arms_at(all, base, base->a, start), m = arms_at(all, base, base->b, end);
        for (size_t j = 0; j < n * m; j++) {
            const struct arm both[] = {start[j / m], end[j % m]};
            if (both[0].right == both[1].right && both[0].segment != both[1].segment)
                close_frame(slopes, all, base, both, to);
        }
    }
}

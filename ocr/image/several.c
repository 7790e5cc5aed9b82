/* Outlines of like size side by side, and boxes around the letters they leave over; see several.h. */
#include "ocr/image/several.h"

#include <math.h>

enum { MAX_GROUPS = 300, FEW_LETTERS = 3 };
static const double LIKE_SIZE = 0.3;                             /* least area of a card over the largest's */
static const double MUCH_LIKE_SIZE = 0.6;                        /* then a few letters are enough */
static const double LEAST_MARGIN = 0.015, ALL_MARGINS = 0.16;    /* of a card's sides: one, all four together */
static const double LETTERLESS_EDGE = 0.5, LETTERLESS_SKEW = 14; /* over the faintest card's; degrees */
static const double SAME = 0.7;       /* two outlines of one card: least area over the other's */
static const double FEWER = 0.15;     /* the same of more than two */
static const double MOST = 0.42;      /* share of the letters that outlines must hold */
static const double MANY = 0.6;       /* that more than two outlines must hold */
static const double NEARLY_ALL = 0.9; /* that outlines and boxes together must hold */
static const double GROW = 0.6;       /* of its depth an outline may grow over a band beside it */
static const double NO_LARGER = 1.1;  /* a box's sides over those of the outlines */
static const double GROUP_REACH = 2;  /* letter heights between letters of one group */

static struct ocr_place middle(const struct ocr_quad *q)
{
    struct ocr_place m = {0, 0};
    for (int i = 0; i < 4; i++) {
        m.x += q->corner[i].x / 4;
        m.y += q->corner[i].y / 4;
    }
    return m;
}

static bool overlap(const struct ocr_quad *a, const struct ocr_quad *b)
{
    return ocr_quad_holds(a, middle(b), 0) || ocr_quad_holds(b, middle(a), 0);
}

size_t ocr_letters_inside(const struct ocr_texts *texts, const struct ocr_quad *quad)
{
    size_t n = 0;
    for (size_t i = 0; i < texts->n; i++) {
        const struct ocr_blob *b = &texts->letters[i];
        n += ocr_quad_holds(quad, (struct ocr_place){b->x + b->w / 2.0, b->y + b->h / 2.0}, 0);
    }
    return n;
}

static int by_area_down(const void *a, const void *b)
{
    const struct ocr_outline *p = a, *q = b;
    double x = ocr_quad_area(&p->quad), y = ocr_quad_area(&q->quad);
    return (x < y) - (x > y);
}

static int by_row(const void *a, const void *b)
{
    struct ocr_place p = middle(a), q = middle(b);
    double height = fabs(((const struct ocr_quad *)a)->corner[3].y - ((const struct ocr_quad *)a)->corner[0].y);
    if (fabs(p.y - q.y) > 0.5 * height)
        return (p.y > q.y) - (p.y < q.y);
    return (p.x > q.x) - (p.x < q.x);
}

/* Of several outlines around one card, the one that follows its edge best. Outlines come sorted by area. */
static const struct ocr_outline *best_of(const struct ocr_outline *outlines, size_t n, size_t i)
{
    const struct ocr_outline *best = &outlines[i];
    double area = ocr_quad_area(&outlines[i].quad);
    for (size_t j = i + 1; j < n && ocr_quad_area(&outlines[j].quad) > SAME * area; j++)
        if (overlap(&outlines[i].quad, &outlines[j].quad) && outlines[j].edge > best->edge)
            best = &outlines[j];
    return best;
}

static bool touches(const struct ocr_found *found, const struct ocr_quad *quad)
{
    for (int i = 0; i < found->n; i++)
        if (overlap(&found->quads[i], quad))
            return true;
    return false;
}

/* Letters that stand together. */
struct group {
    double x0, y0, x1, y1;
    size_t letters;
};

/* How far the group reaches beyond the side from corner i, as a share of the quad's depth there; negative inside. */
static double beyond(const struct ocr_quad *q, int i, const struct group *g, double margin)
{
    struct ocr_place a = q->corner[i], b = q->corner[(i + 1) % 4], c = q->corner[(i + 2) % 4];
    double length = hypot(b.x - a.x, b.y - a.y) + 1e-9, nx = (b.y - a.y) / length, ny = -(b.x - a.x) / length;
    double depth = (a.x - c.x) * nx + (a.y - c.y) * ny, most = -INFINITY;
    const double x[] = {g->x0 - margin, g->x1 + margin}, y[] = {g->y0 - margin, g->y1 + margin};
    for (int k = 0; k < 4; k++)
        most = fmax(most, (x[k & 1] - a.x) * nx + (y[k >> 1] - a.y) * ny);
    return most / fmax(depth, 1);
}

/* A card leaves paper around its letters; an outline around a block of text does not. */
static bool has_margins(const struct ocr_texts *texts, const struct ocr_quad *quad)
{
    double margin[4] = {INFINITY, INFINITY, INFINITY, INFINITY}, sum = 0;
    int bare = 0;
    for (size_t i = 0; i < texts->n; i++) {
        const struct ocr_blob *b = &texts->letters[i];
        const struct group one = {b->x, b->y, b->x + b->w, b->y + b->h, 1};
        if (!ocr_quad_holds(quad, (struct ocr_place){b->x + b->w / 2.0, b->y + b->h / 2.0}, 0))
            continue;
        for (int k = 0; k < 4; k++)
            margin[k] = fmin(margin[k], -beyond(quad, k, &one, 0));
    }
    for (int k = 0; k < 4; k++) {
        bare += margin[k] < LEAST_MARGIN;
        sum += margin[k];
    }
    return bare < 2 && sum > ALL_MARGINS;
}

/* Whether outline i goes around smaller ones that hold its letters and lie apart: then they are the cards. */
static bool goes_around(const struct ocr_outline *outlines, size_t n, size_t i, const struct ocr_texts *texts)
{
    struct ocr_found inner = {.n = 0};
    double area = ocr_quad_area(&outlines[i].quad), sum = 0;
    size_t held = 0;
    for (size_t j = i + 1; j < n && inner.n < LIMIT_CARDS_PER_PHOTO; j++) {
        const struct ocr_quad *quad = &outlines[j].quad;
        double part = ocr_quad_area(quad);
        size_t letters = ocr_letters_inside(texts, quad);
        if (part > 0.6 * area || letters < OCR_CARD_LETTERS || !ocr_quad_holds(&outlines[i].quad, middle(quad), 0) ||
            touches(&inner, quad) || !has_margins(texts, quad))
            continue;
        inner.quads[inner.n++] = *quad;
        sum += part;
        held += letters;
    }
    return inner.n > 1 && sum < 0.75 * area &&
           (double)held > 0.8 * (double)ocr_letters_inside(texts, &outlines[i].quad);
}

static void take_outlines(const struct ocr_outline *outlines, size_t n, const struct ocr_texts *texts,
                          struct ocr_found *found)
{
    double first = 0;
    for (size_t i = 0; i < n && found->n < LIMIT_CARDS_PER_PHOTO; i++) {
        const struct ocr_quad *quad = &outlines[i].quad;
        size_t letters = ocr_letters_inside(texts, quad);
        double area = ocr_quad_area(quad);
        bool whole = (double)letters >= 0.9 * (double)texts->n; /* what holds all of them is the table, not a card */
        size_t needed = area > MUCH_LIKE_SIZE * first && first > 0 ? FEW_LETTERS : OCR_CARD_LETTERS;
        if (letters < needed || whole || area < LIKE_SIZE * first || touches(found, quad) ||
            !has_margins(texts, quad) || goes_around(outlines, n, i, texts))
            continue;
        first = found->n ? first : area;
        found->quads[found->n++] = best_of(outlines, n, i)->quad;
    }
}

static bool same_corners(const struct ocr_quad *a, const struct ocr_quad *b)
{
    double apart = 0;
    for (int i = 0; i < 4; i++)
        apart += fabs(a->corner[i].x - b->corner[i].x) + fabs(a->corner[i].y - b->corner[i].y);
    return apart < 1e-6;
}

/* Where some cards are found, others of like size and as crisp whose print is too small to be seen from here. */
static void take_letterless(const struct ocr_outline *outlines, size_t n, struct ocr_found *found)
{
    double first = 0, edge = INFINITY;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < found->n; k++)
            if (same_corners(&outlines[i].quad, &found->quads[k])) {
                first = fmax(first, ocr_quad_area(&outlines[i].quad));
                edge = fmin(edge, outlines[i].edge);
            }
    for (size_t i = 0; i < n && found->n > 1 && found->n < LIMIT_CARDS_PER_PHOTO; i++) {
        const struct ocr_quad *quad = &outlines[i].quad;
        double shape = ocr_quad_shape(quad), area = ocr_quad_area(quad);
        bool card = shape > 1.2 && shape < 2.2 && ocr_quad_skew(quad) < LETTERLESS_SKEW;
        if (card && outlines[i].edge > LETTERLESS_EDGE * edge && area > LIKE_SIZE * first && area < first &&
            !touches(found, quad))
            found->quads[found->n++] = best_of(outlines, n, i)->quad;
    }
}

static struct group unite(const struct group *a, const struct group *b)
{
    return (struct group){fmin(a->x0, b->x0), fmin(a->y0, b->y0), fmax(a->x1, b->x1), fmax(a->y1, b->y1),
                          a->letters + b->letters};
}

/* Adds a letter to the group it stands by, or opens one. */
static size_t put_letter(struct group *groups, size_t n, const struct ocr_blob *b, double reach)
{
    struct group one = {b->x, b->y, b->x + b->w, b->y + b->h, 1};
    for (size_t i = 0; i < n; i++)
        if (one.x0 < groups[i].x1 + reach && one.x1 > groups[i].x0 - reach && one.y0 < groups[i].y1 + reach &&
            one.y1 > groups[i].y0 - reach) {
            groups[i] = unite(&groups[i], &one);
            return n;
        }
    if (n < MAX_GROUPS)
        groups[n++] = one;
    return n;
}

static bool fits(const struct group *g, double longer, double shorter)
{
    double w = g->x1 - g->x0, h = g->y1 - g->y0;
    return fmax(w, h) < longer && fmin(w, h) < shorter;
}

/* The partner of group i, among those behind it, with which it would make the smallest group that still fits on one
 * card; i itself when there is none. *size is bettered. */
static size_t partner(const struct group *groups, size_t n, size_t i, const double fit[2], double *size)
{
    size_t with = i;
    for (size_t j = i + 1; j < n; j++) {
        struct group both = unite(&groups[i], &groups[j]);
        double diagonal = hypot(both.x1 - both.x0, both.y1 - both.y0);
        if (diagonal < *size && fits(&both, fit[0], fit[1])) {
            *size = diagonal;
            with = j;
        }
    }
    return with;
}

/* Unites groups as long as they would fit on one card, the nearest first. Returns how many are left. */
static size_t unite_groups(struct group *groups, size_t n, const double fit[2])
{
    for (;;) {
        double least = INFINITY;
        size_t a = 0, b = 0;
        for (size_t i = 0; i < n; i++) {
            size_t with = partner(groups, n, i, fit, &least);
            a = with != i ? i : a;
            b = with != i ? with : b;
        }
        if (a == b)
            return n;
        groups[a] = unite(&groups[a], &groups[b]);
        groups[b] = groups[--n];
    }
}

static struct ocr_quad box_around(const struct group *g, double margin)
{
    double x0 = g->x0 - margin, y0 = g->y0 - margin, x1 = g->x1 + margin, y1 = g->y1 + margin;
    return (struct ocr_quad){{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}};
}

/* Sides that a card may have, by the largest outline: the longer, the shorter. */
static void size_of(const struct ocr_found *found, double ret_fit[2])
{
    const struct ocr_place *c = found->quads[0].corner;
    double a = hypot(c[1].x - c[0].x, c[1].y - c[0].y), b = hypot(c[2].x - c[1].x, c[2].y - c[1].y);
    ret_fit[0] = NO_LARGER * fmax(a, b);
    ret_fit[1] = NO_LARGER * fmin(a, b);
}

/* A band or panel along one side of a card may look like the table beside it: the outline grows over its letters.
 * Whether the group belongs to this quad. */
static bool grow_over(struct ocr_quad *q, const struct group *g, double margin)
{
    double share[4];
    int sides = 0, side = 0;
    for (int i = 0; i < 4; i++) {
        share[i] = beyond(q, i, g, margin);
        sides += share[i] > 0.1; /* less is the margin at a corner */
        side = share[i] > share[side] ? i : side;
    }
    if (sides > 1 || share[side] > GROW)
        return false;
    double by = fmax(share[side], 0);
    struct ocr_place *c = q->corner, a = c[side], b = c[(side + 1) % 4];
    const struct ocr_place *next = &c[(side + 2) % 4], *last = &c[(side + 3) % 4];
    c[side] = (struct ocr_place){a.x + by * (a.x - last->x), a.y + by * (a.y - last->y)};
    c[(side + 1) % 4] = (struct ocr_place){b.x + by * (b.x - next->x), b.y + by * (b.y - next->y)};
    return true;
}

static bool grow_one(struct ocr_found *found, const struct group *g, double margin)
{
    for (int i = 0; i < found->n; i++)
        if (grow_over(&found->quads[i], g, margin))
            return true;
    return false;
}

/* Boxes around the letters that no outline holds. */
static void take_rest(const struct ocr_texts *texts, struct ocr_found *found, struct arena *arena)
{
    struct group *groups = arena_array(arena, MAX_GROUPS, sizeof *groups);
    size_t n = 0;
    double fit[2];
    size_of(found, fit);
    for (size_t i = 0; i < texts->n; i++) {
        const struct ocr_blob *b = &texts->letters[i];
        bool held = false;
        for (int k = 0; k < found->n && !held; k++)
            held = ocr_quad_holds(&found->quads[k], (struct ocr_place){b->x + b->w / 2.0, b->y + b->h / 2.0}, 0);
        if (!held)
            n = put_letter(groups, n, b, GROUP_REACH * texts->height);
    }
    n = unite_groups(groups, n, fit);
    for (size_t i = 0; i < n && found->n < LIMIT_CARDS_PER_PHOTO; i++) {
        struct ocr_quad box = box_around(&groups[i], 2 * texts->height);
        if (grow_one(found, &groups[i], texts->height / 2))
            continue;
        if (groups[i].letters >= OCR_CARD_LETTERS && fits(&groups[i], fit[0], fit[1]) && !touches(found, &box))
            found->quads[found->n++] = box;
    }
}

static double share_held(const struct ocr_texts *texts, const struct ocr_found *found)
{
    size_t held = 0;
    for (int i = 0; i < found->n; i++)
        held += ocr_letters_inside(texts, &found->quads[i]);
    return (double)held / (double)(texts->n ? texts->n : 1);
}

bool ocr_choose_several(struct ocr_outline *outlines, size_t n, const struct ocr_texts *texts, struct arena *arena,
                        struct ocr_found *ret_found)
{
    struct ocr_found found = *ret_found;
    qsort(outlines, n, sizeof *outlines, by_area_down);
    take_outlines(outlines, n, texts, &found);
    take_letterless(outlines, n, &found);
    if (found.n < 2 || share_held(texts, &found) < (found.n > 2 ? FEWER : MOST))
        return false;
    int outlines_n = found.n;
    take_rest(texts, &found, arena);
    if (share_held(texts, &found) < (outlines_n > 2 ? MANY : NEARLY_ALL))
        return false;
    qsort(found.quads, (size_t)found.n, sizeof *found.quads, by_row);
    *ret_found = found;
    return true;
}

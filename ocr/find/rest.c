/* Letters are grouped as long as they fit on one card; see rest.h. */
#include "ocr/find/rest.h"

#include <math.h>

enum { MAX_GROUPS = 300 };
static const double NO_LARGER = 1.1; /* a box's sides over those of the outlines */
static const double USUAL = 0.8;     /* of those sides: a box of usual size */
static const double GROW = 0.6;      /* of its depth an outline may grow over a band beside it */
static const double BEGINS = 0.1;    /* of its depth such a band may lie beside it */
static const double GROUP_REACH = 2; /* letter heights between letters of one group */

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

static bool touches(const struct ocr_choice *cards, const struct ocr_quad *quad)
{
    for (int i = 0; i < cards->n; i++)
        if (overlap(&cards->cards[i], quad))
            return true;
    return false;
}

/* Letters that stand together. */
struct group {
    double x0, y0, x1, y1;
    size_t letters;
};

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
static void size_of(const struct ocr_choice *cards, double ret_fit[2])
{
    const struct ocr_place *c = cards->cards[0].corner;
    double a = hypot(c[1].x - c[0].x, c[1].y - c[0].y), b = hypot(c[2].x - c[1].x, c[2].y - c[1].y);
    ret_fit[0] = NO_LARGER * fmax(a, b);
    ret_fit[1] = NO_LARGER * fmin(a, b);
}

struct reach {
    double from, to;
};

/* Where the group begins and ends beyond the side from corner i, in the quad's depth there; negative inside. */
static struct reach beyond(const struct ocr_quad *q, int i, const struct group *g, double margin)
{
    struct ocr_place a = q->corner[i], b = q->corner[(i + 1) % 4], c = q->corner[(i + 2) % 4];
    double length = hypot(b.x - a.x, b.y - a.y) + 1e-9, nx = (b.y - a.y) / length, ny = -(b.x - a.x) / length;
    double depth = (a.x - c.x) * nx + (a.y - c.y) * ny, most = -INFINITY, least = INFINITY;
    const double x[] = {g->x0 - margin, g->x1 + margin}, y[] = {g->y0 - margin, g->y1 + margin};
    for (int k = 0; k < 4; k++) {
        double off = (x[k & 1] - a.x) * nx + (y[k >> 1] - a.y) * ny;
        most = fmax(most, off);
        least = fmin(least, off);
    }
    return (struct reach){least / fmax(depth, 1), most / fmax(depth, 1)};
}

/* A band or panel along one side of a card may look like the table beside it: the outline grows over its letters.
 * Whether the group belongs to this quad. */
static bool grow_over(struct ocr_quad *q, const struct group *g, double margin)
{
    struct reach reach[4];
    int sides = 0, side = 0;
    for (int i = 0; i < 4; i++) {
        reach[i] = beyond(q, i, g, margin);
        sides += reach[i].to > 0.1; /* less is the margin at a corner */
        side = reach[i].to > reach[side].to ? i : side;
    }
    if (sides > 1 || reach[side].to > GROW || reach[side].from > BEGINS)
        return false;
    double by = fmax(reach[side].to, 0);
    struct ocr_place *c = q->corner, a = c[side], b = c[(side + 1) % 4];
    const struct ocr_place *next = &c[(side + 2) % 4], *last = &c[(side + 3) % 4];
    c[side] = (struct ocr_place){a.x + by * (a.x - last->x), a.y + by * (a.y - last->y)};
    c[(side + 1) % 4] = (struct ocr_place){b.x + by * (b.x - next->x), b.y + by * (b.y - next->y)};
    return true;
}

static bool grow_one(struct ocr_choice *cards, const struct group *g, double margin)
{
    for (int i = 0; i < cards->n; i++)
        if (grow_over(&cards->cards[i], g, margin))
            return true;
    return false;
}

/* As large as the others, around the middle of the group: what is printed small or pale is not seen from here. */
static struct ocr_quad box_of_size(const struct group *g, const double fit[2], const struct ocr_texts *texts)
{
    double w = USUAL * fit[texts->sideways], h = USUAL * fit[!texts->sideways];
    double more_x = fmax(w - (g->x1 - g->x0), 0) / 2, more_y = fmax(h - (g->y1 - g->y0), 0) / 2;
    struct group card = {g->x0 - more_x, g->y0 - more_y, g->x1 + more_x, g->y1 + more_y, 0};
    return box_around(&card, 0);
}

/* The shorter side. */
static double high(const struct group *g)
{
    return fmin(g->x1 - g->x0, g->y1 - g->y0);
}

static bool meets(const struct ocr_choice *cards, const struct ocr_quad *quad)
{
    for (int i = 0; i < cards->n; i++)
        if (ocr_quad_common(&cards->cards[i], quad) > 0)
            return true;
    return false;
}

void ocr_add_rest(const struct ocr_texts *texts, int rows, struct arena *arena, struct ocr_choice *cards)
{
    struct group *groups = arena_array(arena, MAX_GROUPS, sizeof *groups);
    size_t n = 0;
    double fit[2];
    size_of(cards, fit);
    for (size_t i = 0; i < texts->n; i++) {
        const struct ocr_blob *b = &texts->letters[i];
        struct ocr_place at = {b->x + b->w / 2.0, b->y + b->h / 2.0};
        bool held = false;
        for (int k = 0; k < cards->n && !held; k++)
            held = ocr_quad_holds(&cards->cards[k], at, 0);
        if (!held)
            n = put_letter(groups, n, b, GROUP_REACH * texts->height);
    }
    n = unite_groups(groups, n, fit);
    for (size_t i = 0; i < n && cards->n < LIMIT_CARDS_PER_PHOTO; i++) {
        struct ocr_quad box = box_around(&groups[i], 2 * texts->height), card = box_of_size(&groups[i], fit, texts);
        if (grow_one(cards, &groups[i], texts->height / 2))
            continue;
        bool enough = groups[i].letters >= OCR_CARD_LETTERS && high(&groups[i]) > (rows - 0.5) * texts->height;
        if (enough && fits(&groups[i], fit[0], fit[1]) && !touches(cards, &box))
            cards->cards[cards->n++] = meets(cards, &card) ? box : card;
    }
}

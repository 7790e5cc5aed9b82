/* Card outlines from brightness and colour, gated by where the text is; see find.h. */
#include "ocr/image/find.h"

#include "ocr/image/texts.h"

#include <math.h>

enum {
    TEXT_SIDE = 1200,  /* the text is looked for on a copy this large */
    SHAPE_SIDE = 480,  /* the outlines on one this large */
    CANDIDATES = 48,   /* outlines kept */
    CARD_LETTERS = 10, /* letters that make an outline a card when there are several */
};
static const double GATE = 0.97;                         /* share of all letters that must lie inside */
static const double LEAST_AREA = 0.02, MOST_AREA = 0.97; /* of the photo */
static const double EDGE = 0.01;                         /* of a side */
static const double CRISP = 0.38;                        /* of the brightness step of a side lies within 5 pixels */
static const double NEARLY_ALL = 0.8;                    /* a text box this large is not worth a crop */

struct candidates {
    struct ocr_quad quads[CANDIDATES]; /* pixels of the shape copy */
    size_t n;
};

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

/* Brightness steps within a few pixels where a card ends; the edge of a shadow is wide. */
static bool crisp(struct ocr_image gray, struct ocr_place a, struct ocr_place b)
{
    int near_steps = 0;
    for (int off = -3; off <= 3; off++) {
        int steps = step_across(gray, a, b, off, 2);
        near_steps = steps > near_steps ? steps : near_steps;
    }
    return near_steps >= CRISP * step_across(gray, a, b, 0, 10);
}

static bool all_crisp(struct ocr_image gray, const struct ocr_quad *quad)
{
    for (int i = 0; i < 4; i++)
        if (!crisp(gray, quad->corner[i], quad->corner[(i + 1) % 4]))
            return false;
    return true;
}

static void collect(struct ocr_image mask, struct ocr_image gray, int closing, struct candidates *c,
                    struct arena *arena)
{
    struct ocr_image closed = closing ? ocr_mask_close(mask, closing, arena) : mask;
    struct ocr_blobs blobs = ocr_blobs(closed, arena);
    double all = (double)mask.w * mask.h;
    for (size_t i = 0; i < blobs.n && c->n < CANDIDATES; i++) {
        double box = (double)blobs.items[i].w * blobs.items[i].h;
        if (box < LEAST_AREA * all || !ocr_quad_fit(closed, &blobs, i, arena, &c->quads[c->n]))
            continue;
        double area = ocr_quad_area(&c->quads[c->n]);
        if (area > LEAST_AREA * all && area < MOST_AREA * all && !runs_off(&c->quads[c->n], mask) &&
            all_crisp(gray, &c->quads[c->n]))
            c->n++;
    }
}

static void look_for_outlines(struct ocr_image photo, struct candidates *c, struct arena *arena)
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
    static const int steps[] = {12, 24};
    for (size_t i = 0; i < ARRAY_LEN(steps); i++)
        collect(plain(gray, steps[i], arena), gray, 2, c, arena);
}

static size_t letters_inside(const struct ocr_texts *texts, const struct ocr_quad *quad)
{
    size_t n = 0;
    for (size_t i = 0; i < texts->n; i++) {
        const struct ocr_blob *b = &texts->letters[i];
        n += ocr_quad_holds(quad, (struct ocr_place){b->x + b->w / 2.0, b->y + b->h / 2.0}, 0);
    }
    return n;
}

/* Smallest outline that holds nearly all letters. */
static bool choose_single(const struct candidates *c, const struct ocr_texts *texts, struct ocr_quad *ret_quad)
{
    double least = INFINITY;
    for (size_t i = 0; i < c->n; i++) {
        double area = ocr_quad_area(&c->quads[i]);
        bool holds = (double)letters_inside(texts, &c->quads[i]) >= GATE * (double)texts->n;
        if (holds && area < least) {
            least = area;
            *ret_quad = c->quads[i];
        }
    }
    return least < INFINITY;
}

static struct ocr_place middle(const struct ocr_quad *q)
{
    struct ocr_place m = {0, 0};
    for (int i = 0; i < 4; i++) {
        m.x += q->corner[i].x / 4;
        m.y += q->corner[i].y / 4;
    }
    return m;
}

static bool touches(const struct ocr_found *found, const struct ocr_quad *quad)
{
    for (int i = 0; i < found->n; i++)
        if (ocr_quad_holds(&found->quads[i], middle(quad), 0) || ocr_quad_holds(quad, middle(&found->quads[i]), 0))
            return true;
    return false;
}

static int by_area_down(const void *a, const void *b)
{
    double x = ocr_quad_area(a), y = ocr_quad_area(b);
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

/* Several cards: outlines side by side of like size which together hold nearly all letters. */
static bool choose_several(struct candidates *c, const struct ocr_texts *texts, struct ocr_found *found)
{
    size_t held = 0;
    double first = 0;
    qsort(c->quads, c->n, sizeof *c->quads, by_area_down);
    for (size_t i = 0; i < c->n && found->n < LIMIT_CARDS_PER_PHOTO; i++) {
        size_t letters = letters_inside(texts, &c->quads[i]);
        double area = ocr_quad_area(&c->quads[i]);
        bool whole = (double)letters >= 0.9 * (double)texts->n; /* what holds all of them is the table, not a card */
        if (letters < CARD_LETTERS || whole || area < 0.3 * first || touches(found, &c->quads[i]))
            continue;
        first = found->n ? first : area;
        held += letters;
        found->quads[found->n++] = c->quads[i];
    }
    if (found->n < 2 || (double)held < GATE * (double)texts->n) {
        found->n = 0;
        return false;
    }
    qsort(found->quads, (size_t)found->n, sizeof *found->quads, by_row);
    return true;
}

/* Box around the letters at their own angle, with a margin. */
static struct ocr_quad text_box(const struct ocr_texts *texts)
{
    double c = cos(texts->angle), s = sin(texts->angle), u0 = INFINITY, u1 = -INFINITY, v0 = INFINITY, v1 = -INFINITY;
    for (size_t i = 0; i < texts->n; i++) {
        const struct ocr_blob *b = &texts->letters[i];
        double x = b->x + b->w / 2.0, y = b->y + b->h / 2.0, u = x * c + y * s, v = y * c - x * s;
        u0 = fmin(u0, u - b->w / 2.0);
        u1 = fmax(u1, u + b->w / 2.0);
        v0 = fmin(v0, v - b->h / 2.0);
        v1 = fmax(v1, v + b->h / 2.0);
    }
    double margin = 2.5 * texts->height + 0.1 * fmax(u1 - u0, v1 - v0); /* logos stand outside the rows */
    u0 -= margin;
    v0 -= margin;
    u1 += margin;
    v1 += margin;
    return (struct ocr_quad){{{u0 * c - v0 * s, u0 * s + v0 * c},
                              {u1 * c - v0 * s, u1 * s + v0 * c},
                              {u1 * c - v1 * s, u1 * s + v1 * c},
                              {u0 * c - v1 * s, u0 * s + v1 * c}}};
}

static struct ocr_quad whole_picture(struct ocr_image photo)
{
    return (struct ocr_quad){{{0, 0}, {photo.w, 0}, {photo.w, photo.h}, {0, photo.h}}};
}

static struct ocr_quad around_text(const struct ocr_texts *texts, struct ocr_image photo)
{
    struct ocr_quad box = text_box(texts), all = whole_picture(photo);
    bool level = fabs(texts->angle) < 0.03;
    for (int i = 0; level && i < 4; i++) { /* nothing to see beyond the edge */
        box.corner[i].x = fmin(fmax(box.corner[i].x, 0), photo.w);
        box.corner[i].y = fmin(fmax(box.corner[i].y, 0), photo.h);
    }
    return level && ocr_quad_area(&box) > NEARLY_ALL * ocr_quad_area(&all) ? all : box;
}

struct ocr_found ocr_find_nothing(struct ocr_image photo)
{
    return (struct ocr_found){.quads = {whole_picture(photo)}, .n = 1};
}

struct ocr_found ocr_find_cards(struct ocr_image photo, struct arena *arena)
{
    struct ocr_image for_text = ocr_image_fit(photo, TEXT_SIDE, arena);
    struct ocr_image for_shape = ocr_image_fit(for_text, SHAPE_SIDE, arena);
    struct ocr_texts texts = ocr_find_texts(ocr_image_gray(for_text, arena), arena);
    struct ocr_found found = {.sideways = texts.sideways};
    double to_photo = (double)photo.w / for_text.w;
    struct candidates c = {.n = 0};
    if (texts.n < CARD_LETTERS) {
        found.n = 1;
        found.quads[0] = whole_picture(photo);
        return found;
    }
    look_for_outlines(for_shape, &c, arena);
    for (size_t i = 0; i < c.n; i++)
        ocr_quad_scale(&c.quads[i], (double)for_text.w / for_shape.w);
    found.outline = choose_several(&c, &texts, &found);
    if (!found.outline) {
        found.n = 1;
        found.outline = choose_single(&c, &texts, &found.quads[0]);
    }
    if (!found.outline)
        found.quads[0] = around_text(&texts, for_text);
    for (int i = 0; i < found.n; i++)
        ocr_quad_scale(&found.quads[i], to_photo);
    return found;
}

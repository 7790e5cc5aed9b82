/* Card outlines from brightness and colour, gated by where the text is; see find.h. */
#include "ocr/image/find.h"

#include "ocr/image/several.h"

#include <math.h>

enum {
    TEXT_SIDE = 1200,  /* the text is looked for on a copy this large */
    FINE_SIDE = 2000,  /* or this, when its letters are lower than */
    SMALL_LETTERS = 9, /* pixels there */
    SHAPE_SIDE = 480,  /* the outlines on one this large */
    CANDIDATES = 96,   /* outlines kept */
    BRIGHTEST = 100,   /* of so many pixels one is brighter than what counts as the brightest */
    DUSK = 130,        /* brightness of it below which a photo is dark */
    DAY = 220,         /* and what it is brought to */
};
#define GATE        0.97                                  /* share of all letters that must lie inside */
#define GATE_STRONG 0.92                                  /* when the outline is a card's beyond doubt */
static const double SKEW = 12;                            /* degrees that opposite sides may differ */
static const double STRONG = 700;                         /* edge of an outline beyond doubt */
static const double PASSABLE = 0.5;                       /* of the best credit */
static const double MUCH_ALIKE = 1.35;                    /* times the smallest area */
static const double LEAST_AREA = 0.009, MOST_AREA = 0.97; /* of the photo */
static const double EDGE = 0.01;                          /* of a side */
static const double CRISP = 0.38;                         /* of the brightness step of a side lies within 5 pixels */
static const double FRAME = 0.02;                         /* of the picture's width: its edge */
static const double PLAIN = 7;                            /* grey levels that paper differs by */
static const double NEARLY_ALL = 0.8;                     /* a text box this large is not worth a crop */

struct candidates {
    struct ocr_outline outlines[CANDIDATES]; /* pixels of the shape copy */
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

static void collect(struct ocr_image mask, struct ocr_image gray, int closing, struct candidates *c,
                    struct arena *arena)
{
    struct ocr_image closed = closing ? ocr_mask_close(mask, closing, arena) : mask;
    struct ocr_blobs blobs = ocr_blobs(closed, arena);
    double all = (double)mask.w * mask.h;
    for (size_t i = 0; i < blobs.n && c->n < CANDIDATES; i++) {
        double box = (double)blobs.items[i].w * blobs.items[i].h;
        struct ocr_outline *o = &c->outlines[c->n];
        if (box < LEAST_AREA * all || !ocr_quad_fit(closed, &blobs, i, arena, &o->quad))
            continue;
        double area = ocr_quad_area(&o->quad);
        o->edge = edge_of(gray, &o->quad);
        if (area > LEAST_AREA * all && area < MOST_AREA * all && !runs_off(&o->quad, mask) && o->edge > 0)
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
    static const int steps[] = {8, 12, 24, 40};
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        struct ocr_image mask = plain(gray, steps[i], arena);
        collect(islands(mask, arena), gray, 0, c, arena);
        collect(mask, gray, 2, c, arena);
    }
}

/* How much an outline looks like the edge of a card: its weakest side, less for sides that do not match. */
static double credit(const struct ocr_outline *o)
{
    return o->edge * exp(-ocr_quad_skew(&o->quad) / SKEW);
}

/* Smallest area of the outlines that hold `share` of the letters and pass as a card's where that is asked. */
static double least_area(const struct candidates *c, const struct ocr_texts *texts, double share, bool *holds)
{
    double least = INFINITY;
    for (size_t i = 0; i < c->n; i++) {
        const struct ocr_outline *o = &c->outlines[i];
        double shape = ocr_quad_shape(&o->quad);
        holds[i] = (double)ocr_letters_inside(texts, &o->quad) >= share * (double)texts->n;
        if (share < GATE)
            holds[i] = holds[i] && o->edge > STRONG && ocr_quad_skew(&o->quad) < SKEW && shape > 1.3 && shape < 2;
        if (holds[i])
            least = fmin(least, ocr_quad_area(&o->quad));
    }
    return least;
}

/* The smallest outline that holds nearly all letters, unless one about as small looks far more like a card: the
 * smallest may run from one edge of it to the edge of a coloured band. Without any, one that is a card's beyond doubt
 * and leaves out a few of what may be texture. */
static bool choose_single(const struct candidates *c, const struct ocr_texts *texts, struct ocr_quad *ret_quad)
{
    static const double shares[] = {GATE, GATE_STRONG};
    bool holds[CANDIDATES];
    double chosen = INFINITY;
    for (size_t k = 0; k < ARRAY_LEN(shares) && chosen == INFINITY; k++) {
        double least = least_area(c, texts, shares[k], holds), best = 0;
        for (size_t i = 0; i < c->n; i++)
            if (holds[i] && ocr_quad_area(&c->outlines[i].quad) <= MUCH_ALIKE * least)
                best = fmax(best, credit(&c->outlines[i]));
        for (size_t i = 0; i < c->n; i++) {
            double area = ocr_quad_area(&c->outlines[i].quad);
            if (!holds[i] || area >= chosen || credit(&c->outlines[i]) < PASSABLE * best)
                continue;
            chosen = area;
            *ret_quad = c->outlines[i].quad;
        }
    }
    return chosen < INFINITY;
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
    double us[] = {u0, u1, u1, u0}, vs[] = {v0, v0, v1, v1}, middle = (u0 + u1) / 2;
    struct ocr_quad quad;
    for (int i = 0; i < 4; i++) {
        double v = vs[i] + texts->fan * (vs[i] - texts->fan_mid) * (us[i] - middle); /* parallel to the rows there */
        quad.corner[i] = (struct ocr_place){us[i] * c - v * s, us[i] * s + v * c};
    }
    return quad;
}

static struct ocr_quad whole_picture(struct ocr_image photo)
{
    return (struct ocr_quad){{{0, 0}, {photo.w, 0}, {photo.w, photo.h}, {0, photo.h}}};
}

/* Mean and deviation of the grey levels of a frame along the edge, `share` of a side wide. */
static void frame_levels(struct ocr_image gray, double share, double *ret_mean, double *ret_spread)
{
    int ring = (int)(share * gray.w) + 1;
    double n = 0, sum = 0, squares = 0;
    for (int y = 0; y < gray.h; y++)
        for (int x = 0; x < gray.w; x++) {
            if (x >= ring && x < gray.w - ring && y >= ring && y < gray.h - ring)
                x = gray.w - ring;
            double v = gray.p[(size_t)y * (size_t)gray.w + (size_t)x];
            n++;
            sum += v;
            squares += v * v;
        }
    *ret_mean = sum / n;
    *ret_spread = sqrt(fmax(squares / n - *ret_mean * *ret_mean, 0));
}

/* A scan or a drawing: what runs along the edge is as plain as the paper between the letters, and of one brightness
 * with it. Nothing is cut off there: small logos stand far from the other text. */
static bool sheet(const struct ocr_texts *texts, struct ocr_image gray)
{
    uint32_t histogram[256] = {0};
    size_t n = 0, seen = 0;
    for (size_t i = 0; i < texts->n; i++) {
        const struct ocr_blob *b = &texts->letters[i];
        int y = b->y - b->h / 2;
        for (int x = b->x; y >= 0 && x < b->x + b->w && x < gray.w; x++, n++)
            histogram[gray.p[(size_t)y * (size_t)gray.w + (size_t)x]]++;
    }
    int paper = 0;
    while (paper < 255 && (seen += histogram[paper]) * 2 < n)
        paper++;
    double mean, spread;
    frame_levels(gray, FRAME, &mean, &spread);
    return n > 0 && spread < PLAIN && fabs(mean - paper) < PLAIN;
}

static struct ocr_quad around_text(const struct ocr_texts *texts, struct ocr_image photo)
{
    struct ocr_quad box = text_box(texts), all = whole_picture(photo);
    bool level = fabs(texts->angle) < 0.03 && texts->fan == 0;
    for (int i = 0; level && i < 4; i++) { /* nothing to see beyond the edge */
        box.corner[i].x = fmin(fmax(box.corner[i].x, 0), photo.w);
        box.corner[i].y = fmin(fmax(box.corner[i].y, 0), photo.h);
    }
    return level && ocr_quad_area(&box) > NEARLY_ALL * ocr_quad_area(&all) ? all : box;
}

/* A photo taken at dusk with its levels stretched, so that edges are as strong as by day; others as they are. */
static struct ocr_image by_day(struct ocr_image photo, struct arena *arena)
{
    uint32_t histogram[256] = {0}, seen = 0;
    size_t n = (size_t)photo.w * (size_t)photo.h * (size_t)photo.channels;
    for (size_t i = 0; i < n; i++)
        histogram[photo.p[i]]++;
    int bright = 255;
    while (bright > 0 && (seen += histogram[bright]) < n / BRIGHTEST)
        bright--;
    if (bright >= DUSK || bright < 8)
        return photo;
    struct ocr_image to = ocr_image_new(arena, photo.w, photo.h, photo.channels);
    for (size_t i = 0; i < n; i++)
        to.p[i] = level(photo.p[i] * (double)DAY / bright);
    return to;
}

struct ocr_found ocr_find_nothing(struct ocr_image photo)
{
    return (struct ocr_found){.quads = {whole_picture(photo)}, .n = 1};
}

struct ocr_found ocr_find_cards(struct ocr_image photo, struct arena *arena)
{
    struct ocr_image for_text = by_day(ocr_image_fit(photo, TEXT_SIDE, arena), arena);
    struct ocr_image for_shape = ocr_image_fit(for_text, SHAPE_SIDE, arena);
    struct ocr_texts texts = ocr_find_texts(ocr_image_gray(for_text, arena), arena);
    if (texts.height < SMALL_LETTERS && photo.w > for_text.w) {
        for_text = by_day(ocr_image_fit(photo, FINE_SIDE, arena), arena);
        texts = ocr_find_texts(ocr_image_gray(for_text, arena), arena);
    }
    struct ocr_found found = {.sideways = texts.sideways};
    double to_photo = (double)photo.w / for_text.w;
    struct candidates c = {.n = 0};
    if (texts.n < OCR_CARD_LETTERS) {
        found.n = 1;
        found.quads[0] = whole_picture(photo);
        return found;
    }
    look_for_outlines(for_shape, &c, arena);
    for (size_t i = 0; i < c.n; i++)
        ocr_quad_scale(&c.outlines[i].quad, (double)for_text.w / for_shape.w);
    found.outline = ocr_choose_several(c.outlines, c.n, &texts, arena, &found);
    if (!found.outline) {
        found.n = 1;
        found.outline = choose_single(&c, &texts, &found.quads[0]);
    }
    if (!found.outline)
        found.quads[0] =
            sheet(&texts, ocr_image_gray(for_text, arena)) ? whole_picture(for_text) : around_text(&texts, for_text);
    for (int i = 0; i < found.n; i++)
        ocr_quad_scale(&found.quads[i], to_photo);
    return found;
}

/* Card outlines from brightness and colour, gated by where the text is; see find.h. */
#include "ocr/find/find.h"

#include "ocr/find/choice.h"
#include "ocr/find/frames.h"
#include "ocr/find/rest.h"

#include <math.h>

enum {
    TEXT_SIDE = 1200,  /* the text is looked for on a copy this large */
    FINE_SIDE = 2000,  /* or this, when its letters are lower than */
    SMALL_LETTERS = 9, /* pixels there */
    SHAPE_SIDE = 480,  /* the outlines on one this large */
    BRIGHTEST = 100,   /* of so many pixels one is brighter than what counts as the brightest */
    CARD_ROWS = 3,     /* rows of text without an outline that are a card beside a single one */
    GRAIN = 20000,     /* blobs of a photo whose noise outnumbers its letters */
    DUSK = 130,        /* brightness of it below which a photo is dark */
    DAY = 220,         /* and what it is brought to */
};
#define GATE        0.97                       /* share of all letters that must lie inside */
#define GATE_STRONG 0.92                       /* when the outline is a card's beyond doubt */
static const double SKEW = 12;                 /* degrees that opposite sides may differ */
static const double STRONG = 700;              /* edge of an outline beyond doubt */
static const double PASSABLE = 0.5;            /* of the best credit */
static const double MUCH_ALIKE = 1.35;         /* times the smallest area */
static const double FRAME = 0.02;              /* of the picture's width: its edge */
static const double PLAIN = 7;                 /* grey levels that paper differs by */
static const double MOST = 0.42, FEWER = 0.15; /* of the letters that two outlines must hold, and more */
static const double NEARLY_ALL = 0.8;          /* a text box this large is not worth a crop */

/* How much an outline looks like the edge of a card: its weakest side, less for sides that do not match. */
static double credit(const struct ocr_outline *o)
{
    return o->edge * exp(-ocr_quad_skew(&o->quad) / SKEW);
}

/* Smallest area of the outlines that hold `share` of the letters and pass as a card's where that is asked. */
static double least_area(const struct ocr_outlines *c, const struct ocr_texts *texts, double share, bool *holds)
{
    double least = INFINITY;
    for (size_t i = 0; i < c->n; i++) {
        const struct ocr_outline *o = &c->items[i];
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
static bool choose_single(const struct ocr_outlines *c, const struct ocr_texts *texts, struct ocr_quad *ret_quad)
{
    static const double shares[] = {GATE, GATE_STRONG};
    bool holds[OCR_OUTLINES];
    double chosen = INFINITY;
    for (size_t k = 0; k < ARRAY_LEN(shares) && chosen == INFINITY; k++) {
        double least = least_area(c, texts, shares[k], holds), best = 0;
        for (size_t i = 0; i < c->n; i++)
            if (holds[i] && ocr_quad_area(&c->items[i].quad) <= MUCH_ALIKE * least)
                best = fmax(best, credit(&c->items[i]));
        for (size_t i = 0; i < c->n; i++) {
            double area = ocr_quad_area(&c->items[i].quad);
            if (!holds[i] || area >= chosen || credit(&c->items[i]) < PASSABLE * best)
                continue;
            chosen = area;
            *ret_quad = c->items[i].quad;
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
    double margin = 2.5 * texts->height + 0.18 * fmax(u1 - u0, v1 - v0); /* logos stand outside the rows */
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

static uint8_t level(double v)
{
    return v > 255 ? 255 : v < 0 ? 0 : (uint8_t)v;
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

static struct ocr_place middle(const struct ocr_quad *q)
{
    struct ocr_place m = {0, 0};
    for (int i = 0; i < 4; i++) {
        m.x += q->corner[i].x / 4;
        m.y += q->corner[i].y / 4;
    }
    return m;
}

static int by_row(const void *a, const void *b)
{
    struct ocr_place p = middle(a), q = middle(b);
    double height = fabs(((const struct ocr_quad *)a)->corner[3].y - ((const struct ocr_quad *)a)->corner[0].y);
    if (fabs(p.y - q.y) > 0.5 * height)
        return (p.y > q.y) - (p.y < q.y);
    return (p.x > q.x) - (p.x < q.x);
}

static double share_held(const struct ocr_texts *texts, const struct ocr_choice *cards)
{
    size_t held = 0;
    for (int i = 0; i < cards->n; i++)
        held += ocr_letters_inside(texts, &cards->cards[i]);
    return (double)held / (double)(texts->n ? texts->n : 1);
}

/* Adds what only its letters show, and tells whether these are all cards of the photo. */
static bool all_cards(const struct ocr_texts *texts, struct ocr_choice *cards, struct arena *arena)
{
    double share = share_held(texts, cards);
    if (cards->n == 0 || (cards->n == 2 && share < MOST) || (cards->n > 2 && share < FEWER))
        return false;
    bool one = cards->n == 1;
    if (one && texts->blobs > GRAIN)
        return true; /* what stands in rows there is noise more often than not */
    if (!one || share < GATE_STRONG)
        ocr_add_rest(texts, one ? CARD_ROWS : 1, arena, cards);
    bool split = one && cards->n > 1 && ocr_quad_common(&cards->cards[0], &cards->cards[1]) > 0; /* of one card */
    return !one || (!split && share_held(texts, cards) >= GATE_STRONG);
}

static void settle_on(const struct ocr_choice *cards, struct ocr_found *found)
{
    memcpy(found->quads, cards->cards, sizeof cards->cards);
    found->n = cards->n;
    found->outline = true;
    qsort(found->quads, (size_t)found->n, sizeof *found->quads, by_row);
}

/* What the photo is looked at in: the letters in one size, outlines in a smaller one. */
struct look {
    struct ocr_image for_text, for_shape;
    struct ocr_texts texts;
};

static struct look look_at(struct ocr_image photo, struct arena *arena)
{
    struct look look = {.for_text = by_day(ocr_image_fit(photo, TEXT_SIDE, arena), arena)};
    look.for_shape = ocr_image_fit(look.for_text, SHAPE_SIDE, arena);
    look.texts = ocr_find_texts(ocr_image_gray(look.for_text, arena), arena);
    if (look.texts.height < SMALL_LETTERS && photo.w > look.for_text.w) {
        look.for_text = by_day(ocr_image_fit(photo, FINE_SIDE, arena), arena);
        look.texts = ocr_find_texts(ocr_image_gray(look.for_text, arena), arena);
    }
    return look;
}

/* Outlines and frames, in pixels of the letters' size. */
static struct ocr_outlines *outlines_of(const struct look *look, struct ocr_outlines *ret_frames, struct arena *arena)
{
    struct ocr_outlines *to = arena_alloc(arena, sizeof *to);
    struct ocr_slopes slopes = ocr_slopes_of(look->for_shape, arena);
    double scale = (double)look->for_text.w / look->for_shape.w;
    to->n = 0;
    ocr_outlines_look(look->for_shape, to, arena);
    for (size_t i = 0; i < to->n; i++)
        ocr_outline_measure(&slopes, &to->items[i]);
    ret_frames->n = 0;
    ocr_frames_look(&slopes, ret_frames, arena);
    for (size_t i = 0; i < to->n; i++)
        ocr_quad_scale(&to->items[i].quad, scale);
    for (size_t i = 0; i < ret_frames->n; i++)
        ocr_quad_scale(&ret_frames->items[i].quad, scale);
    return to;
}

struct ocr_found ocr_find_cards(struct ocr_image photo, struct arena *arena)
{
    struct look look = look_at(photo, arena);
    const struct ocr_texts *texts = &look.texts;
    struct ocr_found found = {.n = 1, .sideways = texts->sideways};
    struct ocr_outlines *frames = arena_alloc(arena, sizeof *frames), *masks = outlines_of(&look, frames, arena);
    struct ocr_choice cards;
    ocr_choose_cards(masks, frames, texts, arena, &cards);
    if (all_cards(texts, &cards, arena))
        settle_on(&cards, &found);
    else if (texts->n >= OCR_CARD_LETTERS)
        found.outline = choose_single(masks, texts, &found.quads[0]);
    if (!found.outline)
        found.quads[0] = texts->n < OCR_CARD_LETTERS || sheet(texts, ocr_image_gray(look.for_text, arena))
                             ? whole_picture(look.for_text)
                             : around_text(texts, look.for_text);
    for (int i = 0; i < found.n; i++)
        ocr_quad_scale(&found.quads[i], (double)photo.w / look.for_text.w);
    return found;
}

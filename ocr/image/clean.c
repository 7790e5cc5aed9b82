/* Local background, polarity and contrast on a coarse grid, interpolated to every pixel; see clean.h. */
#include "ocr/image/clean.h"

enum {
    REDUCE = 4,    /* the statistics are taken on a picture this much smaller */
    STEP = 8,      /* distance of grid nodes there */
    RADIUS = 22,   /* half a node's window there: 180 pixels of a card, larger than its letters */
    NOISE = 10,    /* grey levels that are no ink */
    WEAK_INK = 36, /* contrast is never stretched beyond 255 / this */
};

static int level_at(const uint32_t histogram[256], uint32_t n, double share)
{
    uint32_t want = (uint32_t)(share * n), sum = 0;
    for (int v = 0; v < 256; v++)
        if ((sum += histogram[v]) > want)
            return v;
    return 255;
}

static struct ocr_ground_node judge(const uint32_t histogram[256], uint32_t n)
{
    int median = level_at(histogram, n, 0.5), bright = level_at(histogram, n, 0.85);
    double dark = 0, light = 0;
    for (int v = 0; v < median - NOISE; v++)
        dark += (double)histogram[v] * (median - NOISE - v);
    for (int v = median + NOISE + 1; v < 256; v++)
        light += (double)histogram[v] * (v - median - NOISE);
    double side = (dark - 0.9 * light) / (dark + light + n);
    bright = side >= 0 ? bright : 255 - level_at(histogram, n, 0.15); /* of the negative, when the print is one */
    int reach = side >= 0 ? median - level_at(histogram, n, 0.01) : level_at(histogram, n, 0.99) - median;
    return (struct ocr_ground_node){(float)median, (float)bright, (float)side,
                                    (float)(reach > WEAK_INK ? reach : WEAK_INK)};
}

static struct ocr_ground_node look(struct ocr_image small, int cx, int cy)
{
    uint32_t histogram[256] = {0}, n = 0;
    int x0 = cx > RADIUS ? cx - RADIUS : 0, x1 = cx + RADIUS < small.w ? cx + RADIUS : small.w - 1;
    int y0 = cy > RADIUS ? cy - RADIUS : 0, y1 = cy + RADIUS < small.h ? cy + RADIUS : small.h - 1;
    for (int y = y0; y <= y1; y++)
        for (int x = x0; x <= x1; x++, n++)
            histogram[small.p[(size_t)y * (size_t)small.w + (size_t)x]]++;
    return judge(histogram, n);
}

struct ocr_ground ocr_clean_survey(struct ocr_image gray, struct arena *arena)
{
    int w = gray.w / REDUCE > 0 ? gray.w / REDUCE : 1, h = gray.h / REDUCE > 0 ? gray.h / REDUCE : 1;
    struct ocr_image small = ocr_image_scale(gray, w, h, arena);
    struct ocr_ground ground = {small.w / STEP + 2, small.h / STEP + 2, NULL};
    ground.nodes = arena_array(arena, (size_t)ground.w * (size_t)ground.h, sizeof *ground.nodes);
    for (int y = 0; y < ground.h; y++)
        for (int x = 0; x < ground.w; x++) {
            int cx = x * STEP < small.w ? x * STEP : small.w - 1, cy = y * STEP < small.h ? y * STEP : small.h - 1;
            ground.nodes[y * ground.w + x] = look(small, cx, cy);
        }
    return ground;
}

/* What is known of the ground under each pixel of a row, one list a measure. */
struct row {
    float *restrict median, *restrict bright, *restrict side, *restrict contrast;
};

/* Straight line between the nodes' values a and b over the pixels of one cell. */
static inline void span(float *restrict to, int n, float a, float b)
{
    float step = (b - a) / (REDUCE * STEP);
    for (int i = 0; i < n; i++)
        to[i] = a + step * (float)i;
}

static float mix(float a, float b, float t)
{
    return a + (b - a) * t;
}

static struct ocr_ground_node node_at(const struct ocr_ground *ground, int gx, int gy, float t)
{
    gx = gx < ground->w ? gx : ground->w - 1;
    const struct ocr_ground_node *a = &ground->nodes[gy * ground->w + gx], *b = a + ground->w;
    return (struct ocr_ground_node){mix(a->median, b->median, t), mix(a->bright, b->bright, t),
                                    mix(a->side, b->side, t), mix(a->contrast, b->contrast, t)};
}

/* The survey interpolated along one pixel row. */
static void row_at(const struct ocr_ground *ground, int y, int w, const struct row *row)
{
    enum { CELL = REDUCE * STEP };
    float fy = (float)y / CELL;
    int gy = (int)fy < ground->h - 2 ? (int)fy : ground->h - 2;
    float t = fy - (float)gy;
    struct ocr_ground_node a = node_at(ground, 0, gy, t);
    for (int gx = 0; gx * CELL < w; gx++) {
        struct ocr_ground_node b = node_at(ground, gx + 1, gy, t);
        int x = gx * CELL, n = w - x < CELL ? w - x : CELL;
        span(row->median + x, n, a.median, b.median);
        span(row->bright + x, n, a.bright, b.bright);
        span(row->side + x, n, a.side, b.side);
        span(row->contrast + x, n, a.contrast, b.contrast);
        a = b;
    }
}

/* 0 = no ink, 1 = as strong as the strongest around. */
static inline float ink_at(float v, const struct row *row, int x)
{
    float diff = row->median[x] - v;
    diff = row->side[x] >= 0 ? diff : -diff;
    return (diff - 0.1F * row->contrast[x]) / (0.85F * row->contrast[x]);
}

static inline uint8_t clamp(float v)
{
    return (uint8_t)(v <= 0 ? 0 : v >= 255 ? 255 : v);
}

typedef void row_rule(const uint8_t *restrict v, const struct row *row, int w, uint8_t *restrict to);

static void rule_ink(const uint8_t *restrict v, const struct row *row, int w, uint8_t *restrict to)
{
    for (int x = 0; x < w; x++)
        to[x] = clamp(255 - 255 * ink_at(v[x], row, x));
}

static void rule_even(const uint8_t *restrict v, const struct row *row, int w, uint8_t *restrict to)
{
    for (int x = 0; x < w; x++) {
        float level = row->side[x] >= 0 ? v[x] : 255 - (float)v[x];
        to[x] = clamp(level * OCR_CLEAN_PAPER / (row->bright[x] < 40 ? 40 : row->bright[x]));
    }
}

static void rule_mask(const uint8_t *restrict v, const struct row *row, int w, uint8_t *restrict to)
{
    for (int x = 0; x < w; x++)
        to[x] = ink_at(v[x], row, x) > 0.42F;
}

static struct ocr_image by_rule(struct ocr_image gray, const struct ocr_ground *ground, row_rule *rule,
                                struct arena *arena)
{
    struct ocr_image to = ocr_image_black(arena, gray.w, gray.h, 1);
    size_t w = (size_t)gray.w;
    float *floats = arena_array(arena, 4 * w, sizeof *floats);
    struct row row = {floats, floats + w, floats + 2 * w, floats + 3 * w};
    for (int y = 0; y < gray.h; y++) {
        row_at(ground, y, gray.w, &row);
        rule(gray.p + (size_t)y * w, &row, gray.w, to.p + (size_t)y * w);
    }
    return to;
}

struct ocr_image ocr_clean_ink(struct ocr_image gray, const struct ocr_ground *ground, struct arena *arena)
{
    return by_rule(gray, ground, rule_ink, arena);
}

struct ocr_image ocr_clean_even(struct ocr_image gray, const struct ocr_ground *ground, struct arena *arena)
{
    return by_rule(gray, ground, rule_even, arena);
}

struct ocr_image ocr_clean_mask(struct ocr_image gray, const struct ocr_ground *ground, struct arena *arena)
{
    return by_rule(gray, ground, rule_mask, arena);
}

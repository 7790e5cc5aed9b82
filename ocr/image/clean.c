/* Local background, polarity and contrast on a coarse grid, interpolated to every pixel; see clean.h. */
#include "ocr/image/clean.h"

enum {
    REDUCE = 4,    /* the statistics are taken on a picture this much smaller */
    STEP = 8,      /* distance of grid nodes there */
    RADIUS = 22,   /* half a node's window there: 180 pixels of a card, larger than its letters */
    NOISE = 10,    /* grey levels that are no ink */
    WEAK_INK = 36, /* contrast is never stretched beyond 255 / this */
};

struct node {
    float median, bright; /* grey levels */
    float side;           /* > 0: ink is darker than the background, < 0: lighter */
    float contrast;       /* of the strongest ink around, grey levels */
};

struct grid {
    int w, h;
    struct node *nodes;
};

static int level_at(const uint32_t histogram[256], uint32_t n, double share)
{
    uint32_t want = (uint32_t)(share * n), sum = 0;
    for (int v = 0; v < 256; v++)
        if ((sum += histogram[v]) > want)
            return v;
    return 255;
}

static struct node judge(const uint32_t histogram[256], uint32_t n)
{
    int median = level_at(histogram, n, 0.5), bright = level_at(histogram, n, 0.85);
    double dark = 0, light = 0;
    for (int v = 0; v < median - NOISE; v++)
        dark += (double)histogram[v] * (median - NOISE - v);
    for (int v = median + NOISE + 1; v < 256; v++)
        light += (double)histogram[v] * (v - median - NOISE);
    double side = (dark - 0.9 * light) / (dark + light + n);
    int reach = side >= 0 ? median - level_at(histogram, n, 0.01) : level_at(histogram, n, 0.99) - median;
    return (struct node){(float)median, (float)bright, (float)side, (float)(reach > WEAK_INK ? reach : WEAK_INK)};
}

static struct node look(struct ocr_image small, int cx, int cy)
{
    uint32_t histogram[256] = {0}, n = 0;
    int x0 = cx > RADIUS ? cx - RADIUS : 0, x1 = cx + RADIUS < small.w ? cx + RADIUS : small.w - 1;
    int y0 = cy > RADIUS ? cy - RADIUS : 0, y1 = cy + RADIUS < small.h ? cy + RADIUS : small.h - 1;
    for (int y = y0; y <= y1; y++)
        for (int x = x0; x <= x1; x++, n++)
            histogram[small.p[(size_t)y * (size_t)small.w + (size_t)x]]++;
    return judge(histogram, n);
}

static struct grid survey(struct ocr_image gray, struct arena *arena)
{
    int w = gray.w / REDUCE > 0 ? gray.w / REDUCE : 1, h = gray.h / REDUCE > 0 ? gray.h / REDUCE : 1;
    struct ocr_image small = ocr_image_scale(gray, w, h, arena);
    struct grid grid = {small.w / STEP + 2, small.h / STEP + 2, NULL};
    grid.nodes = arena_array(arena, (size_t)grid.w * (size_t)grid.h, sizeof *grid.nodes);
    for (int y = 0; y < grid.h; y++)
        for (int x = 0; x < grid.w; x++) {
            int cx = x * STEP < small.w ? x * STEP : small.w - 1, cy = y * STEP < small.h ? y * STEP : small.h - 1;
            grid.nodes[y * grid.w + x] = look(small, cx, cy);
        }
    return grid;
}

static float mix(float a, float b, float t)
{
    return a + (b - a) * t;
}

static struct node mix_nodes(const struct node *a, const struct node *b, float t)
{
    return (struct node){mix(a->median, b->median, t), mix(a->bright, b->bright, t), mix(a->side, b->side, t),
                         mix(a->contrast, b->contrast, t)};
}

/* The grid interpolated along one pixel row. */
static void row_nodes(const struct grid *grid, int y, int w, struct node *column, struct node *row)
{
    float fy = (float)y / (REDUCE * STEP);
    int gy = (int)fy < grid->h - 2 ? (int)fy : grid->h - 2;
    for (int x = 0; x < grid->w; x++)
        column[x] = mix_nodes(&grid->nodes[gy * grid->w + x], &grid->nodes[(gy + 1) * grid->w + x], fy - (float)gy);
    for (int x = 0; x < w; x++) {
        float fx = (float)x / (REDUCE * STEP);
        int gx = (int)fx < grid->w - 2 ? (int)fx : grid->w - 2;
        row[x] = mix_nodes(&column[gx], &column[gx + 1], fx - (float)gx);
    }
}

static uint8_t clamp(float v)
{
    return v <= 0 ? 0 : v >= 255 ? 255 : (uint8_t)v;
}

/* 0 = no ink, 1 = as strong as the strongest around. */
static float ink_at(uint8_t v, const struct node *n)
{
    float diff = n->side >= 0 ? n->median - (float)v : (float)v - n->median;
    return (diff - 0.1F * n->contrast) / (0.85F * n->contrast);
}

typedef uint8_t pixel_rule(uint8_t v, const struct node *n);

static uint8_t rule_ink(uint8_t v, const struct node *n)
{
    return clamp(255 - 255 * ink_at(v, n));
}

static uint8_t rule_shadow(uint8_t v, const struct node *n)
{
    return clamp((float)v * 230 / (n->bright < 40 ? 40 : n->bright));
}

static uint8_t rule_mask(uint8_t v, const struct node *n)
{
    return ink_at(v, n) > 0.42F;
}

static struct ocr_image by_rule(struct ocr_image gray, pixel_rule *rule, struct arena *arena)
{
    struct grid grid = survey(gray, arena);
    struct ocr_image to = ocr_image_new(arena, gray.w, gray.h, 1);
    struct node *column = arena_array(arena, (size_t)grid.w, sizeof *column);
    struct node *row = arena_array(arena, (size_t)gray.w, sizeof *row);
    for (int y = 0; y < gray.h; y++) {
        row_nodes(&grid, y, gray.w, column, row);
        size_t start = (size_t)y * (size_t)gray.w;
        for (int x = 0; x < gray.w; x++)
            to.p[start + (size_t)x] = rule(gray.p[start + (size_t)x], &row[x]);
    }
    return to;
}

struct ocr_image ocr_clean_ink(struct ocr_image gray, struct arena *arena)
{
    return by_rule(gray, rule_ink, arena);
}

struct ocr_image ocr_clean_shadow(struct ocr_image gray, struct arena *arena)
{
    return by_rule(gray, rule_shadow, arena);
}

struct ocr_image ocr_clean_mask(struct ocr_image gray, struct arena *arena)
{
    return by_rule(gray, rule_mask, arena);
}

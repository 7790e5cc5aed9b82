/* Letter-like blobs chained to their right neighbours; see texts.h. */
#include "ocr/find/texts.h"

#include "ocr/image/clean.h"

#include <math.h>

enum {
    MIN_HEIGHT = 5,
    MAX_HEIGHT = 90,
    MIN_ROW = 4,
    MAX_LETTERS = 6000,
    LOOK_AHEAD = 400,
    CROWD_SHARE = 10,
    FEW_IN_ROWS = 3,
    FAN_LETTERS = 8, /* of a row whose slope can be believed */
    FAN_ROWS = 4
};
static const double FAN_MOST = 0.25, FAN_LEAST = 0.02; /* radians */
static const double FAN_EXPLAINED = 0.6;               /* share of the slopes' variance that perspective explains */
static const double CROWD_REACH = 8;                   /* letter heights */

static bool letter_like(const struct ocr_blob *b)
{
    bool size = b->h >= MIN_HEIGHT && b->h <= MAX_HEIGHT && b->w >= 1 && b->w <= 5 * b->h;
    return size && b->area * 12 >= b->w * b->h;
}

static int by_x(const void *a, const void *b)
{
    const struct ocr_blob *p = a, *q = b;
    return p->x != q->x ? (p->x > q->x) - (p->x < q->x) : (p->y > q->y) - (p->y < q->y);
}

/* Distance to the right neighbour, or infinity: alike in height, nearly on one line, at most a letter height apart. */
static double distance(const struct ocr_blob *a, const struct ocr_blob *b)
{
    double tall = a->h > b->h ? a->h : b->h, low = a->h < b->h ? a->h : b->h;
    double gap = b->x - (a->x + a->w);
    double top = fabs((double)(a->y - b->y)), bottom = fabs((double)(a->y + a->h - b->y - b->h));
    bool level = fmin(top, bottom) <= 0.3 * tall && fmax(top, bottom) <= 0.75 * tall;
    if (gap < -0.3 * tall || gap > 1.1 * tall || tall > 2.1 * low || !level)
        return INFINITY;
    return gap + top + bottom;
}

struct row {
    size_t n;
    double slope;
    struct ocr_blob box;
};

static struct ocr_blob unite(const struct ocr_blob *a, const struct ocr_blob *b)
{
    int x0 = a->x < b->x ? a->x : b->x, y0 = a->y < b->y ? a->y : b->y;
    int x1 = a->x + a->w > b->x + b->w ? a->x + a->w : b->x + b->w;
    int y1 = a->y + a->h > b->y + b->h ? a->y + a->h : b->y + b->h;
    return (struct ocr_blob){x0, y0, x1 - x0, y1 - y0, 0};
}

/* Chains of blobs sorted by x; marks the members of rows long enough. Returns how many were marked. */
static size_t chain(struct ocr_blob *b, size_t n, bool *in_row, struct row *rows, size_t *ret_rows, struct arena *arena)
{
    int *next = arena_array(arena, n, sizeof *next);
    bool *has_left = arena_array(arena, n, sizeof *has_left);
    for (size_t i = 0; i < n; i++) {
        double best = INFINITY;
        next[i] = -1;
        for (size_t j = i + 1; j < n && j < i + LOOK_AHEAD && b[j].x <= b[i].x + b[i].w + 2 * b[i].h; j++) {
            double d = has_left[j] ? INFINITY : distance(&b[i], &b[j]);
            if (d < best) {
                best = d;
                next[i] = (int)j;
            }
        }
        if (next[i] >= 0)
            has_left[next[i]] = true;
    }
    size_t marked = 0, count = 0;
    for (size_t i = 0; i < n; i++) {
        size_t length = 0, last = i;
        struct ocr_blob box = b[i];
        for (int k = (int)i; !has_left[i] && k >= 0; k = next[k], length++) {
            last = (size_t)k;
            box = unite(&box, &b[k]);
        }
        if (length < MIN_ROW)
            continue;
        for (int k = (int)i; k >= 0; k = next[k])
            in_row[k] = true;
        marked += length;
        double dx = b[last].x - b[i].x, dy = b[last].y + b[last].h / 2.0 - b[i].y - b[i].h / 2.0;
        rows[count++] = (struct row){length, dx > 0 ? dy / dx : 0, box};
    }
    *ret_rows = count;
    return marked;
}

static int by_slope(const void *a, const void *b)
{
    double x = ((const struct row *)a)->slope, y = ((const struct row *)b)->slope;
    return (x > y) - (x < y);
}

/* Median slope of the longer rows, each counted by its letters. */
static double row_angle(struct row *rows, size_t n)
{
    size_t kept = 0, total = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        if (rows[i].n >= 6) {
            rows[kept++] = rows[i];
            total += rows[kept - 1].n;
        }
    qsort(rows, kept, sizeof *rows, by_slope);
    for (size_t i = 0; i < kept; i++)
        if ((sum += rows[i].n) * 2 >= total)
            return atan(rows[i].slope);
    return 0;
}

/* Rows that fan out are parallel lines in perspective: a straight line through slope over height, each row counted by
 * the square of its letters. */
static void fit_fan(struct ocr_texts *texts, const struct row *rows, size_t n)
{
    double c = cos(texts->angle), s = sin(texts->angle), w = 0, wv = 0, wr = 0, wvv = 0, wvr = 0, wrr = 0;
    double low = INFINITY, high = -INFINITY;
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        double r = atan(rows[i].slope) - texts->angle, weight = (double)(rows[i].n * rows[i].n);
        double v = (rows[i].box.y + rows[i].box.h / 2.0) * c - (rows[i].box.x + rows[i].box.w / 2.0) * s;
        if (rows[i].n < FAN_LETTERS || fabs(r) > FAN_MOST)
            continue;
        used++;
        low = fmin(low, v);
        high = fmax(high, v);
        w += weight;
        wv += weight * v;
        wr += weight * r;
        wvv += weight * v * v;
        wvr += weight * v * r;
        wrr += weight * r * r;
    }
    if (used < FAN_ROWS)
        return;
    double mid = wv / w, spread = wvv / w - mid * mid, mean = wr / w;
    double both = wvr / w - mid * mean, slopes = wrr / w - mean * mean;
    if (spread <= 0 || slopes <= 0)
        return;
    double fan = both / spread, explained = both * both / (spread * slopes);
    if (explained < FAN_EXPLAINED || fabs(fan) * (high - low) < FAN_LEAST)
        return;
    texts->fan = fan;
    texts->fan_mid = mid - mean / fan; /* where a row has the angle itself */
}

static int by_length_down(const void *a, const void *b)
{
    const struct row *p = a, *q = b;
    if (p->n != q->n)
        return (p->n < q->n) - (p->n > q->n);
    return p->box.y != q->box.y ? (p->box.y > q->box.y) - (p->box.y < q->box.y)
                                : (p->box.x > q->box.x) - (p->box.x < q->box.x);
}

static void keep_longest(struct ocr_texts *texts, struct row *rows, size_t n)
{
    qsort(rows, n, sizeof *rows, by_length_down);
    for (size_t i = 0; i < n && texts->n_rows < OCR_TEXT_ROWS; i++) {
        struct ocr_blob b = rows[i].box;
        b = texts->sideways ? (struct ocr_blob){b.y, b.x, b.h, b.w, 0} : b;
        b.area = (int)rows[i].n;
        texts->rows[texts->n_rows++] = b;
    }
}

static int by_int(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static double median_height(const struct ocr_blob *b, size_t n, struct arena *arena)
{
    int *heights = arena_array(arena, n, sizeof *heights);
    for (size_t i = 0; i < n; i++)
        heights[i] = b[i].h;
    qsort(heights, n, sizeof *heights, by_int);
    return n ? heights[n / 2] : 0;
}

/* The page turned by a quarter: rows that ran up or down now run across. */
static struct ocr_blob *turned(const struct ocr_blob *b, size_t n, struct arena *arena)
{
    struct ocr_blob *t = arena_array(arena, n, sizeof *t);
    for (size_t i = 0; i < n; i++)
        t[i] = (struct ocr_blob){b[i].y, b[i].x, b[i].h, b[i].w, b[i].area};
    qsort(t, n, sizeof *t, by_x);
    return t;
}

static bool near(const struct ocr_blob *a, const struct ocr_blob *b, double reach)
{
    double dx = fmax(a->x - (b->x + b->w), b->x - (a->x + a->w)), dy = fmax(a->y - (b->y + b->h), b->y - (a->y + a->h));
    return dx < reach && dy < reach;
}

/* Texture forms short rows here and there: rows far from the others count only when there is enough of them. */
static void keep_crowds(struct ocr_texts *texts, struct arena *arena)
{
    size_t n = texts->n, *queue = arena_array(arena, n, sizeof *queue), largest = 0;
    size_t *crowd = arena_array(arena, n, sizeof *crowd), *size = arena_array(arena, n + 1, sizeof *size);
    for (size_t i = 0, crowds = 0; i < n; i++) {
        if (crowd[i])
            continue;
        size_t head = 0, tail = 0;
        crowd[i] = ++crowds;
        for (queue[tail++] = i; head < tail; head++)
            for (size_t j = 0; j < n; j++)
                if (!crowd[j] && near(&texts->letters[queue[head]], &texts->letters[j], CROWD_REACH * texts->height)) {
                    crowd[j] = crowds;
                    queue[tail++] = j;
                }
        size[crowds] = tail;
        largest = tail > largest ? tail : largest;
    }
    texts->n = 0;
    for (size_t i = 0; i < n; i++)
        if (size[crowd[i]] * CROWD_SHARE >= largest)
            texts->letters[texts->n++] = texts->letters[i];
}

/* The page turned to the left by `angle` around its origin: boxes keep their size, only their middles move. The area of
 * each becomes its index in `b`. */
static struct ocr_blob *tilted(const struct ocr_blob *b, size_t n, double angle, struct arena *arena)
{
    struct ocr_blob *t = arena_array(arena, n, sizeof *t);
    double c = cos(angle), s = sin(angle);
    for (size_t i = 0; i < n; i++) {
        double x = b[i].x + b[i].w / 2.0, y = b[i].y + b[i].h / 2.0;
        t[i] = (struct ocr_blob){(int)lround(x * c + y * s - b[i].w / 2.0), (int)lround(y * c - x * s - b[i].h / 2.0),
                                 b[i].w, b[i].h, (int)i};
    }
    qsort(t, n, sizeof *t, by_x);
    return t;
}

/* Rows too steep to chain: tried again on the page turned by a few angles. Replaces the letters when one of them brings
 * far more of them into rows. */
static void look_askew(struct ocr_texts *texts, const struct ocr_blob *b, size_t n, struct arena *arena)
{
    static const double angles[] = {-0.52, -0.3, 0.3, 0.52};
    size_t most = 2 * texts->n > 2 * MIN_ROW ? 2 * texts->n : 2 * MIN_ROW;
    for (size_t k = 0; k < ARRAY_LEN(angles); k++) {
        struct ocr_blob *t = tilted(b, n, angles[k], arena);
        bool *in_row = arena_array(arena, n, sizeof *in_row);
        struct row *rows = arena_array(arena, n, sizeof *rows);
        size_t n_rows = 0, found = chain(t, n, in_row, rows, &n_rows, arena);
        if (found <= most)
            continue;
        most = found;
        *texts = (struct ocr_texts){.letters = arena_array(arena, n, sizeof *b), .blobs = texts->blobs};
        for (size_t i = 0; i < n; i++)
            if (in_row[i])
                texts->letters[texts->n++] = b[t[i].area];
        texts->angle = angles[k] + row_angle(rows, n_rows);
    }
}

struct ocr_texts ocr_find_texts(struct ocr_image gray, struct arena *arena)
{
    struct ocr_ground ground = ocr_clean_survey(gray, arena);
    struct ocr_blobs all = ocr_blobs(ocr_clean_mask(gray, &ground, arena), arena);
    struct ocr_blob *b = arena_array(arena, MAX_LETTERS, sizeof *b);
    size_t n = 0;
    for (size_t i = 0; i < all.n && n < MAX_LETTERS; i++)
        if (letter_like(&all.items[i]))
            b[n++] = all.items[i];
    qsort(b, n, sizeof *b, by_x);
    bool *across = arena_array(arena, n, sizeof *across), *down = arena_array(arena, n, sizeof *down);
    struct row *rows = arena_array(arena, n, sizeof *rows), *columns = arena_array(arena, n, sizeof *columns);
    size_t n_rows = 0, n_columns = 0;
    struct ocr_blob *t = turned(b, n, arena);
    size_t in_rows = chain(b, n, across, rows, &n_rows, arena),
           in_columns = chain(t, n, down, columns, &n_columns, arena);
    struct ocr_texts texts = {.letters = arena_array(arena, n, sizeof *b), .blobs = all.n};
    texts.sideways = in_columns > in_rows + in_rows / 2 && in_columns > 20;
    for (size_t i = 0; i < n; i++) {
        if (!texts.sideways && across[i])
            texts.letters[texts.n++] = b[i];
        else if (texts.sideways && down[i])
            texts.letters[texts.n++] = (struct ocr_blob){t[i].y, t[i].x, t[i].h, t[i].w, t[i].area};
    }
    texts.angle = texts.sideways ? -row_angle(columns, n_columns) : row_angle(rows, n_rows);
    if (!texts.sideways)
        fit_fan(&texts, rows, n_rows);
    keep_longest(&texts, texts.sideways ? columns : rows, texts.sideways ? n_columns : n_rows);
    if (texts.n < n / FEW_IN_ROWS)
        look_askew(&texts, b, n, arena);
    texts.height = median_height(texts.letters, texts.n, arena);
    keep_crowds(&texts, arena);
    return texts;
}

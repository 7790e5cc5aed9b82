/* Labelling and closing of masks; see blobs.h. */
#include "ocr/image/blobs.h"

static int32_t find_root(int32_t *parent, int32_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static void join(int32_t *parent, int32_t a, int32_t b)
{
    a = find_root(parent, a);
    b = find_root(parent, b);
    if (a < b)
        parent[b] = a;
    else
        parent[a] = b;
}

/* Label of a set pixel from its neighbours above and to the left; 0 when it touches none. Neighbours that touch each
 * other have met already (Wu, Otoo, Suzuki 2009, section 3). */
static inline int32_t label_at(const int32_t *above, int32_t left, int x, int w, int32_t *parent)
{
    if (above && above[x])
        return above[x];
    int32_t before = above && x > 0 ? above[x - 1] : 0, after = above && x + 1 < w ? above[x + 1] : 0;
    int32_t other = before ? before : left;
    if (after && other && after != other)
        join(parent, after, other);
    return after ? after : other;
}

/* First pass: provisional labels, and which of them touch. Returns how many there are. */
static int32_t scan(struct ocr_image mask, int32_t *labels, int32_t *parent)
{
    int32_t next = 1;
    for (int y = 0; y < mask.h; y++) {
        const uint8_t *row = mask.p + (size_t)y * (size_t)mask.w;
        int32_t *to = labels + (size_t)y * (size_t)mask.w;
        const int32_t *above = y > 0 ? to - mask.w : NULL;
        int32_t left = 0;
        for (int x = 0; x < mask.w; x++) {
            left = row[x] ? label_at(above, left, x, mask.w, parent) : 0;
            if (row[x] && !left) {
                parent[next] = next;
                left = next++;
            }
            to[x] = left;
        }
    }
    return next;
}

static void include(struct ocr_blob *blob, int x, int y)
{
    if (!blob->area++) {
        *blob = (struct ocr_blob){x, y, 1, 1, 1};
        return;
    }
    if (x < blob->x) {
        blob->w += blob->x - x;
        blob->x = x;
    } else if (x >= blob->x + blob->w) {
        blob->w = x - blob->x + 1;
    }
    if (y >= blob->y + blob->h)
        blob->h = y - blob->y + 1;
}

struct ocr_blobs ocr_blobs(struct ocr_image mask, struct arena *arena)
{
    size_t pixels = (size_t)mask.w * (size_t)mask.h;
    struct ocr_blobs blobs = {.labels = arena_array(arena, pixels, sizeof *blobs.labels)};
    int32_t *parent = arena_array(arena, pixels / 2 + 2, sizeof *parent);
    int32_t provisional = scan(mask, blobs.labels, parent);
    int32_t *final = arena_array(arena, (size_t)provisional, sizeof *final);
    for (int32_t i = 1; i < provisional; i++) {
        int32_t root = find_root(parent, i);
        if (root == i)
            final[i] = (int32_t)++blobs.n;
        else
            final[i] = final[root]; /* roots are the least of their set, so theirs is known */
    }
    blobs.items = arena_array(arena, blobs.n, sizeof *blobs.items);
    for (int y = 0; y < mask.h; y++) {
        int32_t *row = blobs.labels + (size_t)y * (size_t)mask.w;
        for (int x = 0; x < mask.w; x++) {
            row[x] = final[row[x]]; /* 0 stays 0 */
            if (row[x])
                include(&blobs.items[row[x] - 1], x, y);
        }
    }
    return blobs;
}

/* One direction of a box dilation (value 1) or erosion (value 0): `value` spreads by r. Outside counts as clear for
 * dilation and as set for erosion, so that the border neither grows nor eats. */
static void spread(const uint8_t *from, uint8_t *to, int n, int stride, int r, uint8_t value)
{
    int last = -r - 1;
    for (int i = -r; i < n; i++) {
        if (i + r < n && from[(size_t)(i + r) * (size_t)stride] == value)
            last = i + r;
        if (i >= 0)
            to[(size_t)i * (size_t)stride] = last >= i - r ? value : (uint8_t)!value;
    }
}

static void spread_both(struct ocr_image mask, struct ocr_image scratch, int r, uint8_t value)
{
    for (int y = 0; y < mask.h; y++) {
        size_t row = (size_t)y * (size_t)mask.w;
        spread(mask.p + row, scratch.p + row, mask.w, 1, r, value);
    }
    for (int x = 0; x < mask.w; x++)
        spread(scratch.p + x, mask.p + x, mask.h, mask.w, r, value);
}

struct ocr_image ocr_mask_close(struct ocr_image mask, int r, struct arena *arena)
{
    struct ocr_image closed = ocr_image_new(arena, mask.w, mask.h, 1);
    struct ocr_image scratch = ocr_image_new(arena, mask.w, mask.h, 1);
    memcpy(closed.p, mask.p, (size_t)mask.w * (size_t)mask.h);
    spread_both(closed, scratch, r, 1);
    spread_both(closed, scratch, r, 0);
    return closed;
}

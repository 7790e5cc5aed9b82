/* One pass over everything, a second over what is in doubt; see passes.h. */
#include "ocr/text/passes.h"

#include "ocr/image/clean.h"
#include "ocr/text/again.h"
#include "ocr/text/layout.h"
#include "ocr/text/merge.h"

enum {
    TEXT_SIDE = 1200, /* letters are looked for on a copy this large */
    SPECKS = 2500,    /* blobs there beyond which looking for sparse text takes seconds: ordering them is quadratic */
    MEAGRE = 60,      /* sure letters of a first pass that found too little to go by */
    LEFT_OVER = 5,    /* letters that are not worth a second pass */
    PASS_MS = 2000,   /* every pass gets at least this, so that a busy machine reads slowly instead of not at all */
    LINE_MS = 400,    /* ceiling of one line read by itself */
    FRAME = 4,        /* pixels painted over around a line */
};
static const double CERTAIN = 0.75;    /* confidence of a word that needs no second look */
static const double LEFT_SHARE = 0.05; /* of all letters that are not worth a second pass either */

double ocr_sure_letters(const struct ocr_words *words)
{
    double letters = 0;
    for (size_t i = 0; i < words->n; i++)
        if (words->items[i].confidence > 0.7 && words->items[i].text.n > 2)
            letters += (double)words->items[i].text.n * words->items[i].confidence;
    return letters;
}

static int time_left(const struct ocr_patience *patience)
{
    int64_t left = patience->clock ? patience->deadline - patience->clock() : 4 * PASS_MS;
    return left > PASS_MS ? (int)left : PASS_MS;
}

/* The first pass leaves room for a second. */
static int most_of(int ms)
{
    return ms > 2 * PASS_MS ? ms - PASS_MS : PASS_MS;
}

static bool certain(const struct ocr_line *line)
{
    for (size_t i = 0; i < line->n; i++)
        if (line->words[i].confidence < CERTAIN)
            return false;
    return true;
}

/* Lines that need no second look. */
static struct ocr_box *certain_lines(const struct ocr_words *words, struct arena *arena, size_t *ret_n)
{
    struct ocr_page page = ocr_layout(words->items, words->n, 0, 0, arena);
    struct ocr_box *boxes = arena_array(arena, page.n, sizeof *boxes);
    size_t n = 0;
    for (size_t i = 0; i < page.n; i++)
        if (certain(&page.lines[i]))
            boxes[n++] = page.lines[i].box;
    *ret_n = n;
    return boxes;
}

static bool inside(const struct ocr_box *boxes, size_t n, double x, double y)
{
    for (size_t i = 0; i < n; i++) {
        const struct ocr_box *b = &boxes[i];
        if (x >= b->x - FRAME && x <= b->x + b->w + FRAME && y >= b->y - FRAME && y <= b->y + b->h + FRAME)
            return true;
    }
    return false;
}

/* Letters outside the boxes. */
static size_t left_over(const struct ocr_texts *texts, double scale, const struct ocr_box *boxes, size_t n)
{
    size_t left = 0;
    for (size_t i = 0; i < texts->n; i++) {
        const struct ocr_blob *b = &texts->letters[i];
        left += !inside(boxes, n, (b->x + b->w / 2.0) * scale, (b->y + b->h / 2.0) * scale);
    }
    return left;
}

static int within(double v, int most)
{
    return v < 0 ? 0 : v > most ? most : (int)v;
}

static void paint_over(struct ocr_image view, const struct ocr_box *boxes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int x0 = within(boxes[i].x - FRAME, view.w), x1 = within(boxes[i].x + boxes[i].w + FRAME, view.w);
        int y0 = within(boxes[i].y - FRAME, view.h), y1 = within(boxes[i].y + boxes[i].h + FRAME, view.h);
        for (int y = y0; y < y1; y++)
            memset(view.p + (size_t)y * (size_t)view.w + x0, OCR_CLEAN_PAPER, (size_t)(x1 - x0));
    }
}

/* What the first pass left in doubt, seen differently; absent words when next to nothing is left. */
static struct ocr_words second_pass(const struct ocr_views *views, struct ocr_words first, int ms, struct arena *arena)
{
    struct ocr_words second = {0};
    size_t n;
    struct ocr_box *boxes = certain_lines(&first, arena, &n);
    size_t left = left_over(views->texts, views->scale, boxes, n);
    if (left <= LEFT_OVER || (double)left <= LEFT_SHARE * (double)views->texts->n)
        return first;
    struct ocr_image view = ocr_image_black(arena, views->view.w, views->view.h, 1);
    memcpy(view.p, views->view.p, (size_t)view.w * (size_t)view.h);
    paint_over(view, boxes, n);
    enum ocr_layout layout = views->texts->blobs > SPECKS ? OCR_LAYOUT_PAGE : OCR_LAYOUT_SPARSE;
    ocr_engine_read(views->engine, view, layout, ms, arena, &second);
    ocr_merge_clean(&second);
    return ocr_merge(first, second, arena);
}

struct ocr_words ocr_passes(struct ocr_engine *engine, struct ocr_image gray, const struct ocr_patience *patience,
                            struct arena *arena)
{
    struct ocr_ground ground = ocr_clean_survey(gray, arena);
    struct ocr_image ink = patience->raw ? gray : ocr_clean_ink(gray, &ground, arena);
    struct ocr_words words;
    ocr_engine_read(engine, ink, OCR_LAYOUT_PAGE, most_of(time_left(patience)), arena, &words);
    ocr_merge_clean(&words);
    if (patience->once && patience->afar)
        return words;
    struct ocr_image small = ocr_image_fit(gray, TEXT_SIDE, arena);
    struct ocr_texts texts = ocr_find_texts(small, arena);
    struct ocr_views views = {.engine = engine, .texts = &texts, .scale = (double)gray.w / small.w, .line_ms = LINE_MS};
    views.ink = ink;
    views.view = ocr_clean_even(gray, &ground, arena);
    if (!patience->once && ocr_sure_letters(&words) < MEAGRE)
        words = second_pass(&views, words, time_left(patience), arena);
    return patience->afar ? words : ocr_again(&views, words, arena);
}

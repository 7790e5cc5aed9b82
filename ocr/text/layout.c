/* Lines by chaining each word to its nearest right neighbour, blocks by chaining lines downwards; see layout.h. */
#include "ocr/text/layout.h"

#include "contact/text.h"

#include <math.h>

enum { PIECE = 4 }; /* letters of a piece of a word whose capitals are set apart */

static const double GAP = 1.6;                   /* letter heights: wider than this is another column */
static const double STEP = 1.35, STEP_GAP = 0.8; /* words of different size belong together only when they are near */
static const double LEADING = 1.1;               /* letter heights between two lines of one block */
static const double CUT_OFF = 0.5;    /* letter heights: a blank is wider, with the side bearings of a capital */
static const double SET_APART = 0.28; /* letter heights between capitals of one word; a blank is wider */
static const double SIZE_RATIO = 2;   /* a line's words are of one size, within what letter shapes allow */
static const double SAME_ROW = 0.45;  /* share of the lower word that must overlap in height */

/* Whether a text has letters that rise above or hang below the x-height. */
static void extents(struct str text, bool *rises, bool *hangs)
{
    static const char above[] = "bdfhijklt0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ|()[]/&!?%$@#",
                      below[] = "gjpqy@()[]/|,;Q";
    for (size_t i = 0; i < text.n; i++) {
        bool ascii = (unsigned char)text.p[i] < 0x80;
        *rises = *rises || !ascii || strchr(above, text.p[i]);
        *hangs = *hangs || (ascii && strchr(below, text.p[i]));
    }
}

double ocr_letter_height(const struct ocr_word *word)
{
    bool rises = false, hangs = false;
    extents(word->text, &rises, &hangs);
    double caps = rises ? 1 : 0.73; /* typical proportions of Latin type, in cap heights */
    return word->box.h / (caps + (hangs ? 0.27 : 0));
}

/* "-", "–": as low as it is, it stands in a line of any size. */
static bool dash(struct str text)
{
    return str_eq(text, STR("-")) || str_eq(text, STR("–")) || str_eq(text, STR("—"));
}

struct links {
    const struct ocr_word *words;
    size_t n;
    int *next, *previous; /* neighbours on the line, -1 = none */
    double *height;
};

static bool same_row(const struct ocr_box *a, const struct ocr_box *b)
{
    double overlap = fmin(a->y + a->h, b->y + b->h) - fmax(a->y, b->y);
    return overlap >= SAME_ROW * fmin(a->h, b->h);
}

/* Distance from word i to word j if j may follow i on its line, else infinity. */
static double follows(const struct links *l, size_t i, size_t j)
{
    const struct ocr_box *a = &l->words[i].box, *b = &l->words[j].box;
    double tall = fmax(l->height[i], l->height[j]), low = fmin(l->height[i], l->height[j]);
    if (dash(l->words[i].text) != dash(l->words[j].text))
        low = tall;
    double gap = b->x - (a->x + a->w);
    bool right_of = b->x + b->w / 2 > a->x + a->w / 2 && gap > -0.6 * tall;
    bool steps = tall > STEP * low && gap > STEP_GAP * tall && !contact_text_has_digit(l->words[i].text) &&
                 !contact_text_has_digit(l->words[j].text); /* a label beside a name in larger print */
    if (!right_of || steps || gap > GAP * tall || tall > SIZE_RATIO * low || !same_row(a, b))
        return INFINITY;
    return fmax(gap, 0) + 0.5 * fabs(a->y + a->h / 2 - b->y - b->h / 2);
}

/* Links every word to the nearest that may follow it; of several suitors the nearest wins. */
static void link_words(struct links *l)
{
    for (size_t i = 0; i < l->n; i++)
        l->next[i] = l->previous[i] = -1;
    for (size_t i = 0; i < l->n; i++) {
        double best = INFINITY;
        int to = -1;
        for (size_t j = 0; j < l->n; j++) {
            double d = j == i ? INFINITY : follows(l, i, j);
            if (d < best) {
                best = d;
                to = (int)j;
            }
        }
        if (to < 0)
            continue;
        int rival = l->previous[to];
        if (rival >= 0 && follows(l, (size_t)rival, (size_t)to) <= best)
            continue;
        if (rival >= 0)
            l->next[rival] = -1;
        l->next[i] = to;
        l->previous[to] = (int)i;
    }
}

static struct ocr_box unite(struct ocr_box a, struct ocr_box b)
{
    double x = fmin(a.x, b.x), y = fmin(a.y, b.y);
    return (struct ocr_box){x, y, fmax(a.x + a.w, b.x + b.w) - x, fmax(a.y + a.h, b.y + b.h) - y};
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* "M urata", "D avid", "D r.": a capital that the engine cut off its word; a blank would be wider. */
static bool cut_off(const struct ocr_word *a, const struct ocr_word *b, double gap)
{
    bool capital = a->text.n == 1 && a->text.p[0] >= 'A' && a->text.p[0] <= 'Z';
    bool rest = (b->text.n >= 3 || str_eq(b->text, STR("r."))) && b->text.p[0] >= 'a' && b->text.p[0] <= 'z' &&
                !memchr(b->text.p, '@', b->text.n); /* behind an icon */
    return capital && rest && gap < CUT_OFF;
}

static bool capitals(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < 'A' || text.p[i] > 'Z')
            return false;
    return text.n > 0;
}

/* "LO GI STI C A": capitals set apart, which the engine took for words. */
static bool set_apart(const struct ocr_word *a, const struct ocr_word *b, double gap)
{
    bool pieces = a->text.n <= PIECE || b->text.n <= PIECE;
    return pieces && capitals(a->text) && capitals(b->text) && gap < SET_APART;
}

/* The two as one word. */
static struct ocr_word whole(const struct ocr_word *a, const struct ocr_word *b, struct arena *arena)
{
    struct ocr_word word = *a;
    word.text = str_printf(arena, "%.*s%.*s", STR_ARG(a->text), STR_ARG(b->text));
    word.confidence = fmin(a->confidence, b->confidence);
    word.box = unite(a->box, b->box);
    word.alternatives = (struct json_list){NULL, 0};
    return word;
}

/* Word *at with those behind it that belong to it; *at becomes the last of them. */
static struct ocr_word next_word(const struct links *l, int *at, struct arena *arena)
{
    struct ocr_word word = l->words[*at];
    for (int next = l->next[*at]; next >= 0; next = l->next[*at]) {
        const struct ocr_word *b = &l->words[next];
        double gap = (b->box.x - word.box.x - word.box.w) / l->height[*at];
        if (!cut_off(&word, b, gap) && !set_apart(&l->words[*at], b, gap))
            break;
        word = whole(&word, b, arena);
        *at = next;
    }
    return word;
}

static struct ocr_line make_line(const struct links *l, size_t first, struct arena *arena)
{
    struct ocr_line line = {.box = l->words[first].box};
    for (int i = (int)first; i >= 0; i = l->next[i])
        line.n++;
    line.words = arena_array(arena, line.n, sizeof *line.words);
    double *heights = arena_array(arena, line.n, sizeof *heights);
    struct strbuf text = {.arena = arena};
    size_t k = 0, sized = 0;
    for (int i = (int)first; i >= 0; i = l->next[i], k++) {
        line.words[k] = next_word(l, &i, arena);
        line.box = unite(line.box, line.words[k].box);
        if (!dash(line.words[k].text))
            heights[sized++] = l->height[i];
        if (k)
            strbuf_add_char(&text, ' ');
        strbuf_add(&text, line.words[k].text);
    }
    line.n = k;
    qsort(heights, sized, sizeof *heights, by_number);
    line.height = sized ? heights[sized / 2] : l->height[first];
    line.text = strbuf_str(&text);
    return line;
}

static int by_top(const void *a, const void *b)
{
    const struct ocr_line *x = a, *y = b;
    double dy = x->box.y + x->box.h / 2 - y->box.y - y->box.h / 2;
    return dy != 0 ? (dy > 0) - (dy < 0) : (x->box.x > y->box.x) - (x->box.x < y->box.x);
}

/* True when b stands right below a in the same column. */
static bool below(const struct ocr_line *a, const struct ocr_line *b)
{
    double gap = b->box.y - (a->box.y + a->box.h), tall = fmax(a->height, b->height);
    double overlap = fmin(a->box.x + a->box.w, b->box.x + b->box.w) - fmax(a->box.x, b->box.x);
    return gap < LEADING * tall && gap > -0.7 * tall && overlap > 0.2 * fmin(a->box.w, b->box.w) &&
           tall < 1.9 * fmin(a->height, b->height);
}

/* Numbers the blocks in the order of their first lines; lines come sorted from the top. */
static void make_blocks(struct ocr_page *page)
{
    int blocks = 0;
    for (size_t i = 0; i < page->n; i++) {
        page->lines[i].block = -1;
        for (size_t j = i; j-- > 0 && page->lines[i].block < 0;)
            if (below(&page->lines[j], &page->lines[i]))
                page->lines[i].block = page->lines[j].block;
        if (page->lines[i].block < 0)
            page->lines[i].block = blocks++;
    }
}

static int by_block(const void *a, const void *b)
{
    const struct ocr_line *x = a, *y = b;
    return x->block != y->block ? (x->block > y->block) - (x->block < y->block) : by_top(a, b);
}

struct ocr_page ocr_layout(const struct ocr_word *words, size_t n, double w, double h, struct arena *arena)
{
    struct links links = {
        .words = words,
        .n = n,
        .next = arena_array(arena, n, sizeof(int)),
        .previous = arena_array(arena, n, sizeof(int)),
        .height = arena_array(arena, n, sizeof(double)),
    };
    for (size_t i = 0; i < n; i++)
        links.height[i] = ocr_letter_height(&words[i]);
    link_words(&links);
    struct ocr_page page = {.lines = arena_array(arena, n, sizeof(struct ocr_line)), .width = w, .height = h};
    for (size_t i = 0; i < n; i++)
        if (links.previous[i] < 0)
            page.lines[page.n++] = make_line(&links, i, arena);
    qsort(page.lines, page.n, sizeof *page.lines, by_top);
    make_blocks(&page);
    qsort(page.lines, page.n, sizeof *page.lines, by_block);
    return page;
}

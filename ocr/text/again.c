/* Lines cut out and read by themselves; see again.h. */
#include "ocr/text/again.h"

#include "ocr/text/layout.h"
#include "ocr/text/merge.h"

#include <math.h>

enum { LETTER = 32, LARGE_LETTER = 48, LEAST_LETTERS = 5, MAX_SPOTS = 120, INK = 110, TEXTURE = 5 };
static const double CERTAIN = 0.80;    /* confidence of a word that needs no closer look */
static const double LEAST_NEED = 0.08; /* that is worth a look */
static const double SURE_LOOK = 0.8;   /* of an address that needs no third */
static const double SURE_MAIL = 0.92;  /* of one in an address, where a single letter decides */
static const double REACH = 1.6;       /* letter heights from a line to the letters that continue it */
static const double LABEL_REACH = 6;   /* from a label to its value */
static const double FOLLOW = 0.05;     /* of the way from where the line was to where a column's ink lies */
static const double BAND = 1.4;        /* letter heights in which ink is looked for */
static const double SETTLE = 2, TRACED = 1.5, STEEPEST = 0.12, SLANTED = 1.45;
static const double MARGIN = 0.45;          /* letter heights of paper around what is cut out */
static const double TIGHT = 0.1;            /* where a rule below the line keeps the engine from reading it */
static const double DRAWN = 0.6;            /* confidence of what is rather a drawing, when it is large, too */
static const double LONGEST = 3;            /* a line is enlarged at most this much */
static const double CREDIBLE = 0.5;         /* confidence of a row that only this look saw */
static const double BETTER = 0.02;          /* lead in confidence that replaces an address as it was read */
static const double MUCH_BETTER = 0.1;      /* and other words, which come out right or wrong as a whole more often */
static const double LARGE = 1.6;            /* over the median letter height: logos, whose letters are drawn, not set */
static const double LARGEST = 3, SET = 0.9; /* unless two words and more were read as surely as this: a name */

/* One line to be looked at. */
struct spot {
    struct ocr_box box;
    double height;        /* of its letters */
    double need;          /* 0 none; the larger, the sooner */
    size_t added;         /* letters that no word covers */
    double reach;         /* letter heights over which it may go on */
    double margin;        /* letter heights of paper around it */
    double slope, anchor; /* it rises or falls; `box` is right where x is `anchor` */
    bool address;
};

static double right_of(const struct ocr_box *b)
{
    return b->x + b->w;
}

static struct ocr_box letter_box(const struct ocr_views *views, size_t i)
{
    const struct ocr_blob *b = &views->texts->letters[i];
    return (struct ocr_box){b->x * views->scale, b->y * views->scale, b->w * views->scale, b->h * views->scale};
}

static bool covered(const struct ocr_words *words, const struct ocr_box *b)
{
    double x = b->x + b->w / 2, y = b->y + b->h / 2;
    for (size_t i = 0; i < words->n; i++) {
        const struct ocr_box *w = &words->items[i].box;
        if (x >= w->x - 3 && x <= right_of(w) + 3 && y >= w->y - 3 && y <= w->y + w->h + 3)
            return true;
    }
    return false;
}

/* Ink in one column of pixels, `high` of them around y: some, but no rule or edge from top to bottom. *ret_middle is
 * where it lies. */
static bool inked(const struct ocr_views *views, double y, double high, int x, double *ret_middle)
{
    int y0 = (int)(y - 0.5 * high), y1 = (int)(y + 0.5 * high), dark = 0;
    double sum = 0;
    for (int row = y0 > 0 ? y0 : 0; row < y1 && row < views->ink.h; row++)
        if (views->ink.p[(size_t)row * (size_t)views->ink.w + (size_t)x] < INK) {
            dark++;
            sum += row;
        }
    *ret_middle = dark ? sum / dark : y;
    return dark >= 2 && dark < 0.95 * (y1 - y0);
}

/* No word stands there; what was read out of a drawing is none. */
static bool free_column(const struct ocr_words *words, const struct spot *spot, double x, double y)
{
    for (size_t i = 0; i < words->n; i++) {
        const struct ocr_box *w = &words->items[i].box;
        if (words->items[i].confidence < DRAWN && w->h > 2 * spot->height)
            continue;
        if (x >= w->x && x <= right_of(w) && y >= w->y && y <= w->y + w->h)
            return false;
    }
    return true;
}

/* Walks over ink from the line's end until there is none for the width of a letter or two, or a word of another line
 * stands there. Returns the last column with ink. */
static double walk(const struct ocr_views *views, const struct ocr_words *words, const struct spot *spot, int way)
{
    int start = (int)(way > 0 ? right_of(&spot->box) : spot->box.x), end = start;
    int reach = (int)(spot->reach * spot->height);
    double y = spot->box.y + spot->box.h / 2, middle;
    for (int x = start; x >= 0 && x < views->ink.w && abs(x - end) < reach; x += 2 * way) {
        if (abs(x - start) > 2 && !free_column(words, spot, x, y))
            break;
        if (!inked(views, y, 0.8 * spot->box.h, x, &middle))
            continue;
        end = x;
        y += FOLLOW * (middle - y);
    }
    return end == start ? (way > 0 ? right_of(&spot->box) : spot->box.x) : end;
}

/* Follows the ink from left to right and notes how it rises or falls: in perspective no two lines are parallel. */
static void trace(const struct ocr_views *views, struct spot *spot)
{
    double y = spot->box.y + spot->box.h / 2, middle, n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    double from = fmin(fmax(spot->anchor, 0), views->ink.w - 1), settled = from + SETTLE * spot->height;
    for (int x = (int)from; x < right_of(&spot->box) && x < views->ink.w; x += 2) {
        if (!inked(views, y, BAND * spot->height, x, &middle))
            continue;
        y += FOLLOW * (middle - y);
        if (x < settled)
            continue;
        n++;
        sx += x;
        sy += y;
        sxx += (double)x * x;
        sxy += x * y;
    }
    double spread = sxx - sx * sx / fmax(n, 1), slope = spread > 0 ? (sxy - sx * sy / n) / spread : 0;
    bool told = n > TRACED * spot->height && fabs(slope) < STEEPEST;
    spot->slope = told ? slope : 0;
}

/* Pixels that the line lies lower at x than at its anchor. */
static double drop(const struct spot *spot, double x)
{
    return spot->slope * (x - spot->anchor);
}

/* Grows the line over the ink before and behind it, and counts the letters that may be. */
static void widen(const struct ocr_views *views, const struct ocr_words *words, struct spot *spot)
{
    double left = walk(views, words, spot, -1), right = walk(views, words, spot, 1);
    double more = spot->box.x - left + right - right_of(&spot->box);
    spot->box.x = left;
    spot->box.w += more;
    spot->added += (size_t)(more / (0.7 * spot->height));
}

static bool address_like(const struct ocr_line *line)
{
    for (size_t i = 0; i < line->n; i++) {
        struct str text = line->words[i].text;
        const char *dot = text.n > 6 ? memchr(text.p + 3, '.', text.n - 5) : NULL;
        bool inner = dot && dot[1] != '-' && !(dot[1] >= '0' && dot[1] <= '9');
        if (memchr(text.p, '@', text.n) || str_starts(text, STR("www")) || str_find(text, STR("http"), 0) >= 0 ||
            (inner && text.n > 9))
            return true;
    }
    return false;
}

static double mean(const struct ocr_word *words, size_t n)
{
    double sum = 0, letters = 0;
    for (size_t i = 0; i < n; i++) {
        sum += words[i].confidence * (double)words[i].text.n;
        letters += (double)words[i].text.n;
    }
    return letters > 0 ? sum / letters : 0;
}

static struct spot spot_of(const struct ocr_views *views, const struct ocr_words *words, const struct ocr_line *line,
                           double median)
{
    const struct ocr_box *first = &line->words[0].box;
    struct spot spot = {
        .box = line->box, .height = line->height, .address = address_like(line), .margin = MARGIN, .anchor = first->x};
    struct str last = line->words[line->n - 1].text;
    bool label = line->n == 1 && (str_ends(last, STR(":")) || last.n <= 7);
    spot.reach = label ? LABEL_REACH : REACH;
    double weakest = 1;
    for (size_t i = 0; i < line->n; i++)
        weakest = fmin(weakest, line->words[i].confidence);
    bool slanted = line->box.h > SLANTED * line->height; /* a box around a line that rises is too high for it */
    if (slanted) {
        spot.box.y = first->y;
        spot.box.h = first->h;
    }
    bool set = line->n >= 2 && weakest > SET;
    if (line->height < (set ? LARGEST : LARGE) * median)
        widen(views, words, &spot);
    trace(views, &spot);
    if (slanted && spot.slope == 0)
        spot.box = (struct ocr_box){spot.box.x, line->box.y, spot.box.w, line->box.h};
    spot.need = fmax(0, (spot.address ? SURE_MAIL : CERTAIN) - weakest);
    spot.need += spot.added > 1 ? 0.5 : 0;
    spot.need *= spot.address ? 2 : 1;
    if (weakest < DRAWN && line->n == 1 && !str_ends(last, STR(":")) && spot.added > TEXTURE * last.n)
        spot.need *= 0.3; /* a speck of a pattern that goes on and on */
    return spot;
}

/* The line cut out of the view and enlarged; *ret_scale is by how much. */
static struct ocr_image cut_out(const struct ocr_views *views, const struct spot *spot, int letter, double *ret_scale,
                                struct arena *arena)
{
    struct ocr_image from = views->view;
    double margin = spot->margin * spot->height;
    int x0 = (int)fmax(spot->box.x - margin, 0), y0 = (int)fmax(spot->box.y - margin, 0);
    int x1 = (int)fmin(right_of(&spot->box) + margin, from.w),
        y1 = (int)fmin(spot->box.y + spot->box.h + margin, from.h);
    struct ocr_image cut = ocr_image_black(arena, x1 - x0, y1 - y0, 1);
    for (int x = 0; x < cut.w; x++) {
        int down = (int)lround(drop(spot, x0 + x));
        for (int y = 0; y < cut.h; y++) {
            int row = y0 + y + down < 0 ? 0 : y0 + y + down >= from.h ? from.h - 1 : y0 + y + down;
            cut.p[(size_t)y * (size_t)cut.w + (size_t)x] = from.p[(size_t)row * (size_t)from.w + (size_t)(x0 + x)];
        }
    }
    double scale = fmin(fmax(letter / spot->height, 0.5), LONGEST);
    *ret_scale = scale;
    return ocr_image_scale(cut, (int)lround(cut.w * scale), (int)lround(cut.h * scale), arena);
}

static struct ocr_words read_spot(const struct ocr_views *views, const struct spot *spot, int letter,
                                  struct arena *arena)
{
    struct ocr_words words;
    double scale, margin = spot->margin * spot->height;
    double x0 = floor(fmax(spot->box.x - margin, 0)), y0 = floor(fmax(spot->box.y - margin, 0));
    struct ocr_image line = cut_out(views, spot, letter, &scale, arena);
    ocr_engine_read(views->engine, line, OCR_LAYOUT_LINE, views->line_ms, arena, &words);
    for (size_t i = 0; i < words.n; i++) {
        struct ocr_box *b = &words.items[i].box;
        *b = (struct ocr_box){b->x / scale + x0, b->y / scale + y0, b->w / scale, b->h / scale};
        b->y += drop(spot, b->x + b->w / 2);
    }
    ocr_merge_clean(&words);
    return words;
}

/* Two different pictures of a word that read the same make it surer. */
static void agree(struct ocr_word *words, size_t n, const struct ocr_word *other, size_t n_other)
{
    for (size_t i = 0; i < n && n == n_other; i++)
        if (str_eq(words[i].text, other[i].text))
            words[i].confidence = 1 - (1 - fmax(words[i].confidence, other[i].confidence)) * 0.5;
}

static bool has_address(const struct ocr_word *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ocr_address_form(words[i].text))
            return true;
    return false;
}

/* Reads the line; one with an address that the engine is not sure of, in two sizes: where they agree it is believed. */
static struct ocr_words look_at(const struct ocr_views *views, const struct spot *spot, bool set, struct arena *arena)
{
    struct ocr_words seen = read_spot(views, spot, LETTER, arena);
    if (set && seen.n == 0) {
        struct spot tight = *spot;
        tight.margin = TIGHT;
        return read_spot(views, &tight, LETTER, arena);
    }
    bool doubtful = (spot->address || has_address(seen.items, seen.n)) && mean(seen.items, seen.n) < SURE_LOOK;
    if (!doubtful)
        return seen;
    struct ocr_words large = read_spot(views, spot, LARGE_LETTER, arena);
    bool lead = mean(large.items, large.n) > mean(seen.items, seen.n);
    struct ocr_words best = lead ? large : seen, other = lead ? seen : large;
    agree(best.items, best.n, other.items, other.n);
    return best;
}

static size_t letters_of(const struct ocr_word *words, size_t n)
{
    size_t letters = 0;
    for (size_t i = 0; i < n; i++)
        letters += words[i].text.n;
    return letters;
}

static struct str bare(const struct ocr_word *words, size_t n, struct arena *arena)
{
    struct strbuf text = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < words[i].text.n; k++)
            if (!memchr(" '`,;\"|~-", words[i].text.p[k], 10))
                strbuf_add_char(&text, words[i].text.p[k]);
    return strbuf_str(&text);
}

/* "Q anna@muster.example" of what was one word: an icon stands in front of the address. */
static bool icon_apart(const struct ocr_line *line, const struct ocr_words *seen)
{
    if (line->n != 1 || seen->n != 2 || seen->items[0].text.n != 1 || !ocr_address_form(seen->items[1].text))
        return false;
    char lead = seen->items[0].text.p[0], first = seen->items[1].text.p[0];
    return !(lead >= 'a' && lead <= 'z') && first >= 'a' && first <= 'z' &&
           seen->items[1].confidence > line->words[0].confidence;
}

/* Whether the closer look says more, or the same better. */
static bool better(const struct ocr_line *line, const struct spot *spot, const struct ocr_words *seen,
                   struct arena *arena)
{
    double before = mean(line->words, line->n), now = mean(seen->items, seen->n);
    size_t had = letters_of(line->words, line->n), has = letters_of(seen->items, seen->n);
    bool same = str_eq(bare(line->words, line->n, arena), bare(seen->items, seen->n, arena));
    if (icon_apart(line, seen))
        return true;
    if (has == 0 || (double)has < 0.8 * (double)had || same)
        return false;
    if (spot->added > 1 && has > had + spot->added / 2) {
        bool address = has_address(seen->items, seen->n) && !has_address(line->words, line->n);
        return address || now > (spot->address || line->n == 0 ? CREDIBLE : CERTAIN);
    }
    return now > before + (spot->address ? BETTER : MUCH_BETTER);
}

static void add(struct ocr_words *to, const struct ocr_word *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to->items[to->n++] = words[i];
}

/* The other reading of the same words, where they are as many. */
static void note_other(struct ocr_word *words, size_t n, const struct ocr_word *other, size_t n_other,
                       struct arena *arena)
{
    for (size_t i = 0; i < n && n == n_other; i++)
        ocr_word_doubt(&words[i], other[i].text, arena);
}

static int by_need(const void *a, const void *b)
{
    const struct spot *p = *(struct spot *const *)a, *q = *(struct spot *const *)b;
    return (p->need < q->need) - (p->need > q->need);
}

static bool inside(const struct spot *spot, const struct ocr_box *b)
{
    double x = b->x + b->w / 2, y = b->y + b->h / 2 - drop(spot, x);
    return x >= spot->box.x && x <= right_of(&spot->box) && y >= spot->box.y && y <= spot->box.y + spot->box.h;
}

/* Rows of letters that no word and no line took. */
static size_t lost_rows(const struct ocr_views *views, const struct ocr_words *words, struct spot *spots, size_t n)
{
    size_t most = n + MAX_SPOTS;
    for (size_t i = 0; i < views->texts->n && n < most; i++) {
        struct ocr_box box = letter_box(views, i);
        struct spot spot = {.box = box, .height = box.h, .added = 1, .reach = REACH, .margin = MARGIN, .anchor = box.x};
        bool taken = covered(words, &box);
        for (size_t k = 0; k < n && !taken; k++)
            taken = inside(&spots[k], &box);
        if (taken)
            continue;
        widen(views, words, &spot);
        trace(views, &spot);
        spot.need = spot.added >= LEAST_LETTERS ? 0.4 : 0;
        spots[n++] = spot;
    }
    return n;
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_height(const struct ocr_page *page, struct arena *arena)
{
    double *heights = arena_array(arena, page->n + 1, sizeof *heights);
    for (size_t i = 0; i < page->n; i++)
        heights[i] = page->lines[i].height;
    qsort(heights, page->n, sizeof *heights, by_number);
    return page->n ? heights[page->n / 2] : 0;
}

struct ocr_words ocr_again(const struct ocr_views *views, struct ocr_words words, struct arena *arena)
{
    struct ocr_page page = ocr_layout(words.items, words.n, 0, 0, arena);
    double median = median_height(&page, arena);
    struct spot *spots = arena_array(arena, page.n + MAX_SPOTS, sizeof *spots), **order;
    for (size_t i = 0; i < page.n; i++)
        spots[i] = spot_of(views, &words, &page.lines[i], median);
    size_t n = lost_rows(views, &words, spots, page.n);
    order = arena_array(arena, n, sizeof(struct spot *));
    for (size_t i = 0; i < n; i++)
        order[i] = &spots[i];
    qsort(order, n, sizeof *order, by_need);
    for (size_t i = 0; i < n; i++)
        order[i]->need = i < OCR_AGAIN_LINES && order[i]->need > LEAST_NEED ? order[i]->need : 0;
    struct ocr_words to = {.confidence = words.confidence, .cut = words.cut};
    to.items = arena_array(arena, words.n + (size_t)OCR_AGAIN_LINES * OCR_ENGINE_WORDS, sizeof *to.items);
    for (size_t i = 0; i < n; i++) {
        struct ocr_line none = {0}, *line = i < page.n ? &page.lines[i] : &none;
        struct ocr_words seen =
            spots[i].need > 0 ? look_at(views, &spots[i], line->n > 1, arena) : (struct ocr_words){0};
        bool take = better(line, &spots[i], &seen, arena);
        if (take) {
            note_other(seen.items, seen.n, line->words, line->n, arena);
        } else {
            note_other(line->words, line->n, seen.items, seen.n, arena);
            agree(line->words, line->n, seen.items, seen.n);
        }
        add(&to, take ? seen.items : line->words, take ? seen.n : line->n);
    }
    return to;
}

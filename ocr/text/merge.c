/* Word-wise union of two passes; see merge.h. */
#include "ocr/text/merge.h"

#include <math.h>

static const double CREDIBLE = 0.45; /* confidence of a word that only one pass saw */
static const double BETTER = 0.03;   /* lead in confidence that lets the second reading replace the first */
enum { GROUP = 8, ALTERNATIVES = 4 };

static double overlap(const struct ocr_box *a, const struct ocr_box *b)
{
    double w = fmin(a->x + a->w, b->x + b->w) - fmax(a->x, b->x);
    double h = fmin(a->y + a->h, b->y + b->h) - fmax(a->y, b->y);
    return w > 0 && h > 0 ? w * h / fmin(a->w * a->h, b->w * b->h) : 0;
}

/* Words of one pass that share a place with words of the other: the smallest set closed under overlap, left to right.
 */
struct group {
    size_t a[GROUP], b[GROUP];
    size_t na, nb;
};

static void group_add(size_t *items, size_t *n, size_t item)
{
    if (*n < GROUP)
        items[(*n)++] = item;
}

static void gather(const struct ocr_words *a, const struct ocr_words *b, bool *used_a, bool *used_b, struct group *g)
{
    for (size_t done_a = 0, done_b = 0; done_a < g->na || done_b < g->nb;) {
        if (done_a < g->na) {
            const struct ocr_box *box = &a->items[g->a[done_a++]].box;
            for (size_t j = 0; j < b->n && g->nb < GROUP; j++)
                if (!used_b[j] && overlap(box, &b->items[j].box) > 0.5) {
                    used_b[j] = true;
                    group_add(g->b, &g->nb, j);
                }
        } else {
            const struct ocr_box *box = &b->items[g->b[done_b++]].box;
            for (size_t i = 0; i < a->n && g->na < GROUP; i++)
                if (!used_a[i] && overlap(box, &a->items[i].box) > 0.5) {
                    used_a[i] = true;
                    group_add(g->a, &g->na, i);
                }
        }
    }
}

static double mean_confidence(const struct ocr_words *words, const size_t *items, size_t n)
{
    double sum = 0, letters = 0;
    for (size_t i = 0; i < n; i++) {
        double length = (double)words->items[items[i]].text.n;
        sum += words->items[items[i]].confidence * length;
        letters += length;
    }
    return letters > 0 ? sum / letters : 0;
}

static struct str join(const struct ocr_words *words, const size_t *items, size_t n, struct arena *arena)
{
    struct strbuf text = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        if (i)
            strbuf_add_char(&text, ' ');
        strbuf_add(&text, words->items[items[i]].text);
    }
    return strbuf_str(&text);
}

void ocr_word_doubt(struct ocr_word *word, struct str text, struct arena *arena)
{
    if (!text.n || str_eq(word->text, text) || word->alternatives.n >= ALTERNATIVES)
        return;
    struct str *items = arena_array(arena, word->alternatives.n + 1, sizeof *items);
    if (word->alternatives.n)
        memcpy(items, word->alternatives.items, word->alternatives.n * sizeof *items);
    items[word->alternatives.n] = text;
    word->alternatives = (struct json_list){items, word->alternatives.n + 1};
}

static void emit(struct ocr_words *to, const struct ocr_words *winner, const size_t *items, size_t n, struct str other,
                 struct arena *arena)
{
    for (size_t i = 0; i < n; i++) {
        to->items[to->n] = winner->items[items[i]];
        if (n == 1) /* several words to one: which part would the other reading replace? */
            ocr_word_doubt(&to->items[to->n], other, arena);
        to->n++;
    }
}

static void settle(const struct ocr_words *a, const struct ocr_words *b, const struct group *g, struct ocr_words *to,
                   struct arena *arena)
{
    double ca = mean_confidence(a, g->a, g->na), cb = mean_confidence(b, g->b, g->nb);
    struct str ta = join(a, g->a, g->na, arena), tb = join(b, g->b, g->nb, arena);
    bool same = str_eq(ta, tb);
    if (cb > ca + BETTER && !same)
        emit(to, b, g->b, g->nb, ta, arena);
    else
        emit(to, a, g->a, g->na, tb, arena);
    if (same && g->na == 1) /* two different pictures of it agree */
        to->items[to->n - 1].confidence = 1 - (1 - fmax(ca, cb)) * 0.5;
}

struct ocr_words ocr_merge(struct ocr_words a, struct ocr_words b, struct arena *arena)
{
    struct ocr_words to = {.items = arena_array(arena, a.n + b.n, sizeof *to.items), .cut = a.cut || b.cut};
    bool *used_a = arena_array(arena, a.n, sizeof *used_a), *used_b = arena_array(arena, b.n, sizeof *used_b);
    for (size_t i = 0; i < a.n; i++) {
        if (used_a[i])
            continue;
        used_a[i] = true;
        struct group g = {.a = {i}, .na = 1};
        gather(&a, &b, used_a, used_b, &g);
        if (g.nb)
            settle(&a, &b, &g, &to, arena);
        else if (a.items[i].confidence > CREDIBLE)
            to.items[to.n++] = a.items[i];
    }
    for (size_t j = 0; j < b.n; j++)
        if (!used_b[j] && b.items[j].confidence > CREDIBLE)
            to.items[to.n++] = b.items[j];
    to.confidence = fmax(a.confidence, b.confidence);
    return to;
}

bool ocr_address_form(struct str text)
{
    size_t dots = 0, letters = 0, signs = 0, tail = 0;
    while (text.n && strchr(",;:", text.p[text.n - 1]))
        text.n--;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && !strchr("._-@+/:", c))
            return false;
        letters += letter;
        signs += c == '@';
        dots += c == '.';
        tail = c == '.' ? 0 : tail + 1;
        if (c == '.' && (i == 0 || i + 1 == text.n || strchr(".@-", text.p[i + 1])))
            return false;
        if (tail && !letter && c != '.' && c != '-' && i + 1 == text.n)
            return false;
    }
    bool web = str_starts(text, STR("www.")) || str_starts(text, STR("http"));
    return dots && tail >= 2 && tail <= 12 && signs <= 1 && letters >= 8 && (signs || web || letters >= 12);
}

/* "anna@muster" of "anna@muster .example", which the engine cut in two. */
static bool mailbox(struct str text)
{
    const char *sign = text.n > 5 ? memchr(text.p + 3, '@', text.n - 4) : NULL;
    size_t letters = 0;
    for (const char *p = text.p; sign && p < sign; p++)
        letters += (*p | 32) >= 'a' && (*p | 32) <= 'z';
    return letters >= 3;
}

static bool is_speck(const struct ocr_word *word)
{
    bool letters = false;
    for (size_t at = 0; at < word->text.n && !letters;) {
        uint32_t c = utf8_next(word->text, &at);
        letters = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c >= 0xc0 || c == '@' || c == '+';
    }
    bool lonely = utf8_count(word->text) <= 1 && word->confidence < 0.5;
    return (word->confidence < 0.2 && !ocr_address_form(word->text) && !mailbox(word->text)) || lonely ||
           (!letters && word->confidence < 0.6) || word->box.h < 6;
}

/* "Cell" whose box the engine drew over the number behind it, too. */
static void narrow(struct ocr_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        for (size_t k = 0; k < words->n; k++) {
            struct ocr_box *a = &words->items[i].box, *b = &words->items[k].box;
            double overlap = fmin(a->y + a->h, b->y + b->h) - fmax(a->y, b->y);
            bool row = overlap > 0.8 * fmax(a->h, b->h);
            if (i != k && row && b->x > a->x + 0.2 * a->w && b->x + b->w <= a->x + a->w + 0.1 * b->w)
                a->w = b->x - a->x - 1;
        }
}

void ocr_merge_clean(struct ocr_words *words)
{
    size_t n = 0;
    for (size_t i = 0; i < words->n; i++)
        if (!is_speck(&words->items[i]))
            words->items[n++] = words->items[i];
    words->n = n;
    narrow(words);
}

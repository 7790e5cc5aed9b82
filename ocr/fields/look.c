/* Words, spans, finds: the bookkeeping of the recognisers; see look.h. */
#include "ocr/fields/look.h"

#include "contact/text.h"
#include "ocr/fields/lexicon.h"

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_height(const struct ocr_page *page, struct arena *arena)
{
    double *heights = arena_array(arena, page->n, sizeof *heights);
    size_t n = 0;
    for (size_t i = 0; i < page->n; i++)
        if (page->lines[i].height > 0)
            heights[n++] = page->lines[i].height;
    if (n == 0)
        return 1;
    qsort(heights, n, sizeof *heights, by_value);
    return heights[n / 2];
}

/* Digits of a text. */
static size_t digits_of(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] >= '0' && s.p[i] <= '9';
    return n;
}

/* A number or an address that the layout cut at a gap: "anna.muster" | "@ muster.example", "0931" | "/ 123". */
static bool continues(const struct ocr_line *a, const struct ocr_line *b)
{
    struct str end = a->n ? a->words[a->n - 1].text : STR_NONE, start = b->n ? b->words[0].text : STR_NONE;
    double gap = b->box.x - (a->box.x + a->box.w), middle = b->box.y + b->box.h / 2;
    bool level = middle > a->box.y && middle < a->box.y + a->box.h;
    if (str_empty(end) || str_empty(start) || !level || b->box.x <= a->box.x || gap > 4 * a->height)
        return false;
    char last = end.p[end.n - 1], first = start.p[0];
    bool digit = last >= '0' && last <= '9';
    size_t begun = digits_of(a->text), more = digits_of(b->text);
    bool tail = digit && b->n == 1 && more == start.n && more >= 2 && more <= 5 && begun >= 5 && begun + more <= 13 &&
                gap < 1.5 * a->height;
    bool code = last == ')' && begun >= 2 && begun <= 5 && first >= '0' && first <= '9' && more >= 5; /* "(542)" */
    return first == '@' || last == '@' || tail || code || (digit && (first == '/' || first == '-'));
}

/* "anna@" with the domain in the line below. */
static bool goes_on_below(const struct ocr_line *a, const struct ocr_line *b)
{
    struct str end = a->n ? a->words[a->n - 1].text : STR_NONE;
    double gap = b->box.y - (a->box.y + a->box.h);
    bool beside = a->box.x < b->box.x + b->box.w && b->box.x < a->box.x + a->box.w;
    return b->n == 1 && beside && b->box.y > a->box.y && gap < 1.2 * a->height && end.n > 2 &&
           str_ends(end, STR("@")) && memchr(b->words[0].text.p, '.', b->words[0].text.n);
}

static void join_lines(struct ocr_look *look)
{
    for (size_t i = 0; i < look->n; i++)
        for (size_t k = 0; k < look->n; k++) {
            struct ocr_look_line *a = &look->lines[i], *b = &look->lines[k];
            if (i == k || !a->n || !b->n || !(continues(a->line, b->line) || goes_on_below(a->line, b->line)))
                continue;
            struct ocr_look_word *words = arena_array(look->arena, a->n + b->n, sizeof *words);
            memcpy(words, a->words, a->n * sizeof *words);
            memcpy(words + a->n, b->words, b->n * sizeof *words);
            a->words = words;
            a->n += b->n;
            b->n = 0;
        }
}

struct ocr_look *ocr_look_new(const struct ocr_page *page, struct arena *arena)
{
    struct ocr_look *look = arena_one(arena, struct ocr_look);
    look->page = page;
    look->arena = arena;
    look->n = page->n;
    look->lines = arena_array(arena, page->n, sizeof *look->lines);
    look->height = median_height(page, arena);
    for (size_t i = 0; i < page->n; i++) {
        struct ocr_look_line *line = &look->lines[i];
        line->line = &page->lines[i];
        line->words = arena_array(arena, line->line->n, sizeof *line->words);
        for (size_t k = 0; k < line->line->n; k++) {
            const struct ocr_word *word = &line->line->words[k];
            if (!str_empty(word->text))
                line->words[line->n++] =
                    (struct ocr_look_word){.word = word, .fold = contact_text_fold(word->text, arena)};
        }
    }
    join_lines(look);
    return look;
}

void ocr_look_respell(const struct ocr_look *look, struct ocr_look_word *word, struct str text)
{
    struct ocr_word *mended = arena_one(look->arena, struct ocr_word);
    struct str *seen = arena_one(look->arena, struct str);
    *mended = *word->word;
    *seen = word->word->text;
    mended->text = text;
    mended->alternatives = (struct json_list){seen, 1};
    word->word = mended;
    word->fold = contact_text_fold(text, look->arena);
}

static bool divider(const struct ocr_look_word *word)
{
    static const char *const marks[] = {"|", "||", "•", "·", "●", "▪", "■", "—", "»", "«", "¦", "*", "~"};
    return word->word->text.n <= 3 && ocr_word_in(word->word->text, marks, ARRAY_LEN(marks));
}

struct ocr_piece ocr_piece_of(const struct ocr_look *look, struct ocr_span span)
{
    struct strbuf buf = {.arena = look->arena};
    for (size_t i = span.from; i < span.to; i++) {
        if (i > span.from)
            strbuf_add_char(&buf, ' ');
        strbuf_add(&buf, look->lines[span.line].words[i].word->text);
    }
    return (struct ocr_piece){span, strbuf_str(&buf)};
}

size_t ocr_look_pieces(const struct ocr_look *look, size_t at, bool divide, struct ocr_piece **ret_pieces)
{
    const struct ocr_look_line *line = &look->lines[at];
    struct ocr_piece *pieces = arena_array(look->arena, line->n, sizeof *pieces);
    size_t n = 0;
    for (size_t i = 0; i < line->n;) {
        size_t from = i;
        while (i < line->n && !line->words[i].taken && !(divide && divider(&line->words[i])))
            i++;
        if (i > from)
            pieces[n++] = ocr_piece_of(look, (struct ocr_span){at, from, i});
        else
            i++;
    }
    *ret_pieces = pieces;
    return n;
}

size_t ocr_look_dividers(const struct ocr_look *look, size_t line)
{
    size_t n = 0;
    for (size_t i = 0; i < look->lines[line].n; i++)
        n += divider(&look->lines[line].words[i]);
    return n;
}

struct ocr_span ocr_piece_span(const struct ocr_look *look, const struct ocr_piece *piece, size_t from, size_t to)
{
    struct ocr_span span = {piece->span.line, piece->span.to, piece->span.from};
    size_t start = 0;
    for (size_t i = piece->span.from; i < piece->span.to; i++) {
        size_t end = start + look->lines[piece->span.line].words[i].word->text.n;
        if (start < to && end > from) {
            span.from = i < span.from ? i : span.from;
            span.to = i + 1;
        }
        start = end + 1;
    }
    if (span.from >= span.to)
        span.from = span.to = piece->span.from;
    return span;
}

void ocr_look_take(struct ocr_look *look, struct ocr_span span)
{
    for (size_t i = span.from; i < span.to; i++)
        look->lines[span.line].words[i].taken = true;
}

double ocr_look_confidence(const struct ocr_look *look, struct ocr_span span)
{
    double sum = 0;
    for (size_t i = span.from; i < span.to; i++)
        sum += look->lines[span.line].words[i].word->confidence;
    return span.to > span.from ? sum / (double)(span.to - span.from) : 0;
}

struct ocr_box ocr_look_box(const struct ocr_look *look, struct ocr_span span)
{
    struct ocr_box box = {0};
    for (size_t i = span.from; i < span.to; i++) {
        struct ocr_box w = look->lines[span.line].words[i].word->box;
        if (i == span.from) {
            box = w;
            continue;
        }
        double right = box.x + box.w > w.x + w.w ? box.x + box.w : w.x + w.w;
        double bottom = box.y + box.h > w.y + w.h ? box.y + box.h : w.y + w.h;
        box.x = box.x < w.x ? box.x : w.x;
        box.y = box.y < w.y ? box.y : w.y;
        box.w = right - box.x;
        box.h = bottom - box.y;
    }
    return box;
}

struct ocr_find ocr_find_new(const struct ocr_look *look, struct ocr_span span, struct str value, double belief)
{
    double engine = ocr_look_confidence(look, span);
    struct ocr_find find = {
        .value = value,
        .raw = ocr_piece_of(look, span).text,
        .confidence = belief * (0.55 + 0.45 * engine),
        .belief = belief,
        .kind = -1,
        .spans = {span},
        .n = span.to > span.from,
    };
    return find;
}

bool ocr_find_add(struct ocr_find_list *list, const struct ocr_find *find)
{
    for (size_t i = 0; i < list->n; i++) {
        struct ocr_find *old = &list->items[i];
        if (!str_eq(old->value, find->value))
            continue;
        old->confidence = find->confidence > old->confidence ? find->confidence : old->confidence;
        old->belief = find->belief > old->belief ? find->belief : old->belief;
        if (old->kind < 0)
            old->kind = find->kind;
        return true;
    }
    if (list->n == OCR_FIND_VALUES)
        return false;
    list->items[list->n++] = *find;
    return true;
}

void ocr_find_extend(struct ocr_find *find, struct ocr_span span)
{
    if (find->n < OCR_FIND_SPANS)
        find->spans[find->n++] = span;
}

size_t ocr_distance(struct str a, struct str b, size_t ceiling)
{
    enum { LONGEST = 80 };
    size_t row[LONGEST + 1];
    size_t gap = a.n > b.n ? a.n - b.n : b.n - a.n;
    if (a.n > LONGEST || b.n > LONGEST || gap > ceiling)
        return ceiling + 1;
    for (size_t k = 0; k <= b.n; k++)
        row[k] = k;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t k = 1; k <= b.n; k++) {
            size_t change = diagonal + (a.p[i - 1] != b.p[k - 1]);
            diagonal = row[k];
            size_t least = row[k] < row[k - 1] ? row[k] + 1 : row[k - 1] + 1;
            row[k] = change < least ? change : least;
        }
    }
    return row[b.n] <= ceiling ? row[b.n] : ceiling + 1;
}

/* Rows of text to cells, cells to lines with boxes; see page.h. */
#include "ocr/mail/page.h"

#include "contact/text.h"
#include "ocr/fields/fields.h"
#include "ocr/mail/cues.h"
#include "ocr/mail/quote.h"

enum { LETTER = 10, HEIGHT = 20, ROW = 30, CELLS = 6, TAB = 8, CELL_BYTES = 300, MARGIN = 20 };

struct cell {
    struct str text;
    size_t column; /* where it begins, in letters */
};

struct maker {
    struct arena *arena;
    bool legal, goes_on; /* the line above was of the law and its list of names is not at its end */
    struct ocr_line *columns[CELLS];
    size_t n[CELLS], lines;
};

static bool white(char c)
{
    return c == ' ' || c == '\t';
}

/* Bytes of what divides cells at `s`: three blanks, a tab, a stroke or dots between blanks; 0 for none. */
static size_t divider(struct str s)
{
    static const char *const marks[] = {"|",  "::", "\xe2\x80\xa2", "\xc2\xb7", "\xe2\x97\x8f", "\xe2\x80\x94", "*",
                                        "//", "||"};
    size_t blanks = 0;
    bool tab = false;
    while (blanks < s.n && white(s.p[blanks])) {
        tab |= s.p[blanks] == '\t';
        blanks++;
    }
    for (size_t i = 0; blanks && i < ARRAY_LEN(marks); i++) {
        size_t n = strlen(marks[i]);
        if (str_starts(str_slice(s, blanks, s.n), str_c(marks[i])) && (blanks + n == s.n || white(s.p[blanks + n])))
            return blanks + n;
    }
    return tab || blanks >= 3 ? blanks : 0;
}

/* "Tel:" whose number stands in the next cell. */
static bool lone_label(struct str text, struct arena *arena)
{
    struct str trimmed = str_trim(text);
    uint32_t kinds = ocr_mail_cue_whole(contact_text_fold(trimmed, arena));
    return (kinds >> OCR_MAIL_CUE_LABEL & 1) || str_ends(trimmed, STR(":"));
}

/* Frames around boxes and stars around bold text. */
static struct str without_frame(struct str text)
{
    static const char frame[] = "|*#>/\\_=~";
    size_t from = 0, to = text.n;
    while (from < to && (white(text.p[from]) || strchr(frame, text.p[from])))
        from++;
    while (to > from && (white(text.p[to - 1]) || strchr("|*#\\_=~", text.p[to - 1])))
        to--;
    return str_slice(text, from, to);
}

/* Leaves out "<http://…>" and "<mailto:…>" right behind the text they are the link of, and "[cid:…]". */
static struct str without_links(struct str text, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    if (!memchr(text.p, '<', text.n) && !memchr(text.p, '[', text.n))
        return text;
    bool image = false;
    for (size_t i = 0; i < text.n;) {
        struct str s = str_slice(text, i, text.n);
        bool link = str_starts(s, STR("<http")) || str_starts(s, STR("<mailto:"));
        bool picture = str_starts(s, STR("[cid:")) || str_starts(s, STR("[Image")) || str_starts(s, STR("[image"));
        const char *end = link || picture ? memchr(s.p, link ? '>' : ']', s.n) : NULL;
        bool behind = i > 0 && !white(text.p[i - 1]);
        if (end && (picture || behind || image)) {
            i += (size_t)(end - s.p) + 1;
            image = picture;
            strbuf_add_char(&buf, ' ');
            continue;
        }
        image = false;
        strbuf_add_char(&buf, text.p[i++]);
    }
    return strbuf_str(&buf);
}

static size_t cells_of(struct str text, struct arena *arena, struct cell *cells)
{
    size_t n = 0, from = 0, column = 0, start = 0;
    for (size_t i = 0; i <= text.n;) {
        size_t gap = i == text.n ? 1 : i > from ? divider(str_slice(text, i, text.n)) : 0;
        bool open = n + 1 < CELLS && !(i < text.n && lone_label(str_slice(text, from, i), arena));
        if (gap && (i == text.n || open)) {
            struct str cell = without_frame(str_slice(text, from, i));
            if (cell.n)
                cells[n++] = (struct cell){ocr_mail_line_cut(cell, CELL_BYTES), start};
            from = i + gap;
            start = column + gap;
        }
        size_t step = gap ? gap : 1;
        column += i < text.n && text.p[i] == '\t' ? TAB : step;
        i += step;
    }
    return n;
}

/* What of a cell a field may come from; empty when nothing. */
static struct str useful(struct maker *m, struct str text)
{
    struct str fold = contact_text_fold(text, m->arena);
    struct ocr_mail_cues cues = ocr_mail_cues_of(fold);
    bool went_on = m->goes_on;
    bool law = cues.anywhere >> OCR_MAIL_CUE_LEGAL & 1;
    m->goes_on = (law || went_on) && text.n && (str_ends(text, STR(",")) || str_ends(text, STR(":")));
    if (!m->legal && (law || went_on))
        return STR("");
    if (cues.first >> OCR_MAIL_CUE_MOBILE & 1 || cues.anywhere >> OCR_MAIL_CUE_SOCIAL & 1 ||
        cues.count[OCR_MAIL_CUE_NOTICE] > 1 || cues.count[OCR_MAIL_CUE_PROSE] > 2)
        return STR("");
    size_t closing = cues.first_words[OCR_MAIL_CUE_CLOSING];
    if (!closing || cues.words > closing + 3)
        return text;
    for (size_t i = 0; i < closing && text.n; i++) { /* "Mfg Anna": the name */
        size_t k = 0;
        while (k < text.n && !white(text.p[k]))
            k++;
        text = ocr_mail_line_start(str_slice(text, k, text.n));
    }
    return text;
}

static void add_line(struct maker *m, struct str text, size_t column, size_t row, size_t place)
{
    struct ocr_line *line = &m->columns[place][m->n[place]++];
    struct str rest = text;
    size_t x = column;
    struct strbuf joined = {.arena = m->arena};
    *line = (struct ocr_line){.words = arena_array(m->arena, text.n / 2 + 1, sizeof *line->words), .height = HEIGHT};
    while (rest.n) {
        size_t n = 0;
        while (n < rest.n && !white(rest.p[n]))
            n++;
        if (n) {
            struct str word = str_slice(rest, 0, n);
            size_t letters = utf8_count(word);
            struct ocr_box box = {(double)(MARGIN + x * LETTER), (double)(MARGIN + row * ROW),
                                  (double)(letters * LETTER), HEIGHT};
            line->words[line->n++] = (struct ocr_word){.text = word, .confidence = 0.98, .box = box};
            if (joined.n)
                strbuf_add_char(&joined, ' ');
            strbuf_add(&joined, word);
            x += letters;
        }
        x += n < rest.n;
        rest = str_slice(rest, n + (n < rest.n), rest.n);
    }
    line->text = strbuf_str(&joined);
    line->box = (struct ocr_box){(double)(MARGIN + column * LETTER), (double)(MARGIN + row * ROW),
                                 (double)((x > column ? x - column : 1) * LETTER), HEIGHT};
    line->block = (int)place;
    m->lines++;
}

static void add_row(struct maker *m, struct str text, size_t row)
{
    struct cell cells[CELLS];
    size_t n =
        ocr_mail_rule(text) || ocr_mail_delimiter(text) ? 0 : cells_of(without_links(text, m->arena), m->arena, cells);
    for (size_t i = 0; i < n && m->lines < OCR_FIELDS_LINES; i++) {
        struct str kept = useful(m, cells[i].text);
        if (kept.n)
            add_line(m, contact_text_nfc(kept, m->arena), cells[i].column, row, i);
    }
}

struct ocr_page ocr_mail_page_of(const struct ocr_mail_lines *lines, const struct ocr_mail_ranges *ranges, bool legal,
                                 struct arena *arena)
{
    enum { ROWS = 120 };
    struct maker m = {.arena = arena, .legal = legal};
    struct ocr_page page = {.width = 2000, .height = MARGIN};
    size_t row = 0;
    for (size_t i = 0; i < CELLS; i++)
        m.columns[i] = arena_array(arena, ROWS, sizeof *m.columns[i]);
    for (size_t r = 0; r < ranges->n; r++, row++)
        for (size_t i = ranges->items[r].first; i <= ranges->items[r].last && row < ROWS; i++, row++)
            if (lines->items[i].zone == OCR_MAIL_AUTHOR)
                add_row(&m, lines->items[i].text, row);
    page.lines = arena_array(arena, m.lines, sizeof *page.lines);
    for (size_t i = 0; i < CELLS; i++) {
        memcpy(page.lines + page.n, m.columns[i], m.n[i] * sizeof *page.lines);
        page.n += m.n[i];
    }
    page.height += (double)(row * ROW);
    return page;
}

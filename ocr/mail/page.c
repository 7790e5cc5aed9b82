/* Rows of text to cells, cells to lines with boxes; see page.h. */
#include "ocr/mail/page.h"

#include "contact/text.h"
#include "ocr/fields/fields.h"
#include "ocr/fields/lexicon.h"
#include "ocr/mail/cells.h"
#include "ocr/mail/complete.h"
#include "ocr/mail/cues.h"
#include "ocr/mail/quote.h"

enum { LETTER = 10, HEIGHT = 20, ROW = 30, MARGIN = 20, LINES = 100 };

struct maker {
    struct arena *arena;
    bool legal, goes_on;    /* the line above was of the law and its list of names is not at its end */
    struct ocr_line *lines; /* row by row; block is the column */
    size_t n;
};

static bool white(char c)
{
    return c == ' ' || c == '\t';
}

/* "4. Obergeschoss, Raum O 574": where in the house, which no field says. */
static bool room(struct str fold, const struct ocr_mail_cues *cues)
{
    static const char *const words[] = {"raum",  "zimmer", "etage",   "obergeschoss", "stock",
                                        "floor", "room",   "gebaude", "building"};
    struct str rest = fold, word;
    bool found = false;
    if (str_starts(fold, STR("p o box")) || str_starts(fold, STR("po box")) || str_starts(fold, STR("postfach")))
        return true;
    while (cues->words <= 8 && str_split(&rest, ' ', &word)) {
        if (ocr_lexicon_has(OCR_LEXICON_STREET_WORDS, word) || ocr_lexicon_ends(OCR_LEXICON_STREET_ENDINGS, word))
            return false;
        for (size_t i = 0; i < ARRAY_LEN(words); i++)
            found |= str_eq(word, str_c(words[i]));
    }
    return found && !(cues->anywhere >> OCR_MAIL_CUE_PROSE & 1);
}

/* Register, tax numbers, managers; but "Geschäftsführer" alone is a title. */
static bool of_the_law(struct str text, struct str fold, const struct ocr_mail_cues *cues)
{
    enum { TITLE_WORDS = 6 };
    struct str rest = fold, word;
    bool name = false, digits = false;
    if (!(cues->anywhere >> OCR_MAIL_CUE_LEGAL & 1))
        return false;
    if (str_starts(text, STR("Sitz:")) && cues->count[OCR_MAIL_CUE_LEGAL] == 1 && memchr(text.p, ',', text.n))
        return false; /* the address */
    for (size_t i = 0; i < text.n; i++)
        digits |= text.p[i] >= '0' && text.p[i] <= '9';
    while (str_split(&rest, ' ', &word))
        name |= ocr_lexicon_has(OCR_LEXICON_GIVEN_NAMES, word);
    return name || digits || memchr(text.p, ':', text.n) || cues->count[OCR_MAIL_CUE_LEGAL] > 1 ||
           cues->words > TITLE_WORDS;
}

/* "Kundennummer: 0123 4567", "IBAN: …": digits that call nobody. */
static bool other_number(struct str text, struct arena *arena)
{
    static const char *const ends[] = {"nummer",  "number", "nr",     "iban",  "bic",      "swift",
                                       "zeichen", "konto",  "ticket", "ustid", "steuernr", "order",
                                       "ref",     "vat",    "icq",    "siret", "matrikel"};
    static const char *const calls[] = {"tel", "fon", "phone", "fax", "ruf", "handy", "mobil"};
    const char *colon = text.n ? memchr(text.p, ':', text.n) : NULL;
    struct str label = colon ? contact_text_fold(str_slice(text, 0, (size_t)(colon - text.p)), arena) : STR("");
    bool other = false;
    if (label.n == 0 || label.n > 40)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        other |= str_ends(label, str_c(ends[i]));
    for (size_t i = 0; i < ARRAY_LEN(calls); i++)
        other = other && str_find(label, str_c(calls[i]), 0) < 0;
    return other;
}

/* "A dirty mind is a terrible thing to waste.": a motto, not what somebody does. */
static bool motto(struct str text, const struct ocr_mail_cues *cues)
{
    size_t small = 0, end = text.n;
    while (end > 0 && strchr("\"') ", text.p[end - 1]))
        end--;
    if (cues->words < 5 || end == 0)
        return false;
    if (text.p[0] == '"' || str_starts(text, STR("\xe2\x80\x9e")) || str_starts(text, STR("\xe2\x80\x9c")))
        return true;
    if (!strchr(".!?", text.p[end - 1]))
        return false;
    for (size_t i = 1; i < text.n; i++)
        small += text.p[i - 1] == ' ' && text.p[i] >= 'a' && text.p[i] <= 'z';
    return small * 2 > cues->words && !memchr(text.p, '@', text.n);
}

/* What of a cell a field may come from; empty when nothing. */
static struct str useful(struct maker *m, struct str text)
{
    struct str fold = contact_text_fold(text, m->arena);
    struct ocr_mail_cues cues = ocr_mail_cues_of(fold);
    bool went_on = m->goes_on;
    bool law = of_the_law(text, fold, &cues);
    m->goes_on = (law || went_on) && text.n && (str_ends(text, STR(",")) || str_ends(text, STR(":")));
    if (!m->legal && (law || went_on))
        return STR("");
    if (ocr_mail_numbered_part(text) || other_number(text, m->arena) || motto(text, &cues))
        return STR("");
    if (cues.first >> OCR_MAIL_CUE_MOBILE & 1 || cues.anywhere >> OCR_MAIL_CUE_SOCIAL & 1 ||
        cues.count[OCR_MAIL_CUE_NOTICE] > 1 || room(fold, &cues) || cues.count[OCR_MAIL_CUE_PROSE] > 2)
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

/* Upper edge of a piece: pieces of one column step down by half a line each. */
static double top_of(size_t row, const struct ocr_mail_cell *cell)
{
    return (double)(MARGIN + row * ROW) + (double)cell->below * (HEIGHT / 2.0);
}

static void add_line(struct maker *m, struct str text, const struct ocr_mail_cell *cell, size_t row)
{
    size_t column = cell->column, place = cell->place;
    struct ocr_line *line = &m->lines[m->n++];
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
            struct ocr_box box = {(double)(MARGIN + x * LETTER), top_of(row, cell), (double)(letters * LETTER), HEIGHT};
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
    line->box = (struct ocr_box){(double)(MARGIN + column * LETTER), top_of(row, cell),
                                 (double)((x > column ? x - column : 1) * LETTER), HEIGHT};
    line->block = (int)place;
}

/* "i. A.", "i.V.", "ppa." in front of a name: for whom somebody signs. */
static struct str without_mandate(struct str text)
{
    static const char *const marks[] = {"i. A. ", "i.A. ", "iA. ",  "I. A. ", "i. V. ",
                                        "i.V. ",  "ppa. ", "p.p. ", "pp. "};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (str_starts(text, str_c(marks[i])))
            return ocr_mail_line_start(str_slice(text, strlen(marks[i]), text.n));
    return text;
}

static void add_row(struct maker *m, struct str text, size_t row)
{
    struct ocr_mail_cell cells[OCR_MAIL_CELLS];
    size_t n = ocr_mail_rule(text) || ocr_mail_delimiter(text) ? 0 : ocr_mail_cells_of(text, m->arena, cells);
    for (size_t i = 0; i < n && m->n < LINES; i++) {
        struct str kept = useful(m, without_mandate(cells[i].text));
        if (kept.n)
            add_line(m, contact_text_nfc(kept, m->arena), &cells[i], row);
    }
}

static size_t filled(const struct ocr_mail_lines *lines, size_t from, size_t last)
{
    size_t n = 0;
    for (size_t i = from; i <= last; i++)
        n += lines->items[i].text.n > 0 && lines->items[i].zone == OCR_MAIL_AUTHOR &&
             !ocr_mail_rule(lines->items[i].text);
    return n;
}

/* Two to four words without digits, the first of them a known given name or one of `writer`: a person in full. */
static bool full_name(struct str text, struct str writer, struct arena *arena)
{
    struct str fold = contact_text_fold(ocr_mail_line_cut(text, OCR_MAIL_LOOK), arena), rest = fold, word;
    size_t words = ocr_mail_cues_of(fold).words;
    bool known = false;
    for (size_t i = 0; i < fold.n; i++)
        if (fold.p[i] >= '0' && fold.p[i] <= '9')
            return false;
    while (words >= 2 && words <= 4 && str_split(&rest, ' ', &word))
        known |= word.n > 2 && (ocr_lexicon_has(OCR_LEXICON_GIVEN_NAMES, word) || str_find(writer, word, 0) >= 0);
    return known;
}

static struct str last_word(struct str text)
{
    struct str s = str_trim(text);
    size_t from = s.n;
    while (from > 0 && !white(s.p[from - 1]))
        from--;
    return str_slice(s, from, s.n);
}

/* First line of a range that belongs to the card: what stands above a delimiter is the letter's own ending, but for the
 * name when only a company stands below. */
static size_t card_start(const struct ocr_mail_lines *lines, const struct ocr_mail_range *range, struct str writer,
                         struct arena *arena)
{
    size_t from = range->first;
    for (size_t i = range->first; i < range->last; i++) {
        if (!ocr_mail_delimiter(lines->items[i].text) || filled(lines, i + 1, range->last) < 2)
            continue;
        size_t above = i;
        bool below = false;
        while (above > from && lines->items[above - 1].text.n == 0)
            above--;
        struct str last = above > from ? last_word(lines->items[above - 1].text) : STR("");
        for (size_t k = i + 1, seen = 0; k <= range->last && seen < 4 && !below; k++) {
            struct str text = lines->items[k].text;
            below = full_name(text, writer, arena) || (last.n > 2 && str_find(text, last, 0) >= 0);
            seen += lines->items[k].text.n > 0;
        }
        bool only = !below && above > from && full_name(lines->items[above - 1].text, writer, arena);
        from = only ? above - 1 : i + 1;
    }
    return from;
}

struct ocr_page ocr_mail_page_of(const struct ocr_mail_lines *lines, const struct ocr_mail_ranges *ranges, bool legal,
                                 const struct ocr_mail_sender *sender, struct arena *arena)
{
    enum { ROWS = 120 };
    struct maker m = {.arena = arena, .legal = legal};
    struct ocr_page page = {.width = 2000, .height = MARGIN, .written = true};
    struct str writer = sender && sender->name.p ? contact_text_fold(sender->name, arena) : STR("");
    size_t row = 0;
    m.lines = arena_array(arena, LINES, sizeof *m.lines);
    size_t most = 0;
    for (size_t r = 0; r < ranges->n; r++) {
        size_t n = filled(lines, ranges->items[r].first, ranges->items[r].last);
        most = n > most ? n : most;
    }
    for (size_t r = 0; r < ranges->n; r++, row++) {
        if (most >= 3 && filled(lines, ranges->items[r].first, ranges->items[r].last) == 1)
            continue; /* a name under an answer in the middle; the signature says more */
        for (size_t i = card_start(lines, &ranges->items[r], writer, arena); i <= ranges->items[r].last && row < ROWS;
             i++, row++)
            if (lines->items[i].zone == OCR_MAIL_AUTHOR)
                add_row(&m, lines->items[i].text, row);
    }
    page.lines = arena_array(arena, m.n, sizeof *page.lines);
    for (int column = 0; column < OCR_MAIL_CELLS; column++)
        for (size_t i = 0; i < m.n; i++)
            if (m.lines[i].block == column)
                page.lines[page.n++] = m.lines[i];
    page.height += (double)(row * ROW);
    page.writer_name = sender ? sender->name : STR_NONE;
    page.writer_email = sender ? sender->email : STR_NONE;
    return page;
}

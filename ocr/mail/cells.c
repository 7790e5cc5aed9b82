/* Cuts rows; see cells.h. */
#include "ocr/mail/cells.h"

#include "contact/company.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/mail/complete.h"
#include "ocr/mail/cues.h"
#include "ocr/mail/lines.h"
#include "ocr/mail/render/html.h"

enum { TAB = 8, CELL_BYTES = 300, CUT_WORDS = 12, ROW_BYTES = 1200 /* longer rows are no signature's */ };

static bool white(char c)
{
    return c == ' ' || c == '\t';
}

/* An address begins here: two blanks in front of it are enough. */
static bool address_ahead(struct str s)
{
    size_t n = 0;
    while (n < s.n && !white(s.p[n]))
        n++;
    return str_starts(s, STR("http")) || str_starts(s, STR("www.")) || str_starts(s, STR("<")) || memchr(s.p, '@', n) ||
           (n + 4 < s.n && str_starts(str_slice(s, n, s.n), STR(" at ")));
}

/* Bytes of what divides cells at `s`: three blanks, a tab, a stroke or dots between blanks; 0 for none. */
static size_t divider(struct str s)
{
    static const char *const marks[] = {"|", "::", "\xe2\x80\xa2", "\xc2\xb7", "\xe2\x97\x8f", "\xe2\x80\x94",
                                        "*", "//", "||",           "."};
    size_t blanks = 0;
    bool tab = false;
    if (s.n == 0 || !white(s.p[0]))
        return 0;
    while (blanks < s.n && white(s.p[blanks])) {
        tab |= s.p[blanks] == '\t';
        blanks++;
    }
    for (size_t i = 0; blanks && i < ARRAY_LEN(marks); i++) {
        size_t n = strlen(marks[i]);
        if (str_starts(str_slice(s, blanks, s.n), str_c(marks[i])) && (blanks + n == s.n || white(s.p[blanks + n])))
            return blanks + n;
    }
    if (blanks == 2 && address_ahead(str_slice(s, blanks, s.n)))
        return blanks;
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
        bool apart = link && !behind && i > 0 && (size_t)(end ? end - s.p : 0) + 3 > s.n; /* ends the line */
        if (end && (picture || behind || image || apart)) {
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

/* Tags and entities that a program left in its plain text. */
static struct str without_tags(struct str text, struct arena *arena)
{
    bool tags =
        str_find(text, STR("<br"), 0) >= 0 || str_find(text, STR("</"), 0) >= 0 || str_find(text, STR("<p>"), 0) >= 0;
    bool entities = memchr(text.p, '&', text.n) && memchr(text.p, ';', text.n);
    struct str kept = tags || entities ? str_trim(ocr_mail_html_text(text, arena)) : text;
    return kept.n && !memchr(kept.p, '\n', kept.n) ? kept : tags ? STR("") : text;
}

/* Leaves out addresses that complete.h takes, with the label in front of them. */
static struct str without_odd(struct str text, struct arena *arena)
{
    if (!memchr(text.p, '@', text.n) && str_find(text, STR("www."), 0) < 0 && str_find(text, STR("://"), 0) < 0)
        return text;
    struct strbuf buf = {.arena = arena};
    struct str rest = text, word;
    bool left = false;
    while (str_split(&rest, ' ', &word)) {
        if (word.n && ocr_mail_odd_address(word, arena)) {
            left = true;
            continue;
        }
        if (buf.n)
            strbuf_add_char(&buf, ' ');
        strbuf_add(&buf, word);
    }
    struct str kept = buf.n ? strbuf_str(&buf) : STR("");
    return left && lone_label(kept, arena) ? STR("") : kept;
}

static bool lexicon(struct str fold, enum ocr_lexicon list)
{
    struct str rest = fold, word;
    while (str_split(&rest, ' ', &word))
        if (ocr_lexicon_has(list, word))
            return true;
    return false;
}

static bool role(struct str fold)
{
    return lexicon(fold, OCR_LEXICON_JOB_WORDS);
}

static bool legal_form(struct str text, struct arena *arena)
{
    struct contact_company form;
    contact_company_form(text, arena, &form);
    return form.n > 0 && form.legal.n > 1;
}

static bool company(struct str fold)
{
    return lexicon(fold, OCR_LEXICON_ORGANIZATION_WORDS) || lexicon(fold, OCR_LEXICON_ORGANIZATION_ENDINGS);
}

/* "EWS": the short name of a house. */
static bool acronym(struct str text)
{
    static const char *const degrees[] = {"MBA",   "CFA", "PHD",  "MD",   "PMP", "CPA",
                                          "MRICS", "USA", "EMEA", "DACH", "IT",  "HR"};
    struct str s = str_trim(text);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 'A' || s.p[i] > 'Z')
            return false;
    for (size_t i = 0; i < ARRAY_LEN(degrees); i++)
        if (str_eq(s, str_c(degrees[i])))
            return false;
    return s.n >= 3 && s.n <= 6;
}

/* What joins two things in one cell. */
enum joint { COMMA, DASH, AT };

/* Whether two texts beside a comma or dash are two things: title and company, company and town, name and the rest. */
static bool two_things(struct str a, struct str b, enum joint joint, struct arena *arena)
{
    struct str left = contact_text_fold(a, arena), right = contact_text_fold(b, arena);
    size_t words = ocr_mail_cues_of(left).words;
    if (str_empty(left) || str_empty(right) || words > CUT_WORDS)
        return false;
    if (joint == AT)
        return role(left) && ocr_mail_cues_of(right).words <= 5 && b.p[0] >= 'A' && b.p[0] <= 'Z' &&
               !str_starts(right, STR("la")); /* "Attorney at Law", "Editor at Large" */
    if (joint == DASH)
        return (words >= 2 && words <= 5 && lexicon(left, OCR_LEXICON_GIVEN_NAMES) && !company(left)) ||
               memchr(a.p, '@', a.n) || str_find(b, STR("://"), 0) >= 0;
    bool legal = legal_form(a, arena), department = lexicon(right, OCR_LEXICON_DEPARTMENT_WORDS);
    if (role(left) && !legal && (legal_form(b, arena) || acronym(b)))
        return true;
    if (role(left) && !company(left) && (company(right) || department) && !role(right))
        return true;
    if (lexicon(left, OCR_LEXICON_DEPARTMENT_WORDS) && str_find(right, STR("univers"), 0) >= 0)
        return true;
    return legal && ocr_lexicon_has(OCR_LEXICON_CITIES, right);
}

/* Bytes of a comma, a dash or "at" with its blanks at `s`. */
static size_t seam(struct str s, enum joint *ret_joint)
{
    static const struct {
        const char *text;
        enum joint joint;
    } rows[] = {{" - ", DASH}, {" \xe2\x80\x93 ", DASH}, {", ", COMMA}, {" @ ", AT}, {" at ", AT}, {" bei ", AT}};
    if (s.n == 0 || (s.p[0] != ' ' && s.p[0] != ','))
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_starts(s, str_c(rows[i].text))) {
            *ret_joint = rows[i].joint;
            return strlen(rows[i].text);
        }
    return 0;
}

/* Adds the text, cut at the seams between different things, as pieces of one column. */
static size_t add_pieces(struct ocr_mail_cell *cells, size_t n, struct ocr_mail_cell whole, struct arena *arena)
{
    struct str text = without_odd(without_frame(whole.text), arena);
    size_t from = 0, below = 0;
    for (size_t i = 0; i < text.n; i++) {
        enum joint joint = COMMA;
        size_t gap = seam(str_slice(text, i, text.n), &joint);
        if (!gap || n + 1 >= OCR_MAIL_CELLS ||
            !two_things(str_slice(text, from, i), str_slice(text, i + gap, text.n), joint, arena))
            continue;
        cells[n++] = (struct ocr_mail_cell){str_trim(str_slice(text, from, i)), whole.column, whole.place, below++};
        from = i + gap;
        i = from - 1;
    }
    struct str rest = ocr_mail_line_cut(str_trim(str_slice(text, from, text.n)), CELL_BYTES);
    if (rest.n && n < OCR_MAIL_CELLS)
        cells[n++] = (struct ocr_mail_cell){rest, whole.column, whole.place, below};
    return n;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "26919 Brake": a postal code in front of a word. */
static bool code_and_town(struct str s)
{
    size_t n = 0;
    while (n < s.n && digit(s.p[n]))
        n++;
    return (n == 4 || n == 5) && n + 3 < s.n && s.p[n] == ' ' &&
           ((s.p[n + 1] >= 'A' && s.p[n + 1] <= 'Z') || (unsigned char)s.p[n + 1] >= 0xC3);
}

/* "Muster-Straße 31", "Elbchaussee 212a": ends with the number of a house and is no telephone number. */
static bool street_and_number(struct str s)
{
    size_t to = s.n, digits = 0;
    if (to > 1 && s.p[to - 1] >= 'a' && s.p[to - 1] <= 'h')
        to--;
    while (to > 0 && digit(s.p[to - 1])) {
        to--;
        digits++;
    }
    bool more = false;
    for (size_t i = 0; i < to; i++)
        more |= digit(s.p[i]) || s.p[i] == ':';
    return digits > 0 && digits <= 4 && to > 4 && s.p[to - 1] == ' ' && !more;
}

/* Street and town that a stroke or blanks divide are one address. */
static size_t join_addresses(struct ocr_mail_cell *cells, size_t n, struct arena *arena)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept && code_and_town(cells[i].text) && street_and_number(cells[kept - 1].text))
            cells[kept - 1].text =
                str_printf(arena, "%.*s, %.*s", STR_ARG(cells[kept - 1].text), STR_ARG(cells[i].text));
        else
            cells[kept++] = cells[i];
    }
    return kept;
}

/* "19925 Stevens Creek Blvd. Cupertino, CA 95014" with the comma that it lacks behind the street. */
static struct str with_comma(struct str text, struct arena *arena)
{
    static const char *const ends[] = {" Blvd. ",  " Blvd ", " Street ", " St. ",  " St ",
                                       " Avenue ", " Ave. ", " Ave ",    " Road ", " Rd. ",
                                       " Drive ",  " Dr. ",  " Lane ",   " Way ",  " Court "};
    const char *comma = text.n > 12 && digit(text.p[0]) ? memchr(text.p, ',', text.n) : NULL;
    if (!comma || text.n - (size_t)(comma - text.p) > 16 || !digit(text.p[text.n - 1]))
        return text;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        ptrdiff_t at = str_find(text, str_c(ends[i]), 0);
        size_t behind = at >= 0 ? (size_t)at + strlen(ends[i]) : 0;
        if (at > 0 && text.p + behind < comma && text.p[behind] >= 'A' && text.p[behind] <= 'Z')
            return str_printf(arena, "%.*s, %.*s", STR_ARG(str_slice(text, 0, behind - 1)),
                              STR_ARG(str_slice(text, behind, text.n)));
    }
    return text;
}

size_t ocr_mail_cells_of(struct str row, struct arena *arena, struct ocr_mail_cell cells[OCR_MAIL_CELLS])
{
    struct str text = without_tags(without_links(ocr_mail_line_cut(row, ROW_BYTES), arena), arena);
    size_t n = 0, from = 0, column = 0, start = 0, place = 0;
    for (size_t i = 0; i <= text.n;) {
        size_t gap = i == text.n ? 1 : i > from ? divider(str_slice(text, i, text.n)) : 0;
        bool open = gap && place + 1 < OCR_MAIL_CELLS && !(i < text.n && lone_label(str_slice(text, from, i), arena));
        if (gap && (i == text.n || open)) {
            size_t before = n;
            n = add_pieces(cells, n, (struct ocr_mail_cell){str_slice(text, from, i), start, place, 0}, arena);
            place += n > before;
            from = i + gap;
            start = column + gap;
        }
        size_t step = gap ? gap : 1;
        column += i < text.n && text.p[i] == '\t' ? TAB : step;
        i += step;
    }
    for (size_t i = 0; i < n; i++)
        cells[i].text = with_comma(cells[i].text, arena);
    return join_addresses(cells, n, arena);
}

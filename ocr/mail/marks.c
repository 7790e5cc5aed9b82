/* Marks of lines; see marks.h. */
#include "ocr/mail/marks.h"

#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/mail/cues.h"
#include "ocr/mail/quote.h"

#define BIT(mark) ((uint64_t)1 << OCR_MAIL_MARK_##mark)

const char *const ocr_mail_mark_words[OCR_MAIL_MARKS] = {
#define X(name, weight, enter, leave) #name,
#include "ocr/mail/model.def"
#undef X
};

enum {
    WORDS = 24,
    LEXICON_WORDS = 10, /* longer lines are no names, titles, companies */
    LONG = 90,
    NEAR = 4,
    CLOSING_REACH = 12,
    DELIMITER_REACH = 15,
    FAR = 30,
};

/* One line while it is looked at. */
struct view {
    struct str text, fold; /* without blanks in front; folded */
    const struct ocr_mail_cues *cues;
    struct str words[WORDS];  /* of fold */
    size_t n, capital, small; /* printed words; those that begin with a capital, with a small letter */
    size_t digits;
};

static struct view view_of(struct ocr_mail_line *line, struct arena *arena)
{
    struct view v = {.text = ocr_mail_line_start(line->text), .fold = ocr_mail_line_fold(line, arena)};
    struct str rest = v.fold, word;
    v.cues = ocr_mail_line_cues(line, arena);
    while (v.n < WORDS && str_split(&rest, ' ', &word))
        v.words[v.n++] = word;
    bool start = true;
    for (size_t at = 0; at < v.text.n && at < OCR_MAIL_LOOK;) {
        uint32_t c = utf8_next(v.text, &at);
        v.digits += c >= '0' && c <= '9';
        v.capital += start && contact_char_upper(c);
        v.small += start && contact_char_lower(c);
        start = c == ' ' || c == '\t' || c == '-' || c == '(' || c == '/' || c == '*';
    }
    return v;
}

static bool cue(const struct view *v, enum ocr_mail_cue kind)
{
    return v->cues->anywhere >> kind & 1;
}

static bool lexicon(const struct view *v, enum ocr_lexicon list)
{
    for (size_t i = 0; i < v->n; i++)
        if (ocr_lexicon_has(list, v->words[i]))
            return true;
    return false;
}

static bool lexicon_ends(const struct view *v, enum ocr_lexicon list)
{
    for (size_t i = 0; i < v->n; i++)
        if (ocr_lexicon_ends(list, v->words[i]))
            return true;
    return false;
}

static bool has(struct str text, const char *bytes)
{
    return str_find(text, str_c(bytes), 0) >= 0;
}

static bool digits_only(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < '0' || word.p[i] > '9')
            return false;
    return word.n > 0;
}

static bool is_email(struct str text)
{
    ptrdiff_t at = str_find(text, STR("@"), 0);
    return at > 0 && (size_t)at + 3 < text.n && text.p[at - 1] > 0x20 && text.p[at + 1] > 0x20;
}

/* Cells: three blanks, a tab or a stroke between words. */
static bool columns(struct str text)
{
    static const char *const marks[] = {" | ", " \xe2\x80\xa2 ", " \xc2\xb7 ", " :: ", " * ", "   "};
    for (size_t at = 0; at < text.n; at++) {
        if (text.p[at] == '\t')
            return true;
        for (size_t i = 0; text.p[at] == ' ' && i < ARRAY_LEN(marks); i++)
            if (str_starts(str_slice(text, at, text.n), str_c(marks[i])))
                return true;
    }
    return false;
}

static bool item(struct str text)
{
    bool bullet = text.n > 2 && (text.p[0] == '-' || text.p[0] == '*') && text.p[1] == ' ';
    bool number = text.n > 3 && text.p[0] >= '0' && text.p[0] <= '9' && (text.p[1] == '.' || text.p[1] == ')') &&
                  text.p[2] == ' ';
    return bullet || number || str_starts(text, STR("\xe2\x80\xa2")) || str_starts(text, STR("\xe2\x97\x8f"));
}

static bool code(struct str text)
{
    static const char *const signs[] = {";", "{", "}", "()", "==", "->", "=>", "<!--", "</", "$ ", "/usr", "+++"};
    size_t n = 0;
    bool any = false;
    for (size_t i = 0; i < text.n && !any; i++)
        any = strchr(";{}(=-<$/+", text.p[i]) != NULL;
    for (size_t i = 0; any && i < ARRAY_LEN(signs); i++)
        n += has(text, signs[i]);
    return n >= 2 || str_ends(text, STR(";")) || str_ends(text, STR("{")) || str_starts(text, STR("$ "));
}

/* Street with a number, or a postal code in front of a word. */
static bool place(const struct view *v)
{
    if (v->digits == 0 || v->n < 2)
        return false;
    for (size_t i = 0; i + 1 < v->n; i++)
        if (digits_only(v->words[i]) && v->words[i].n >= 4 && v->words[i].n <= 5 && !digits_only(v->words[i + 1]) &&
            v->words[i + 1].n > 2 && v->n <= LEXICON_WORDS && !cue(v, OCR_MAIL_CUE_LABEL))
            return true;
    return lexicon(v, OCR_LEXICON_STREET_WORDS) || lexicon_ends(v, OCR_LEXICON_STREET_ENDINGS);
}

static bool phone(const struct view *v)
{
    bool label = cue(v, OCR_MAIL_CUE_LABEL), plus = has(v->text, "+");
    bool area = v->text.n > 1 && v->text.p[0] == '(' && v->text.p[1] >= '0' && v->text.p[1] <= '9';
    return v->digits >= 6 && v->digits <= 60 && (label || plus || area || v->text.p[0] == '0');
}

static bool label(const struct view *v)
{
    const char *colon = memchr(v->text.p, ':', v->text.n < 24 ? v->text.n : 24);
    bool blank = v->cues->first >> OCR_MAIL_CUE_LABEL & 1 && (v->digits > 4 || is_email(v->text));
    return blank || (colon && v->cues->first >> OCR_MAIL_CUE_LABEL & 1);
}

static uint64_t name_marks(const struct view *v)
{
    uint64_t marks = 0;
    bool plain = v->digits == 0 && v->capital > 0 && !has(v->text, "@") && !str_ends(v->text, STR(":"));
    bool end = str_ends(v->text, STR("?"));
    if (!plain || end || cue(v, OCR_MAIL_CUE_GREETING))
        return 0;
    if (v->n >= 2 && v->n <= 7 && v->small <= 2 && lexicon(v, OCR_LEXICON_GIVEN_NAMES))
        marks |= BIT(NAME);
    if (v->n <= 2 && v->text.n <= 24 && !cue(v, OCR_MAIL_CUE_CLOSING))
        marks |= BIT(WORD);
    if (v->n == 1 && lexicon(v, OCR_LEXICON_GIVEN_NAMES))
        marks |= BIT(NAME);
    if (v->n == 1 && v->text.n > 2 && strchr("-/~", v->text.p[0]) && v->text.p[1] != ' ')
        marks |= BIT(SIGNED);
    return marks;
}

static uint64_t word_marks(const struct view *v)
{
    uint64_t marks = name_marks(v);
    if (v->n > LEXICON_WORDS)
        return marks;
    if (lexicon(v, OCR_LEXICON_JOB_WORDS) || lexicon(v, OCR_LEXICON_DEPARTMENT_WORDS) ||
        lexicon_ends(v, OCR_LEXICON_JOB_ENDINGS))
        marks |= BIT(ROLE);
    if (lexicon(v, OCR_LEXICON_ORGANIZATION_WORDS) || lexicon_ends(v, OCR_LEXICON_ORGANIZATION_ENDINGS))
        marks |= BIT(COMPANY);
    if (place(v))
        marks |= BIT(PLACE);
    return marks;
}

static uint64_t sentence_marks(const struct view *v)
{
    uint64_t marks = 0;
    size_t prose = v->cues->count[OCR_MAIL_CUE_PROSE];
    if (prose >= 2 || (prose == 1 && v->n >= 5))
        marks |= BIT(PROSE);
    if (v->n > 7 && v->small > v->capital)
        marks |= BIT(SENTENCE);
    if (str_ends(v->text, STR("?")) || str_ends(v->text, STR("!")))
        marks |= BIT(QUESTION);
    if (utf8_count(v->text) > LONG)
        marks |= BIT(LONG);
    if (item(v->text))
        marks |= BIT(ITEM);
    if (code(v->text))
        marks |= BIT(CODE);
    if (v->capital > 1 && v->small == 0)
        marks |= BIT(CAPITALS);
    return marks;
}

static uint64_t closing_marks(const struct view *v)
{
    size_t words = v->cues->first_words[OCR_MAIL_CUE_CLOSING];
    if (!words || v->n > words + 3 || v->digits)
        return 0;
    if (v->n == words)
        return BIT(CLOSING);
    bool named = v->capital > (words < 3 ? 1 : 2) ||
                 (v->n == words + 1 && v->words[0].n <= 3 && !cue(v, OCR_MAIL_CUE_PROSE)); /* "Mfg anna" */
    return named ? BIT(CLOSING_NAME) : v->n <= words + 2 ? BIT(CLOSING) : 0;
}

/* A word of the sender's name or address; in a short line also the end of one: "awhite" for "White". */
static bool names_sender(const struct view *v, struct str sender)
{
    enum { SHORT = 3, PART = 4 };
    struct str rest = sender, word;
    while (v->n <= 8 && str_split(&rest, ' ', &word))
        for (size_t i = 0; word.n > 2 && i < v->n; i++)
            if (str_eq(v->words[i], word) || (v->n <= SHORT && v->digits == 0 && v->small == 0 &&
                                              v->words[i].n >= PART && str_ends(word, v->words[i])))
                return true;
    return false;
}

static uint64_t own_marks(const struct view *v, struct str sender)
{
    uint64_t marks = BIT(BIAS);
    const struct {
        bool is;
        uint64_t mark;
    } rows[] = {
        {is_email(v->text), BIT(EMAIL)},
        {has(v->text, "www.") || has(v->text, "http://") || has(v->text, "https://"), BIT(URL)},
        {phone(v), BIT(PHONE)},
        {label(v), BIT(LABEL)},
        {cue(v, OCR_MAIL_CUE_LEGAL), BIT(LEGAL)},
        {cue(v, OCR_MAIL_CUE_SOCIAL), BIT(SOCIAL)},
        {v->cues->first >> OCR_MAIL_CUE_MOBILE & 1, BIT(MOBILE)},
        {memchr(v->text.p, '[', v->text.n) &&
             (has(v->text, "[cid:") || has(v->text, "[Image") || has(v->text, "[image") || has(v->text, "[logo")),
         BIT(IMAGE)},
        {columns(v->text), BIT(COLUMNS)},
        {v->cues->first >> OCR_MAIL_CUE_GREETING & 1, BIT(GREETING)},
        {v->cues->first >> OCR_MAIL_CUE_PS & 1, BIT(PS)},
        {cue(v, OCR_MAIL_CUE_NOTICE) || cue(v, OCR_MAIL_CUE_LIST), BIT(NOTICE)},
        {names_sender(v, sender), BIT(SENDER)},
    };
    if (ocr_mail_delimiter(v->text))
        return marks | BIT(DELIMITER);
    if (ocr_mail_rule(v->text))
        return marks | BIT(RULE);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        marks |= rows[i].is ? rows[i].mark : 0;
    return marks | word_marks(v) | sentence_marks(v) | closing_marks(v);
}

static bool line_blank(const struct ocr_mail_lines *lines, size_t i)
{
    return i >= lines->n || lines->items[i].zone != OCR_MAIL_AUTHOR || ocr_mail_line_start(lines->items[i].text).n == 0;
}

static const uint64_t contact_marks = BIT(EMAIL) | BIT(URL) | BIT(PHONE) | BIT(LEGAL) | BIT(PLACE);

static uint64_t near_marks(const struct ocr_mail_points *points, size_t i)
{
    size_t near = 0;
    for (size_t k = i > NEAR ? i - NEAR : 0; k < points->n && k <= i + NEAR; k++)
        near += k != i && (points->items[k].marks & contact_marks) != 0;
    return (near ? BIT(CONTACTS_NEAR) : 0) | (near >= 3 ? BIT(CONTACTS_MANY) : 0);
}

static uint64_t mobile_marks(const struct ocr_mail_points *points, size_t i)
{
    bool below = i + 1 < points->n && ocr_mail_marked(points->items[i + 1].marks, OCR_MAIL_MARK_MOBILE);
    return below ? BIT(ABOVE_MOBILE) : 0;
}

/* Marks that come from the lines above. */
static void mark_downwards(struct ocr_mail_points *points)
{
    size_t closing = 0, delimiter = 0; /* lines since */
    for (size_t i = 0; i < points->n; i++) {
        struct ocr_mail_point *p = &points->items[i];
        closing = closing && closing < CLOSING_REACH ? closing + 1 : 0;
        delimiter = delimiter && delimiter < DELIMITER_REACH ? delimiter + 1 : 0;
        p->marks |= closing == 2 ? BIT(BELOW_CLOSING) : 0;
        p->marks |= closing ? BIT(AFTER_CLOSING) : 0;
        p->marks |= delimiter ? BIT(AFTER_DELIMITER) : 0;
        p->marks |= i > 0 && ocr_mail_marked(points->items[i - 1].marks, OCR_MAIL_MARK_RULE) ? BIT(BELOW_RULE) : 0;
        if (p->marks & (BIT(CLOSING) | BIT(CLOSING_NAME)))
            closing = 1;
        if (p->marks & BIT(DELIMITER))
            delimiter = 1;
        if ((p->marks & BIT(PROSE)) && (p->marks & BIT(SENTENCE)))
            closing = 0;
    }
}

/* Marks that come from the lines below, run by run. */
static void mark_upwards(struct ocr_mail_points *points)
{
    size_t left = 0, prose = 0, closing = 0;
    for (size_t i = points->n; i-- > 0;) {
        struct ocr_mail_point *p = &points->items[i];
        p->marks |= (left < 1 ? BIT(LAST) : 0) | (left < 3 ? BIT(LAST_THREE) : 0) | (left < 10 ? BIT(LAST_TEN) : 0);
        p->marks |= left > FAR ? BIT(FAR) : 0;
        p->marks |= (prose ? BIT(PROSE_BELOW) : 0) | (closing ? BIT(CLOSING_BELOW) : 0);
        prose += (p->marks & BIT(PROSE)) && !(p->marks & (BIT(LEGAL) | BIT(PS)));
        closing += (p->marks & (BIT(CLOSING) | BIT(CLOSING_NAME))) != 0;
        left++;
        if (p->first)
            left = prose = closing = 0;
    }
}

struct ocr_mail_points *ocr_mail_points_of(struct ocr_mail_lines *lines, struct str sender, struct arena *arena)
{
    struct ocr_mail_points *points = arena_one(arena, struct ocr_mail_points);
    size_t skip = 0, seen = 0;
    bool between = true;
    for (size_t i = 0; i < lines->n; i++)
        skip += !line_blank(lines, i);
    skip = skip > OCR_MAIL_POINTS ? skip - OCR_MAIL_POINTS : 0;
    for (size_t i = 0; i < lines->n; i++) {
        if (line_blank(lines, i)) {
            between |= lines->items[i].zone != OCR_MAIL_AUTHOR;
            continue;
        }
        if (seen++ < skip)
            continue;
        struct view v = view_of(&lines->items[i], arena);
        uint64_t marks = own_marks(&v, sender);
        bool above = i > 0 && line_blank(lines, i - 1), below = line_blank(lines, i + 1);
        marks |= (above ? BIT(BLANK_BEFORE) : 0) | (above && below ? BIT(LONE) : 0);
        marks |= above && i > 1 && line_blank(lines, i - 2) ? BIT(GAP_BEFORE) : 0;
        marks |= seen <= 2 ? BIT(OPENING) : 0;
        points->items[points->n++] = (struct ocr_mail_point){.line = i, .marks = marks, .first = between};
        between = false;
    }
    mark_downwards(points);
    for (size_t i = 0; i < points->n; i++)
        points->items[i].marks |= near_marks(points, i) | mobile_marks(points, i);
    mark_upwards(points);
    return points;
}

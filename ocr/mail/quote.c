/* Quoted text; see quote.h. */
#include "ocr/mail/quote.h"

#include "contact/text.h"
#include "ocr/mail/cues.h"

enum { INTRO_LINES = 4, BLOCK_LINES = 8, KEY = 24, INTRO_BYTES = 400 };

static bool prefixed(struct str text)
{
    struct str s = ocr_mail_line_start(text);
    return s.n > 0 && s.p[0] == '>';
}

static bool blank(const struct ocr_mail_line *line)
{
    return ocr_mail_line_start(line->text).n == 0;
}

/* First line at or behind i that is not blank; n when there is none. */
static size_t not_blank(const struct ocr_mail_lines *lines, size_t i)
{
    while (i < lines->n && blank(&lines->items[i]))
        i++;
    return i;
}

static void mark(struct ocr_mail_lines *lines, size_t from, size_t to)
{
    for (size_t i = from; i < to && i < lines->n; i++)
        lines->items[i].zone = OCR_MAIL_QUOTED;
}

/* A signature below a quote that no prefix ends is the author's when it begins with the name he signed with above. */
static void reclaim(struct ocr_mail_lines *lines, size_t from, struct arena *arena)
{
    enum { SIGNATURE_LINES = 20 };
    for (size_t i = from; i + 1 < lines->n; i++) {
        size_t next = not_blank(lines, i + 1);
        if (!ocr_mail_delimiter(lines->items[i].text) || next != i + 1 || lines->n - i > SIGNATURE_LINES)
            continue;
        struct str name = ocr_mail_line_fold(&lines->items[next], arena);
        bool signed_above = false;
        for (size_t k = 0; k < from && memchr(name.p, ' ', name.n); k++)
            signed_above |= lines->items[k].zone == OCR_MAIL_AUTHOR && lines->items[k].text.n > 0 &&
                            lines->items[k].text.n < KEY * 3 &&
                            str_eq(ocr_mail_line_fold(&lines->items[k], arena), name);
        for (size_t k = i; signed_above && k < lines->n; k++)
            lines->items[k].zone = prefixed(lines->items[k].text) ? OCR_MAIL_QUOTED : OCR_MAIL_AUTHOR;
        return;
    }
}

/* From what announces a quote: to the end, or, when prefixes say how far it goes, only the announcement. */
static void mark_from(struct ocr_mail_lines *lines, size_t from, size_t behind, struct arena *arena)
{
    size_t next = not_blank(lines, behind);
    bool prefixes = next < lines->n && prefixed(lines->items[next].text);
    mark(lines, from, prefixes ? behind : lines->n);
    if (!prefixes)
        reclaim(lines, from, arena);
}

static bool digit_or_at(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '@')
            return true;
    return false;
}

/* How an announcement begins that is wrapped over several lines: "On …", "Am …", a date. */
static bool opens(struct str line)
{
    static const char *const words[] = {"On ", "Am ",   "Le ",    "El ",      "Il ",   "Op ",    "Den ",  "Em ",
                                        "W ",  "Dnia ", "Zitat ", "Quoting ", "Von: ", "From: ", "Vom ",  "At ",
                                        "In ", "Mon, ", "Tue, ",  "Wed, ",    "Thu, ", "Fri, ",  "Sat, ", "Sun, "};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_starts(line, str_c(words[i])))
            return true;
    size_t digits = 0;
    while (digits < line.n && digits < 5 && line.p[digits] >= '0' && line.p[digits] <= '9')
        digits++;
    return digits > 0 && digits < 5 && digits + 1 < line.n && strchr("./-", line.p[digits]) &&
           line.p[digits + 1] >= '0' && line.p[digits + 1] <= '9';
}

/* Lines [i, i + *ret_n) announce a quote: "Am … schrieb …:". */
static bool introduces(const struct ocr_mail_lines *lines, size_t i, struct arena *arena, size_t *ret_n)
{
    struct strbuf text = {.arena = arena};
    for (size_t n = 1; n <= INTRO_LINES && i + n <= lines->n; n++) {
        struct str line = ocr_mail_line_start(lines->items[i + n - 1].text);
        if (line.n == 0 || text.n + line.n > INTRO_BYTES || prefixed(line) || (n == 2 && !opens(strbuf_str(&text))))
            return false;
        strbuf_add(&text, line);
        strbuf_add_char(&text, ' ');
        if (line.p[line.n - 1] != ':')
            continue;
        struct ocr_mail_cues cues = ocr_mail_cues_of(contact_text_fold(strbuf_str(&text), arena));
        size_t next = not_blank(lines, i + n);
        bool followed = next < lines->n && prefixed(lines->items[next].text);
        *ret_n = n;
        return (cues.anywhere >> OCR_MAIL_CUE_WROTE & 1) && (followed || digit_or_at(strbuf_str(&text)));
    }
    return false;
}

/* The word in front of the colon, without stars and blanks: kinds of cue of header blocks. */
static uint32_t key_kinds(struct str text, struct arena *arena)
{
    const uint32_t keys =
        1u << OCR_MAIL_CUE_FROM | 1u << OCR_MAIL_CUE_SENT | 1u << OCR_MAIL_CUE_TO | 1u << OCR_MAIL_CUE_SUBJECT;
    struct str s = ocr_mail_line_start(text);
    size_t n = 0;
    while (n < s.n && n < KEY && s.p[n] != ':' && s.p[n] != '\t')
        n++;
    if (n == s.n || n == KEY)
        return 0;
    return ocr_mail_cue_whole(contact_text_fold(str_slice(s, 0, n), arena)) & keys;
}

/* "02/23/2001 10:15 AM", "alle 10:15". */
static bool has_time(struct str s)
{
    for (size_t i = 1; i + 2 < s.n; i++)
        if (s.p[i] == ':' && s.p[i - 1] >= '0' && s.p[i - 1] <= '9' && s.p[i + 1] >= '0' && s.p[i + 1] <= '9' &&
            s.p[i + 2] >= '0' && s.p[i + 2] <= '9')
            return true;
    return false;
}

/* First of the lines above a block of "To:" and "Subject:" that say who wrote it and when, as Lotus Notes does; i when
 * there are none. */
static size_t named_above(const struct ocr_mail_lines *lines, size_t i, struct arena *arena)
{
    enum { UP = 4 };
    size_t from = i;
    if (key_kinds(lines->items[i].text, arena) >> OCR_MAIL_CUE_FROM & 1)
        return i; /* the block says so itself */
    for (size_t k = i; k > 0 && i - k < UP; k--) {
        struct str text = lines->items[k - 1].text;
        if (has_time(text) || (memchr(text.p ? text.p : "", '@', text.n) && text.n < INTRO_BYTES))
            from = k - 1;
    }
    if (from < i && from > 0 && !memchr(lines->items[from].text.p, '@', lines->items[from].text.n) &&
        !blank(&lines->items[from - 1]))
        from--; /* the name above its date */
    return from;
}

/* A header block begins here: at least three of its keys, the sender's among them. */
static bool header_block(const struct ocr_mail_lines *lines, size_t i, struct arena *arena, size_t *ret_n)
{
    uint32_t seen = key_kinds(lines->items[i].text, arena);
    size_t keys = 1, behind = i + 1;
    if (!seen || prefixed(lines->items[i].text))
        return false;
    for (size_t k = i + 1, passed = 0; k < lines->n && passed < BLOCK_LINES; k++) {
        if (blank(&lines->items[k]))
            continue;
        passed++;
        uint32_t kinds = key_kinds(lines->items[k].text, arena);
        keys += (kinds & ~seen) != 0;
        seen |= kinds;
        behind = kinds ? k + 1 : behind;
    }
    const uint32_t most = 1u << OCR_MAIL_CUE_TO | 1u << OCR_MAIL_CUE_SUBJECT;
    *ret_n = behind - i;
    return (keys >= 3 && (seen >> OCR_MAIL_CUE_FROM & 1)) ||
           ((seen & most) == most && named_above(lines, i, arena) < i);
}

/* What stands behind the key of a header's line, without quotes; cut before "<…>". */
static struct str header_value(struct str text)
{
    struct str s = ocr_mail_line_start(text);
    size_t n = 0;
    while (n < s.n && n < KEY && s.p[n] != ':' && s.p[n] != '\t')
        n++;
    while (n < s.n && strchr(":\t \"'*", s.p[n]))
        n++;
    s = str_slice(s, n, s.n);
    for (n = 0; n < s.n && s.p[n] != '"' && s.p[n] != '<';)
        n++;
    return str_trim(str_slice(s, 0, n));
}

/* A line above a header block that repeats its sender or subject, as Notes does: "Anna Muster --- Re: Angebot ---". */
static size_t with_heading(const struct ocr_mail_lines *lines, size_t from, size_t i, size_t n, struct arena *arena)
{
    enum { GAP = 2, SHORTEST = 6 };
    const uint32_t said = 1u << OCR_MAIL_CUE_FROM | 1u << OCR_MAIL_CUE_SUBJECT;
    size_t k = from;
    while (k > 0 && from - k < GAP && blank(&lines->items[k - 1]))
        k--;
    if (k == 0)
        return from;
    struct str above = lines->items[k - 1].text;
    for (size_t at = i; at < i + n && above.n < INTRO_BYTES; at++) {
        struct str value = header_value(lines->items[at].text);
        bool sender = value.n >= SHORTEST && memchr(value.p, ' ', value.n) && str_find(above, value, 0) >= 0;
        if (sender && value.n < above.n && key_kinds(lines->items[at].text, arena) & said)
            return k - 1;
    }
    return from;
}

/* "-----Original Message-----" and what other programs write; without dashes only the whole sentence will do. */
static bool original(struct ocr_mail_line *line, struct arena *arena)
{
    struct str s = ocr_mail_line_start(line->text);
    if (s.n < 8 || s.n > 120)
        return false;
    bool drawn = (s.p[0] == '-' || s.p[0] == '_' || s.p[0] == '=' || s.p[0] == '*') && s.p[1] == s.p[0];
    bool colon = s.p[s.n - 1] == ':';
    struct str fold = ocr_mail_line_fold(line, arena);
    if (!drawn && !colon)
        return ocr_mail_cue_whole(fold) >> OCR_MAIL_CUE_ORIGINAL & 1;
    return drawn ? ocr_mail_cues_of(fold).first >> OCR_MAIL_CUE_ORIGINAL & 1
                 : ocr_mail_cue_whole(fold) >> OCR_MAIL_CUE_ORIGINAL & 1;
}

/* A rule right above what announces a quote belongs to it. */
static size_t with_rule(const struct ocr_mail_lines *lines, size_t i)
{
    size_t k = i;
    while (k > 0 && blank(&lines->items[k - 1]) && i - k < 2)
        k--;
    return k > 0 && ocr_mail_rule(lines->items[k - 1].text) ? k - 1 : i;
}

static void mark_prefixes(struct ocr_mail_lines *lines)
{
    enum { WRAPPED = 2 };
    size_t before = lines->n; /* the last prefixed line */
    for (size_t i = 0; i < lines->n; i++) {
        if (!prefixed(lines->items[i].text)) {
            before = blank(&lines->items[i]) ? lines->n : before;
            continue;
        }
        if (before < i && i - before <= WRAPPED + 1)
            mark(lines, before, i); /* the ends of wrapped lines between */
        mark(lines, i, i + 1);
        before = i;
    }
}

void ocr_mail_quote_mark(struct ocr_mail_lines *lines, struct arena *arena)
{
    mark_prefixes(lines);
    for (size_t i = 0; i < lines->n; i++) {
        size_t n = 1;
        struct str text = lines->items[i].text;
        if (lines->items[i].zone == OCR_MAIL_QUOTED || text.n == 0 || text.n > INTRO_BYTES)
            continue;
        if (original(&lines->items[i], arena))
            mark_from(lines, with_rule(lines, i), i + n, arena);
        else if (header_block(lines, i, arena, &n))
            mark_from(lines, with_heading(lines, with_rule(lines, named_above(lines, i, arena)), i, n, arena), i + n,
                      arena);
        else if (introduces(lines, i, arena, &n))
            mark_from(lines, i, i + n, arena);
    }
}

bool ocr_mail_rule(struct str text)
{
    static const char marks[] = "-_*=~#+.<>/\\|";
    struct str s = ocr_mail_line_start(text);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool dash = (unsigned char)s.p[i] >= 0x80 && i + 2 < s.n && memcmp(s.p + i, "\xe2\x80", 2) == 0; /* – — */
        bool box = (unsigned char)s.p[i] >= 0x80 && i + 2 < s.n && memcmp(s.p + i, "\xe2\x94", 2) == 0;
        if (!dash && !box && s.p[i] != ' ' && !strchr(marks, s.p[i]))
            return false;
        n += s.p[i] != ' ';
        i += dash || box ? 2 : 0;
    }
    return n >= 4;
}

bool ocr_mail_delimiter(struct str text)
{
    static const char *const forms[] = {"--",    "-- ", "---", "\xe2\x80\x93", "\xe2\x80\x94", "*--*",
                                        "*-- *", "- -", "-"};
    struct str s = str_trim(text);
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (str_eq(s, str_c(forms[i])))
            return true;
    return false;
}

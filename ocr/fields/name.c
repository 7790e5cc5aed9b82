/* Persons' names on cards: titles before, degrees behind, particles, capitals; scored by lexicon, print size and mail.
 */
#include "contact/email.h"
#include "contact/text.h"
#include "ocr/fields/domain.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/lines.h"

#include <math.h>

enum { NAME_WORDS = 10 };
static const double UNREAD = 0.5; /* confidence of what is rather no text */

struct words {
    struct str text[NAME_WORDS], fold[NAME_WORDS];
    bool comma[NAME_WORDS]; /* a comma stood behind it */
    size_t n;
};

static bool cut_words(struct str text, struct arena *arena, struct words *ret_words)
{
    struct words words = {0};
    struct str rest = text, word;
    while (str_split(&rest, ' ', &word)) {
        bool comma = str_ends(word, STR(",")) || str_ends(word, STR(";"));
        if (comma)
            word.n--;
        if (str_empty(word))
            continue;
        if (words.n == NAME_WORDS)
            return false;
        words.text[words.n] = word;
        words.fold[words.n] = contact_text_fold(word, arena);
        words.comma[words.n++] = comma;
    }
    *ret_words = words;
    return words.n > 0;
}

static bool is_upper(struct str s)
{
    size_t upper = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t c = utf8_next(s, &at);
        if (contact_char_lower(c))
            return false;
        upper += contact_char_upper(c);
    }
    return upper > 0;
}

/* Letters, inner hyphens, apostrophes; a dot only at the end or between initials. */
static bool name_like(struct str s)
{
    size_t letters = 0, odd = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t c = utf8_next(s, &at);
        if (contact_char_letter(c))
            letters++;
        else if (c != '-' && c != '\'' && c != 0x2019 && c != '.' && c != 0x2010 && c != 0x60 && c != 0xB4)
            odd++;
    }
    return letters > 0 && odd == 0;
}

/* Every token of the folded word is in the list: "dipl ing". */
static bool all_in(enum ocr_lexicon list, struct str fold)
{
    struct str rest = fold, token;
    if (str_empty(fold))
        return false;
    if (ocr_lexicon_has(list, fold))
        return true;
    while (str_split(&rest, ' ', &token))
        if (!ocr_lexicon_has(list, token))
            return false;
    return true;
}

static bool is_prefix(const struct words *w, size_t i)
{
    static const char *const plain[] = {
        "dr",   "prof", "professor", "doctor", "doktor", "mr",     "mrs",  "ms",   "miss", "herr", "frau",
        "mag",  "ing",  "dipl",      "dott",   "sir",    "dame",   "mme",  "di",   "ddr",  "arch", "avv",
        "univ", "lic",  "pr",        "me",     "geom",   "maitre", "pd",   "shri", "smt",  "sri",  "engr",
        "ir",   "mgr",  "inz",       "lek",    "av",     "doc",    "mudr", "judr", "phdr", "mvdr", "dra",
        "drs",  "sra",  "dna",       "dona",   "licda",  "sig",    "dhr",  "mevr"};
    bool dotted = memchr(w->text[i].p, '.', w->text[i].n) != NULL;
    if (!all_in(OCR_LEXICON_NAME_PREFIXES, w->fold[i]))
        return false;
    /* A single letter with a dot is an initial, unless a title stands before it ("Dr. h. c."). */
    if (w->fold[i].n == 1)
        return dotted && i > 0 && i + 1 < w->n && all_in(OCR_LEXICON_NAME_PREFIXES, w->fold[i + 1]);
    if (dotted || (i > 0 && w->text[i].p[0] == '('))
        return true;
    for (size_t k = 0; k < ARRAY_LEN(plain); k++)
        if (str_eq(w->fold[i], str_c(plain[k])))
            return i + 1 < w->n && (w->fold[i].n > 2 || contact_text_starts_upper(w->text[i]) ||
                                    (i == 0 && contact_text_starts_upper(w->text[1])));
    return false;
}

static bool is_suffix(const struct words *w, size_t i)
{
    if (i == 0 || !all_in(OCR_LEXICON_NAME_SUFFIXES, w->fold[i]))
        return false;
    bool marked = memchr(w->text[i].p, '.', w->text[i].n) || w->text[i].p[0] == '(' || w->comma[i - 1];
    if (w->fold[i].n <= 2 && !marked)
        return is_upper(w->text[i]) && i >= 2 && !is_upper(w->text[i - 1]);
    return marked || is_upper(w->text[i]) || !ocr_lexicon_has(OCR_LEXICON_FAMILY_NAMES, w->fold[i]);
}

/* "Anna Muster ias": honours in small letters behind two capitalised words. */
static bool small_tail(const struct words *w, size_t from, size_t to)
{
    return to >= from + 3 && !contact_text_starts_upper(w->text[to - 1]) && w->fold[to - 1].n <= 5 &&
           contact_text_starts_upper(w->text[to - 2]) && !ocr_lexicon_has(OCR_LEXICON_PARTICLES, w->fold[to - 1]);
}

static struct str joined(const struct words *w, size_t from, size_t to, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = from; i < to; i++) {
        if (buf.n)
            strbuf_add_char(&buf, ' ');
        strbuf_add(&buf, w->text[i]);
    }
    return buf.n ? strbuf_str(&buf) : STR_NONE;
}

/* Capitals to title case, particles small: "ANNA VON DER HEIDE" -> "Anna von der Heide". */
static void lower_capitals(struct words *w, size_t from, size_t to, struct arena *arena)
{
    for (size_t i = from; i < to; i++) {
        bool particle = i > from && i + 1 < to && ocr_lexicon_has(OCR_LEXICON_PARTICLES, w->fold[i]);
        if (particle)
            w->text[i] = contact_text_lower(w->text[i], arena);
        else if (w->fold[i].n > 2 || (w->text[i].n == 2 && !memchr(w->text[i].p, '.', 2)))
            w->text[i] = contact_text_title(w->text[i], arena);
    }
}

/* First word of the family name among words [from, to). */
static size_t family_start(const struct words *w, size_t from, size_t to)
{
    for (size_t i = from + 1; i + 1 < to; i++)
        if (ocr_lexicon_has(OCR_LEXICON_PARTICLES, w->fold[i]) && !contact_text_starts_upper(w->text[i]))
            return i;
    for (size_t i = from + 1; i + 1 < to; i++)
        if (ocr_lexicon_has(OCR_LEXICON_PARTICLES, w->fold[i]) && w->fold[i].n >= 2 &&
            !ocr_lexicon_has(OCR_LEXICON_GIVEN_NAMES, w->fold[i]))
            return i;
    size_t caps = to;
    while (caps > from && is_upper(w->text[caps - 1]) && w->fold[caps - 1].n > 1)
        caps--;
    return caps > from && caps < to ? caps : to - 1;
}

static void split_name(struct words *w, size_t from, size_t to, struct arena *arena, struct ocr_name *name)
{
    bool all_caps = true, family_first = false;
    for (size_t i = from; i < to; i++)
        all_caps = all_caps && is_upper(w->text[i]);
    size_t lead = from;
    while (!all_caps && lead < to && is_upper(w->text[lead]) && w->fold[lead].n > 2)
        lead++;
    family_first = (lead > from && lead < to) || (w->comma[from] && to - from >= 2 && to - from <= 3);
    if (all_caps)
        lower_capitals(w, from, to, arena);
    size_t cut = family_first ? (lead > from ? lead : from + 1) : family_start(w, from, to);
    if (family_first) {
        lower_capitals(w, from, cut, arena);
        name->family = joined(w, from, cut, arena);
        name->given = joined(w, cut, to, arena);
        return;
    }
    if (!all_caps && cut > from) {
        bool caps = true;
        for (size_t i = cut; i < to; i++)
            caps = caps && is_upper(w->text[i]);
        if (caps)
            lower_capitals(w, cut, to, arena);
    }
    name->given = joined(w, from, cut, arena);
    name->family = joined(w, cut, to, arena);
}

/* "service" of "fleetcareservice", "sales" of "grovemotorsales": the mailbox is a firm's, and what else is in it its
 * name. */
static bool firm_mailbox(struct str local, struct str given, struct str family)
{
    size_t head = (size_t)str_find(local, given, 0), tail = (size_t)str_find(local, family, 0) + family.n;
    if (head + given.n + family.n > tail)
        return false;
    struct str rests[] = {str_slice(local, 0, head), str_slice(local, tail, local.n)};
    for (size_t i = 0; i < ARRAY_LEN(rests); i++)
        if (rests[i].n >= 4 &&
            (contact_email_role(rests[i]) || ocr_lexicon_has(OCR_LEXICON_ORGANIZATION_WORDS, rests[i]) ||
             ocr_lexicon_has(OCR_LEXICON_DEPARTMENT_WORDS, rests[i])))
            return true;
    return false;
}

/* How much a local part and one of the two spellings of a name have in common. */
static double mail_match(struct str local, struct str given, struct str family)
{
    struct str initial = str_slice(given, 0, 1);
    bool has_family = family.n >= 3 && str_find(local, family, 0) >= 0;
    bool has_given = given.n >= 3 && str_find(local, given, 0) >= 0;
    if (has_family && has_given)
        return firm_mailbox(local, given, family) ? 0 : 4;
    if (has_family)
        return initial.n && (str_starts(local, initial) || local.p[local.n - 1] == initial.p[0]) ? 3.5 : 2.8;
    if (has_given)
        return local.n == given.n ? 2.5 : family.n && local.n == given.n + 1 ? 3 : 1.8;
    size_t slack = family.n >= 7 ? 2 : 1;
    if (family.n >= 5 && given.n && local.n > 5) {
        size_t both = given.n + family.n, one = family.n + 1;
        struct str end = str_slice(local, local.n > family.n ? local.n - family.n : 0, local.n);
        if ((local.n + 2 > both || local.n + 1 >= one) && ocr_distance(end, family, slack) <= slack)
            return 2.5;
    }
    if (local.n == 2 && given.n && family.n && local.p[0] == given.p[0] && local.p[1] == family.p[0])
        return 1.5;
    if (local.n == 3 && given.n && family.n > 1 && local.p[0] == given.p[0] && local.p[1] == family.p[0] &&
        local.p[2] == family.p[1])
        return 1.5;
    return 0;
}

static struct str local_letters(struct str address, struct arena *arena)
{
    struct contact_email email;
    if (!contact_email_parse(address, arena, &email) || contact_email_role(email.local))
        return STR("");
    return contact_text_letters(email.local, arena);
}

void ocr_name_locals(struct ocr_look *look)
{
    const struct ocr_page *page = look->page;
    size_t n = 0;
    for (size_t i = 0; i < look->emails.n; i++)
        look->locals[n++] = local_letters(look->emails.items[i].value, look->arena);
    if (page->writer_email.p)
        look->locals[n++] = local_letters(page->writer_email, look->arena);
    if (page->writer_name.p)
        look->locals[n++] = contact_text_letters(page->writer_name, look->arena);
    look->locals_n = n;
}

/* The better of the two spellings of the name, with and without its marks. */
double ocr_name_mail(const struct ocr_look *look, struct str given, struct str family)
{
    struct arena *arena = look->arena;
    double best = 0;
    if (look->locals_n == 0)
        return 0;
    struct str written[] = {contact_text_letters(given, arena), contact_text_letters(family, arena)};
    struct str plain[] = {ocr_domain_close(contact_text_fold(given, arena), arena),
                          ocr_domain_close(contact_text_fold(family, arena), arena)};
    for (size_t i = 0; i < look->locals_n; i++)
        if (look->locals[i].n >= 2)
            best = fmax(best, fmax(mail_match(look->locals[i], written[0], written[1]),
                                   mail_match(look->locals[i], plain[0], plain[1])));
    return best;
}

static bool given_known(struct str fold)
{
    struct str rest = fold, token;
    while (str_split(&rest, ' ', &token))
        if (ocr_lexicon_has(OCR_LEXICON_GIVEN_NAMES, token))
            return true;
    return false;
}

/* Words of titles, trades, streets. */
static size_t lists_against(struct str fold)
{
    static const enum ocr_lexicon against[] = {OCR_LEXICON_JOB_WORDS,        OCR_LEXICON_ORGANIZATION_WORDS,
                                               OCR_LEXICON_DEPARTMENT_WORDS, OCR_LEXICON_NOT_NAMES,
                                               OCR_LEXICON_STREET_WORDS,     OCR_LEXICON_BUILDING_WORDS};
    size_t n = 0;
    for (size_t k = 0; k < ARRAY_LEN(against); k++)
        n += ocr_lexicon_has(against[k], fold);
    return n;
}

static double word_score(const struct words *w, size_t i)
{
    bool family = ocr_lexicon_has(OCR_LEXICON_FAMILY_NAMES, w->fold[i]);
    double score = 0;
    if (lists_against(w->fold[i]))
        score = family || given_known(w->fold[i]) ? -0.8 : -2.2;
    if (ocr_lexicon_ends(OCR_LEXICON_JOB_ENDINGS, w->fold[i]) && !family)
        score -= 1.5;
    if (!contact_text_starts_upper(w->text[i]) && !ocr_lexicon_has(OCR_LEXICON_PARTICLES, w->fold[i]))
        score -= 1.2;
    return score;
}

/* What the mailbox says of the name. */
static double mail_says(const struct ocr_look *look, const struct ocr_name *name)
{
    return ocr_name_mail(look, name->given.p ? name->given : STR(""), name->family.p ? name->family : STR(""));
}

static double name_score(const struct ocr_look *look, const struct words *w, size_t from, size_t to,
                         const struct ocr_name *name)
{
    double score = -1.0;
    size_t n = to - from;
    bool known = false, family = false, trade = n > 1;
    for (size_t i = from; i < to; i++) {
        trade = trade && lists_against(w->fold[i]);
        score += word_score(w, i);
        known = known || (i + 1 < to || n == 1 ? given_known(w->fold[i]) : false);
        bool listed = i > from && ocr_lexicon_has(OCR_LEXICON_FAMILY_NAMES, w->fold[i]);
        score += listed ? 0.5 : 0;
        family = family || listed;
    }
    if (n > 1 && utf8_count(w->fold[to - 1]) < 2)
        score -= 1.5;
    if (given_known(w->fold[from]))
        score += 2.2;
    else if (known || given_known(w->fold[to - 1]))
        score += 1.0;
    score += n == 2 ? 0.8 : n == 3 ? 0.4 : n == 1 ? -1.5 : n == 4 ? -0.2 : -1.5;
    if (name->prefix.p)
        score += 1.5;
    if (name->suffix.p)
        score += 0.6;
    if (n > 1 && w->fold[from].n == 1 && w->text[from].n == 2 && w->text[from].p[1] == '.' &&
        utf8_count(w->fold[to - 1]) > 2)
        score += 1.2; /* "J. Muster" */
    double mail = mail_says(look, name);
    if (!known && !family && mail <= 0 && !name->prefix.p && !given_known(w->fold[from]))
        score -= 0.8; /* nothing but its looks */
    if (trade && mail <= 0 && !name->prefix.p)
        score -= 2; /* "Personal Loan", though both are names somewhere */
    return score + mail;
}

/* Nothing stands above it. */
static bool first_row(const struct ocr_look *look, const struct ocr_text *text)
{
    const struct ocr_line *line = look->lines[text->spans[0].line].line;
    for (size_t i = 0; i < look->n; i++)
        if (look->lines[i].line->box.y < line->box.y)
            return false;
    return true;
}

/* Words of firms that no person's name has behind its first. */
static bool company_word(struct str fold)
{
    static const char *const words[] = {"co",   "ltd", "inc", "llc",     "llp",         "gmbh",    "plc",
                                        "corp", "pvt", "pte", "limited", "corporation", "company", "group"};
    return ocr_word_in(fold, words, ARRAY_LEN(words));
}

bool ocr_name_read(const struct ocr_look *look, const struct ocr_text *text, struct ocr_name *ret_name)
{
    struct words w;
    struct ocr_name name = {0};
    size_t from = 0, to;
    if (!cut_words(text->text, look->arena, &w))
        return false;
    while (from < w.n && is_prefix(&w, from))
        from++;
    to = w.n;
    while (to > from + 2 && w.text[to - 1].p[0] == '(' && str_ends(w.text[to - 1], STR(")")) && !is_suffix(&w, to - 1))
        w.n = --to; /* "(Kevin)", "(IIT Delhi)": not of the name */
    while (to > from + 1 && (is_suffix(&w, to - 1) || small_tail(&w, from, to)))
        to--;
    if (from == to || to - from > 6)
        return false;
    for (size_t i = from + 1; i + 1 < to; i++)
        if (is_prefix(&w, i) && w.fold[i].n > 1 && !ocr_lexicon_has(OCR_LEXICON_PARTICLES, w.fold[i]))
            return false; /* a title in the middle: two things in one line */
    for (size_t i = from + 1; i < w.n; i++)
        if (company_word(w.fold[i]))
            return false;
    for (size_t i = from; i < to; i++)
        if (!name_like(w.text[i]) || str_empty(w.fold[i]) || (w.comma[i] && i > from && i + 1 < to))
            return false;
    name.prefix = joined(&w, 0, from, look->arena);
    name.suffix = joined(&w, to, w.n, look->arena);
    split_name(&w, from, to, look->arena, &name);
    name.score = name_score(look, &w, from, to, &name);
    if (ocr_look_confidence(look, text->spans[0]) < UNREAD && mail_says(look, &name) <= 0)
        name.score -= 2; /* pieces of a drawing */
    if (look->page->written && first_row(look, text))
        name.score += 0.9;
    if (text->height > 1.1)
        name.score += fmin(1.3, 1.6 * log(text->height));
    *ret_name = name;
    return true;
}

bool ocr_name_titles(const struct ocr_look *look, struct str text)
{
    struct words w;
    if (!cut_words(text, look->arena, &w))
        return false;
    for (size_t i = 0; i < w.n; i++)
        if (!all_in(OCR_LEXICON_NAME_PREFIXES, w.fold[i]) || w.fold[i].n < 2)
            return false;
    return true;
}

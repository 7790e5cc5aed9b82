/* What each free text of the card may be; see choice.h. */
#include "contact/text.h"
#include "ocr/fields/choice/choice.h"
#include "ocr/fields/domain.h"
#include "ocr/fields/lexicon.h"

#include <math.h>

enum { NAME_END = 16 /* words in front of a title, more than any name has */ };
static const double DEPARTMENT_FROM = 1.1; /* score of a department that is rather one than not */

struct ocr_text ocr_text_of(const struct ocr_look *look, const struct ocr_piece *piece)
{
    return (struct ocr_text){
        .spans = {piece->span},
        .n = 1,
        .text = piece->text,
        .height = look->lines[piece->span.line].line->height / look->height,
    };
}

struct ocr_text ocr_text_join(const struct ocr_look *look, const struct ocr_text *a, const struct ocr_text *b)
{
    struct ocr_text both = *a;
    for (size_t i = 0; i < b->n && both.n < OCR_TEXT_SPANS; i++)
        both.spans[both.n++] = b->spans[i];
    struct strbuf text = {.arena = look->arena};
    strbuf_add(&text, a->text);
    strbuf_add_char(&text, ' ');
    strbuf_add(&text, b->text);
    both.text = strbuf_str(&text);
    both.height = fmax(a->height, b->height);
    return both;
}

/* Letters make a text: a lone icon or speck does not, nor does a label, nor what is put in brackets. */
static bool readable(struct str text)
{
    size_t letters = 0;
    bool limited = str_eq_nocase(text, STR("(haftungsbeschränkt)"));
    if (str_ends(text, STR(":")) || (!limited && str_starts(text, STR("(")) && str_ends(text, STR(")"))))
        return false;
    for (size_t at = 0; at < text.n;)
        letters += contact_char_letter(utf8_next(text, &at));
    return letters >= 2 && letters * 2 >= utf8_count(text);
}

/* "Anna Muster   Fax": the label of the next column. */
static bool label(const struct ocr_look_word *words, struct ocr_span span)
{
    static const char *const labels[] = {"tel",      "telefon",  "telephone", "fax",    "telefax", "mobil",
                                         "mobile",   "mob",      "phone",     "e mail", "email",   "fon",
                                         "handy",    "cell",     "telefono",  "movil",  "kom",     "gsm",
                                         "portable", "courriel", "www",       "e posta"};
    return span.to - span.from >= 3 && ocr_word_in(words[span.to - 1].fold, labels, ARRAY_LEN(labels));
}

/* Pieces of a drawing beside words that were read well: "EOW) International Forwarding", "w'? Head of Sales". */
static bool scrap(const struct ocr_look_word *word)
{
    struct str text = word->word->text;
    bool drawn = text.n && strchr(")(]}|/\\<>=~", text.p[text.n - 1]);
    for (size_t i = 0; i < text.n && !drawn; i++)
        drawn = strchr("?|<>=~[]{}", text.p[i]) != NULL;
    return word->word->confidence < 0.5 && drawn;
}

/* Word behind "c/o": the host in front of it is not the firm. */
static size_t behind_care_of(const struct ocr_look_word *words, struct ocr_span span)
{
    for (size_t i = span.from; i + 1 < span.to; i++)
        if (str_eq_nocase(words[i].word->text, STR("c/o")))
            return i + 1;
    return span.from;
}

static struct ocr_span strip(const struct ocr_look *look, struct ocr_span span)
{
    const struct ocr_look_word *words = look->lines[span.line].words;
    span.from = behind_care_of(words, span);
    while (span.from + 1 < span.to && scrap(&words[span.from]))
        span.from++;
    while (span.from < span.to && str_empty(words[span.from].fold))
        span.from++;
    while (span.from < span.to && (str_empty(words[span.to - 1].fold) || label(words, span)))
        span.to--;
    return span;
}

/* Words of `span` up to and behind the one that ends the name in "Anna Muster, CEO"; 0 when it is not such a line. */
static size_t name_end(const struct ocr_look *look, struct ocr_span span)
{
    for (size_t i = span.from + 1; i + 1 < span.to && i < span.from + NAME_END; i++) {
        if (!str_ends(look->lines[span.line].words[i].word->text, STR(",")))
            continue;
        struct ocr_piece left = ocr_piece_of(look, (struct ocr_span){span.line, span.from, i + 1});
        struct ocr_piece right = ocr_piece_of(look, (struct ocr_span){span.line, i + 1, span.to});
        struct ocr_text a = ocr_text_of(look, &left), b = ocr_text_of(look, &right);
        struct ocr_name name;
        if (ocr_name_read(look, &a, &name) && name.score > 1 && ocr_job_title_score(look, &a) < 0 &&
            ocr_job_title_score(look, &b) > 0.9)
            return i + 1;
    }
    return 0;
}

/* "ANNA MUSTER cheerful baker": a name that the mailbox knows in front of words in small letters; words of it, or 0.
 */
static size_t name_before_small(const struct ocr_look *look, struct ocr_span span)
{
    const struct ocr_look_word *words = look->lines[span.line].words;
    size_t to = span.from;
    while (to < span.to && contact_text_starts_upper(words[to].word->text))
        to++;
    bool small = to > span.from + 1 && to < span.from + 4 && to < span.to;
    for (size_t i = to; i < span.to; i++)
        small = small && words[i].fold.n > 3 && !contact_text_starts_upper(words[i].word->text);
    struct ocr_piece left = ocr_piece_of(look, (struct ocr_span){span.line, span.from, to});
    struct ocr_text text = ocr_text_of(look, &left);
    struct ocr_name name;
    return small && ocr_name_read(look, &text, &name) && name.given.p && name.family.p &&
                   ocr_name_mail(look, name.given, name.family) >= 2.5
               ? to
               : 0;
}

static void add_text(const struct ocr_look *look, struct ocr_choice *c, struct ocr_span span)
{
    struct ocr_piece piece = ocr_piece_of(look, span);
    if (c->texts_n < OCR_CHOICE_TEXTS && readable(piece.text))
        c->texts[c->texts_n++] = ocr_text_of(look, &piece);
}

static void collect_texts(const struct ocr_look *look, struct ocr_choice *c)
{
    for (size_t i = 0; i < look->n; i++) {
        struct ocr_piece *pieces;
        size_t n = ocr_look_pieces(look, i, true, &pieces);
        for (size_t k = 0; k < n; k++) {
            struct ocr_span span = strip(look, pieces[k].span);
            size_t cut = name_end(look, span);
            cut = cut ? cut : name_before_small(look, span);
            if (cut)
                add_text(look, c, (struct ocr_span){i, span.from, cut});
            add_text(look, c, (struct ocr_span){i, cut ? cut : span.from, span.to});
        }
    }
}

/* "Thompson &" / "Thompson": one name on two lines, from the beginning. */
static void join_pairs(const struct ocr_look *look, struct ocr_choice *c)
{
    for (size_t i = 0; i < c->texts_n; i++)
        for (size_t k = 0; k < c->texts_n; k++) {
            struct ocr_text *a = &c->texts[i], *b = &c->texts[k];
            if (i == k || a->n + b->n > 2 || !str_ends(a->text, STR("&")) || !ocr_text_alike(a, b) ||
                !ocr_text_below(look, a, b, 1.0) || ocr_job_title_score(look, a) >= 0 ||
                ocr_department_score(look, a) > 0)
                continue;
            *a = ocr_text_join(look, a, b);
            memmove(b, b + 1, (c->texts_n - k - 1) * sizeof *b);
            c->texts_n--;
            break;
        }
}

static void keep(struct ocr_choice *c, enum ocr_pick what, const struct ocr_candidate *candidate)
{
    struct ocr_candidate *best = c->best[what];
    size_t at = c->n[what];
    while (at > 0 && best[at - 1].score < candidate->score)
        at--;
    if (at == OCR_CHOICE_BEST)
        return;
    size_t last = c->n[what] < OCR_CHOICE_BEST ? c->n[what]++ : OCR_CHOICE_BEST - 1;
    memmove(best + at + 1, best + at, (last - at) * sizeof *best);
    best[at] = *candidate;
}

struct ocr_box ocr_text_box(const struct ocr_look *look, const struct ocr_text *text)
{
    return ocr_look_box(look, text->spans[0]);
}

struct ocr_text ocr_text_from_last(const struct ocr_text *text)
{
    struct ocr_text last = *text;
    last.spans[0] = last.spans[last.n - 1];
    return last;
}

/* y stands right below x. */
static bool box_below(const struct ocr_box *x, const struct ocr_box *y, double gaps)
{
    double gap = y->y - (x->y + x->h), size = fmax(x->h, y->h);
    bool beside = x->x < y->x + y->w && y->x < x->x + x->w;
    return beside && y->y > x->y && gap > -0.5 * size && gap < gaps * size;
}

/* b stands right below a, in like print. */
bool ocr_text_below(const struct ocr_look *look, const struct ocr_text *a, const struct ocr_text *b, double gaps)
{
    struct ocr_box x = ocr_text_box(look, a), y = ocr_text_box(look, b);
    return box_below(&x, &y, gaps);
}

bool ocr_text_alike(const struct ocr_text *a, const struct ocr_text *b)
{
    return a->height < 1.3 * b->height && b->height < 1.3 * a->height;
}

bool ocr_text_lone_word(const struct ocr_text *text)
{
    return text->n == 1 && text->spans[0].to - text->spans[0].from == 1;
}

bool ocr_text_free(const struct ocr_look *look, const struct ocr_text *text)
{
    return !look->lines[text->spans[0].line].words[text->spans[0].from].taken;
}

void ocr_text_take(struct ocr_look *look, const struct ocr_text *text)
{
    for (size_t i = 0; i < text->n; i++)
        ocr_look_take(look, text->spans[i]);
}

bool ocr_text_overlap(const struct ocr_text *a, const struct ocr_text *b)
{
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            if (a->spans[i].line == b->spans[k].line && a->spans[i].from < b->spans[k].to &&
                b->spans[k].from < a->spans[i].to)
                return true;
    return false;
}

/* Stands right of a, in one line that the layout cut. */
static bool beside(const struct ocr_box *x, const struct ocr_box *y)
{
    double gap = y->x - (x->x + x->w), middle = y->y + y->h / 2;
    return gap > 0 && gap < 2 * fmax(x->h, y->h) && middle > x->y && middle < x->y + x->h;
}

/* The line on top of an address names the company more often than not. */
static bool above_street(const struct ocr_look *look, const struct ocr_text *text)
{
    for (size_t i = 0; i < look->places_n; i++) {
        const struct ocr_find *street = &look->places[i].street;
        struct ocr_text other = {.spans = {street->spans[0]}, .n = 1};
        if (street->n && ocr_text_below(look, text, &other, 1.2))
            return true;
    }
    return false;
}

/* One of several things between commas that is named like the card's domain: "KVX, Ministry of …". */
static void consider_listed(const struct ocr_look *look, struct ocr_choice *c, const struct ocr_text *text)
{
    struct ocr_span span = text->spans[0];
    const struct ocr_look_word *words = look->lines[span.line].words;
    for (size_t from = span.from, i = span.from; i < span.to; i++) {
        bool comma = str_ends(words[i].word->text, STR(","));
        if (!comma && !(i + 1 == span.to && from > span.from))
            continue;
        struct ocr_piece piece = ocr_piece_of(look, (struct ocr_span){span.line, from, i + 1});
        struct ocr_candidate listed = {.text = ocr_text_of(look, &piece)};
        from = i + 1;
        if (ocr_organization_domain_score(look, piece.text) < 4.5)
            continue;
        listed.score = ocr_organization_score(look, &listed.text) - 0.3;
        keep(c, OCR_PICK_ORGANIZATION, &listed);
    }
}

/* "Muster Hospitals &": goes on in the next line, as firms do. */
static bool goes_on(const struct ocr_look *look, const struct ocr_text *text)
{
    const struct ocr_look_line *line = &look->lines[text->spans[text->n - 1].line];
    size_t next = text->spans[text->n - 1].to;
    return next + 1 == line->n && str_eq(line->words[next].word->text, STR("&"));
}

static void consider(const struct ocr_look *look, struct ocr_choice *c, size_t i)
{
    const struct ocr_text *text = &c->texts[i];
    struct ocr_candidate name = {.text = *text}, organization = {.text = *text}, title = {.text = *text};
    struct ocr_candidate department = {.text = *text};
    if (!goes_on(look, text) && ocr_name_read(look, text, &name.name)) {
        name.score = name.name.score;
        keep(c, OCR_PICK_NAME, &name);
    }
    organization.score = c->company[i] = ocr_organization_score(look, text);
    if (name.score > 1.5 && name.name.given.p && !ocr_organization_legal(look, text->text) &&
        !ocr_organization_trade(look, text->text))
        organization.score -= 3; /* a person whose domain bears the own name */
    if (organization.score > -1 && above_street(look, text))
        organization.score += 0.8;
    keep(c, OCR_PICK_ORGANIZATION, &organization);
    consider_listed(look, c, text);
    title.score = c->title[i] = ocr_job_title_score(look, text);
    double part = ocr_department_score(look, text);
    if (title.score < 0 && part > 0.9)
        title.score -= 1;
    department.score = part - DEPARTMENT_FROM;
    if (text->n == 1)
        keep(c, OCR_PICK_TITLE, &title);
    if (department.score > -DEPARTMENT_FROM)
        keep(c, OCR_PICK_DEPARTMENT, &department);
}

/* A text with what it was found to be worth. */
struct part {
    const struct ocr_text *text;
    double company, title;
};

static struct part part_of(const struct ocr_choice *c, size_t i)
{
    return (struct part){&c->texts[i], c->company[i], c->title[i]};
}

static bool all_trade(const struct ocr_look *look, struct str text)
{
    struct str rest = contact_text_fold(text, look->arena), word;
    while (str_split(&rest, ' ', &word))
        if (!ocr_organization_trade(look, word))
            return false;
    return true;
}

/* Below a logo that the card's domain spells, one or two words in smaller print: "KRAUSE" / "Feinguss". */
static bool names_trade(const struct ocr_look *look, const struct part *a, const struct part *b)
{
    struct ocr_span span = b->text->spans[0];
    const struct ocr_look_word *words = look->lines[span.line].words;
    if (a->text->n != 1 || b->text->n != 1 || span.to - span.from > 2 || b->text->height > a->text->height ||
        ocr_look_dividers(look, span.line) || ocr_role_prose(look, b->text->text) ||
        ocr_organization_domain_score(look, a->text->text) < 3.5)
        return false;
    bool logo = b->text->height < OCR_CHOICE_LOGO * a->text->height && ocr_organization_trade(look, b->text->text);
    if (!logo && (b->title >= 0 || ocr_department_score(look, b->text) > 0.6))
        return false;
    for (size_t i = span.from; i < span.to; i++)
        if (words[i].fold.n < 3 || !contact_text_starts_upper(words[i].word->text))
            return false;
    return ocr_look_confidence(look, span) > 0.8;
}

/* A logo and its legal form, a name in two or three lines. */
static void consider_company(const struct ocr_look *look, struct ocr_choice *c, const struct part *a,
                             const struct part *b)
{
    bool trade = names_trade(look, a, b);
    if (ocr_organization_slogan(look, a->text, b->text) && !(trade && all_trade(look, b->text->text)))
        return;
    struct ocr_candidate organization = {.text = ocr_text_join(look, a->text, b->text)};
    double apart = fmax(a->company, b->company);
    bool title = !trade && (a->title >= 0 || b->title >= 0);
    if (title && ocr_organization_domain_score(look, organization.text.text) < 3.5)
        return;
    organization.score = ocr_organization_score(look, &organization.text) - 0.5;
    if (organization.score > 0 && above_street(look, b->text))
        organization.score += 0.8;
    if (a->company > 0 && ocr_organization_legal_alone(look, b->text->text))
        organization.score = fmax(organization.score, apart + 1);
    if (str_ends(a->text->text, STR("&")) || str_starts(b->text->text, STR("&")))
        organization.score += 1;
    if (trade)
        organization.score = fmax(organization.score, apart + 0.3);
    if (organization.score > apart)
        keep(c, OCR_PICK_ORGANIZATION, &organization);
}

/* Words of a name without the titles in front. */
static size_t name_words(const struct ocr_look *look, const struct ocr_text *text)
{
    struct ocr_name name;
    size_t n = text->spans[0].to - text->spans[0].from, titles = 0;
    if (!ocr_name_read(look, text, &name) || !name.prefix.p)
        return n;
    struct str rest = name.prefix, word;
    while (str_split(&rest, ' ', &word))
        titles++;
    return n - titles;
}

/* Given and family name on two lines. */
static void consider_person(const struct ocr_look *look, struct ocr_choice *c, const struct ocr_text *a,
                            const struct ocr_text *b)
{
    struct ocr_candidate name = {.text = ocr_text_join(look, a, b)};
    size_t words = name_words(look, a) + b->spans[0].to - b->spans[0].from;
    bool single = words <= 3 || ocr_name_titles(look, a->text);
    if (!single || (words <= 3 && !ocr_text_alike(a, b) && !ocr_name_titles(look, a->text)) ||
        !ocr_name_read(look, &name.text, &name.name))
        return;
    name.score = name.name.score - 0.7;
    keep(c, OCR_PICK_NAME, &name);
}

/* "Interdisziplinäres": a line that waits for its noun. */
static bool lone_adjective(struct str text)
{
    static const char *const ends[] = {"isches", "ische", "äres", "liches", "liche", "ales", "ical", "ional", "nary"};
    for (size_t i = 0; i < ARRAY_LEN(ends) && !memchr(text.p, ' ', text.n); i++)
        if (str_ends(text, str_c(ends[i])))
            return true;
    return false;
}

/* "Interdisziplinäres" / "Adipositas-Zentrum". */
static void consider_department(const struct ocr_look *look, struct ocr_choice *c, const struct ocr_text *a,
                                const struct ocr_text *b)
{
    struct ocr_candidate department = {.text = ocr_text_join(look, a, b)};
    department.score = ocr_department_score(look, b) - DEPARTMENT_FROM + 0.3;
    if (lone_adjective(a->text) && department.score > -DEPARTMENT_FROM)
        keep(c, OCR_PICK_DEPARTMENT, &department);
}

static void consider_joined(const struct ocr_look *look, struct ocr_choice *c, size_t i, size_t k)
{
    const struct ocr_text *a = &c->texts[i], *b = &c->texts[k];
    if (i == k || (!box_below(&c->boxes[i], &c->boxes[k], 1.0) && !beside(&c->boxes[i], &c->boxes[k])))
        return;
    struct part upper = part_of(c, i), lower = part_of(c, k), both = {NULL, 0, 0};
    struct ocr_text joined;
    consider_person(look, c, a, b);
    consider_company(look, c, &upper, &lower);
    consider_department(look, c, a, b);
    for (size_t m = 0; m < c->texts_n; m++) {
        if (m == i || m == k || !box_below(&c->boxes[k], &c->boxes[m], 1.0))
            continue;
        if (!both.text) {
            if (ocr_organization_slogan(look, a, b))
                return;
            joined = ocr_text_join(look, a, b);
            both = (struct part){&joined, ocr_organization_score(look, &joined), ocr_job_title_score(look, &joined)};
        }
        struct part last = part_of(c, m);
        consider_company(look, c, &both, &last);
    }
}

/* A logo that says the beginning of a longer line: the longer one is the name. */
static void prefer_whole(const struct ocr_look *look, struct ocr_choice *c)
{
    struct ocr_candidate *best = c->best[OCR_PICK_ORGANIZATION];
    for (size_t i = 0; i < c->n[OCR_PICK_ORGANIZATION]; i++) {
        struct str longer = contact_text_letters(best[i].text.text, look->arena);
        bool whole = false;
        for (size_t k = 0; k < c->n[OCR_PICK_ORGANIZATION] && best[i].score > 0; k++) {
            struct str shorter = contact_text_letters(best[k].text.text, look->arena);
            whole = whole || (k != i && shorter.n >= 4 && shorter.n < longer.n && str_starts(longer, shorter) &&
                              !ocr_text_overlap(&best[i].text, &best[k].text));
        }
        best[i].score += whole ? 1.2 : 0;
    }
}

void ocr_choice_collect(const struct ocr_look *look, struct ocr_choice *c)
{
    collect_texts(look, c);
    join_pairs(look, c);
    for (size_t i = 0; i < c->texts_n; i++)
        c->boxes[i] = ocr_text_box(look, &c->texts[i]);
    for (size_t i = 0; i < c->texts_n; i++)
        consider(look, c, i);
    for (size_t i = 0; i < c->texts_n; i++)
        for (size_t k = 0; k < c->texts_n; k++)
            consider_joined(look, c, i, k);
    prefer_whole(look, c);
}

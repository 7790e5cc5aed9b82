/* The joint choice over the lines that are left: name, organisation, title together score highest, no line twice. */
#include "contact/text.h"
#include "ocr/fields/domain.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/lines.h"

#include <math.h>

enum { TEXTS = 160, BEST = 6, TITLE_LINES = 3, DOMAIN_LETTERS = 5 };

static const double DEPARTMENT_FROM = 1.1; /* score of a department that is rather one than not */
static const double WEAK = -0.7;           /* an organisation that is taken when nothing better is left */

enum what { NAME, ORGANIZATION, TITLE, DEPARTMENT, KINDS };

struct candidate {
    struct ocr_text text;
    struct ocr_name name; /* of NAME */
    double score;
};

struct choice {
    struct candidate best[KINDS][BEST];
    size_t n[KINDS];
    struct ocr_text texts[TEXTS];
    size_t texts_n;
};

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
    both.text = str_printf(look->arena, "%.*s %.*s", STR_ARG(a->text), STR_ARG(b->text));
    both.height = fmax(a->height, b->height);
    return both;
}

/* Letters make a text: a lone icon or speck does not, nor does a label, nor what is put in brackets. */
static bool readable(struct str text)
{
    size_t letters = 0;
    if (str_ends(text, STR(":")) || (str_starts(text, STR("(")) && str_ends(text, STR(")"))))
        return false;
    for (size_t at = 0; at < text.n;)
        letters += contact_char_letter(utf8_next(text, &at));
    return letters >= 2 && letters * 2 >= utf8_count(text);
}

static struct ocr_span strip(const struct ocr_look *look, struct ocr_span span)
{
    const struct ocr_look_word *words = look->lines[span.line].words;
    while (span.from < span.to && str_empty(words[span.from].fold))
        span.from++;
    while (span.from < span.to && str_empty(words[span.to - 1].fold))
        span.to--;
    return span;
}

/* Words of `span` up to and behind the one that ends the name in "Anna Muster, CEO"; 0 when it is not such a line. */
static size_t name_end(const struct ocr_look *look, struct ocr_span span)
{
    for (size_t i = span.from + 1; i + 1 < span.to; i++) {
        if (!str_ends(look->lines[span.line].words[i].word->text, STR(",")))
            continue;
        struct ocr_piece left = ocr_piece_of(look, (struct ocr_span){span.line, span.from, i + 1});
        struct ocr_piece right = ocr_piece_of(look, (struct ocr_span){span.line, i + 1, span.to});
        struct ocr_text a = ocr_text_of(look, &left), b = ocr_text_of(look, &right);
        struct ocr_name name;
        if (ocr_job_title_score(look, &a) < 0 && ocr_job_title_score(look, &b) > 0.9 &&
            ocr_name_read(look, &a, &name) && name.score > 1)
            return i + 1;
    }
    return 0;
}

static void add_text(const struct ocr_look *look, struct choice *c, struct ocr_span span)
{
    struct ocr_piece piece = ocr_piece_of(look, span);
    if (c->texts_n < TEXTS && readable(piece.text))
        c->texts[c->texts_n++] = ocr_text_of(look, &piece);
}

static void collect(const struct ocr_look *look, struct choice *c)
{
    for (size_t i = 0; i < look->n; i++) {
        struct ocr_piece *pieces;
        size_t n = ocr_look_pieces(look, i, true, &pieces);
        for (size_t k = 0; k < n; k++) {
            struct ocr_span span = strip(look, pieces[k].span);
            size_t cut = name_end(look, span);
            if (cut)
                add_text(look, c, (struct ocr_span){i, span.from, cut});
            add_text(look, c, (struct ocr_span){i, cut ? cut : span.from, span.to});
        }
    }
}

static void keep(struct choice *c, enum what what, const struct candidate *candidate)
{
    struct candidate *best = c->best[what];
    size_t at = c->n[what];
    while (at > 0 && best[at - 1].score < candidate->score)
        at--;
    if (at == BEST)
        return;
    size_t last = c->n[what] < BEST ? c->n[what]++ : BEST - 1;
    memmove(best + at + 1, best + at, (last - at) * sizeof *best);
    best[at] = *candidate;
}

static struct ocr_box box_of(const struct ocr_look *look, const struct ocr_text *text)
{
    return ocr_look_box(look, text->spans[0]);
}

/* b stands right below a, in like print. */
static bool below(const struct ocr_look *look, const struct ocr_text *a, const struct ocr_text *b, double gaps)
{
    struct ocr_box x = box_of(look, a), y = box_of(look, b);
    double gap = y.y - (x.y + x.h), size = fmax(x.h, y.h);
    bool beside = x.x < y.x + y.w && y.x < x.x + x.w;
    return beside && y.y > x.y && gap > -0.5 * size && gap < gaps * size;
}

static bool alike(const struct ocr_text *a, const struct ocr_text *b)
{
    return a->height < 1.3 * b->height && b->height < 1.3 * a->height;
}

/* Stands right of a, in one line that the layout cut. */
static bool beside(const struct ocr_look *look, const struct ocr_text *a, const struct ocr_text *b)
{
    struct ocr_box x = box_of(look, a), y = box_of(look, b);
    double gap = y.x - (x.x + x.w), middle = y.y + y.h / 2;
    return gap > 0 && gap < 2 * fmax(x.h, y.h) && middle > x.y && middle < x.y + x.h;
}

/* The line on top of an address names the company more often than not. */
static bool above_street(const struct ocr_look *look, const struct ocr_text *text)
{
    for (size_t i = 0; i < look->places_n; i++) {
        const struct ocr_find *street = &look->places[i].street;
        struct ocr_text other = {.spans = {street->spans[0]}, .n = 1};
        if (street->n && below(look, text, &other, 1.2))
            return true;
    }
    return false;
}

/* One of several things between commas that is named like the card's domain: "KVX, Ministry of …". */
static void consider_listed(const struct ocr_look *look, struct choice *c, const struct ocr_text *text)
{
    struct ocr_span span = text->spans[0];
    const struct ocr_look_word *words = look->lines[span.line].words;
    for (size_t from = span.from, i = span.from; i < span.to; i++) {
        bool comma = str_ends(words[i].word->text, STR(","));
        if (!comma && !(i + 1 == span.to && from > span.from))
            continue;
        struct ocr_piece piece = ocr_piece_of(look, (struct ocr_span){span.line, from, i + 1});
        struct candidate listed = {.text = ocr_text_of(look, &piece)};
        from = i + 1;
        if (ocr_organization_domain_score(look, piece.text) < 4.5)
            continue;
        listed.score = ocr_organization_score(look, &listed.text) - 0.3;
        keep(c, ORGANIZATION, &listed);
    }
}

static void consider(const struct ocr_look *look, struct choice *c, const struct ocr_text *text)
{
    struct candidate name = {.text = *text}, organization = {.text = *text}, title = {.text = *text};
    struct candidate department = {.text = *text};
    if (ocr_name_read(look, text, &name.name)) {
        name.score = name.name.score;
        keep(c, NAME, &name);
    }
    organization.score = ocr_organization_score(look, text);
    if (organization.score > -1 && above_street(look, text))
        organization.score += 0.8;
    keep(c, ORGANIZATION, &organization);
    consider_listed(look, c, text);
    title.score = ocr_job_title_score(look, text);
    if (title.score < 0 && ocr_department_score(look, text) > 0.9)
        title.score -= 1;
    department.score = ocr_department_score(look, text) - DEPARTMENT_FROM;
    if (text->n == 1)
        keep(c, TITLE, &title);
    if (department.score > -DEPARTMENT_FROM)
        keep(c, DEPARTMENT, &department);
}

/* A logo and its legal form, a name in two or three lines. */
static void consider_company(const struct ocr_look *look, struct choice *c, const struct ocr_text *a,
                             const struct ocr_text *b)
{
    struct candidate organization = {.text = ocr_text_join(look, a, b)};
    double apart = fmax(ocr_organization_score(look, a), ocr_organization_score(look, b));
    bool whole = ocr_organization_domain_score(look, organization.text.text) >= 4.5;
    bool title = ocr_job_title_score(look, a) >= 0 || ocr_job_title_score(look, b) >= 0;
    organization.score = ocr_organization_score(look, &organization.text) - 0.5;
    if ((title && !whole) || ocr_organization_slogan(look, a, b))
        return;
    if (organization.score > 0 && above_street(look, b))
        organization.score += 0.8;
    if (organization.score > apart)
        keep(c, ORGANIZATION, &organization);
}

/* Given and family name on two lines. */
static void consider_person(const struct ocr_look *look, struct choice *c, const struct ocr_text *a,
                            const struct ocr_text *b)
{
    struct candidate name = {.text = ocr_text_join(look, a, b)};
    size_t words = a->spans[0].to - a->spans[0].from + b->spans[0].to - b->spans[0].from;
    bool single = words <= 3 || ocr_name_titles(look, a->text);
    if (!single || (words <= 3 && !alike(a, b) && !ocr_name_titles(look, a->text)) ||
        !ocr_name_read(look, &name.text, &name.name))
        return;
    name.score = name.name.score - 0.7;
    keep(c, NAME, &name);
}

static void consider_joined(const struct ocr_look *look, struct choice *c, size_t i, size_t k)
{
    const struct ocr_text *a = &c->texts[i], *b = &c->texts[k];
    if (i == k || (!below(look, a, b, 1.0) && !beside(look, a, b)))
        return;
    struct ocr_text both = ocr_text_join(look, a, b);
    consider_person(look, c, a, b);
    consider_company(look, c, a, b);
    for (size_t m = 0; m < c->texts_n; m++)
        if (m != i && m != k && below(look, b, &c->texts[m], 1.0) && !ocr_organization_slogan(look, a, b))
            consider_company(look, c, &both, &c->texts[m]);
}

static bool overlap(const struct ocr_text *a, const struct ocr_text *b)
{
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            if (a->spans[i].line == b->spans[k].line && a->spans[i].from < b->spans[k].to &&
                b->spans[k].from < a->spans[i].to)
                return true;
    return false;
}

static double worth(const struct candidate *candidate)
{
    return candidate ? candidate->score : 0;
}

/* Title right below the name, in smaller print: what cards look like. */
static double nearness(const struct ocr_look *look, const struct candidate *name, const struct candidate *title)
{
    if (!name || !title)
        return 0;
    struct ocr_text last = name->text;
    last.spans[0] = last.spans[last.n - 1];
    struct ocr_box x = box_of(look, &last), y = box_of(look, &title->text);
    if (below(look, &last, &title->text, 2.2)) /* the nearer the better */
        return 1.5 - 0.5 * fmax(0, y.y - (x.y + x.h)) / fmax(x.h, y.h);
    return name->text.spans[0].line == title->text.spans[0].line ? 0.6 : 0;
}

/* Stands right below the name or the title, in print no larger: where departments stand. */
static bool under_role(const struct ocr_look *look, const struct candidate *const pick[KINDS],
                       const struct ocr_text *text)
{
    static const enum what roles[] = {NAME, TITLE};
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        const struct candidate *role = pick[roles[i]];
        if (role && below(look, &role->text, text, 1.2) && text->height < 1.1 * role->text.height)
            return true;
    }
    return false;
}

static double value_of(const struct ocr_look *look, const struct candidate *const pick[KINDS])
{
    for (size_t i = 0; i < KINDS; i++)
        for (size_t k = i + 1; k < KINDS; k++)
            if (pick[i] && pick[k] && overlap(&pick[i]->text, &pick[k]->text))
                return -1e9;
    double sum = nearness(look, pick[NAME], pick[TITLE]);
    for (size_t i = 0; i < KINDS; i++)
        sum += worth(pick[i]);
    if (pick[DEPARTMENT] && under_role(look, pick, &pick[DEPARTMENT]->text))
        sum += 0.6;
    if (pick[ORGANIZATION] && pick[ORGANIZATION]->score < 2 && under_role(look, pick, &pick[ORGANIZATION]->text))
        sum -= 0.6;
    return sum;
}

static const struct candidate *option(const struct choice *c, enum what what, size_t i)
{
    return i < c->n[what] ? &c->best[what][i] : NULL;
}

/* A logo that says the beginning of a longer line: the longer one is the name. */
static void prefer_whole(const struct ocr_look *look, struct choice *c)
{
    struct candidate *best = c->best[ORGANIZATION];
    for (size_t i = 0; i < c->n[ORGANIZATION]; i++) {
        struct str longer = contact_text_letters(best[i].text.text, look->arena);
        bool whole = false;
        for (size_t k = 0; k < c->n[ORGANIZATION] && best[i].score > 0; k++) {
            struct str shorter = contact_text_letters(best[k].text.text, look->arena);
            whole = whole || (k != i && shorter.n >= 4 && shorter.n < longer.n && str_starts(longer, shorter) &&
                              !overlap(&best[i].text, &best[k].text));
        }
        best[i].score += whole ? 1.2 : 0;
    }
}

/* All combinations of the best few of each kind, "none" among them. */
static void choose(const struct ocr_look *look, const struct choice *c, const struct candidate *ret_pick[KINDS])
{
    double best = 0;
    size_t combinations = (size_t)(BEST + 1) * (BEST + 1) * (BEST + 1) * (BEST + 1);
    for (size_t i = 0; i < combinations; i++) {
        const struct candidate *pick[KINDS] = {
            option(c, NAME, i % (BEST + 1)),
            option(c, ORGANIZATION, i / (BEST + 1) % (BEST + 1)),
            option(c, TITLE, i / (BEST + 1) / (BEST + 1) % (BEST + 1)),
            option(c, DEPARTMENT, i / (BEST + 1) / (BEST + 1) / (BEST + 1)),
        };
        double value = value_of(look, pick);
        if (value <= best)
            continue;
        best = value;
        memcpy(ret_pick, pick, sizeof pick);
    }
}

/* Score to belief: about even at 0.5, near sure from 4 on. */
static double belief(double score)
{
    return 0.25 + 0.72 / (1 + exp(-1.1 * (score - 1)));
}

static struct ocr_find find_text(const struct ocr_look *look, const struct ocr_text *text, struct str value, double how)
{
    struct ocr_find find = ocr_find_new(look, text->spans[0], value, how);
    for (size_t i = 1; i < text->n; i++)
        ocr_find_extend(&find, text->spans[i]);
    find.raw = text->text;
    return find;
}

static void take_text(struct ocr_look *look, const struct ocr_text *text)
{
    for (size_t i = 0; i < text->n; i++)
        ocr_look_take(look, text->spans[i]);
}

static struct str tidy(struct str text)
{
    while (text.n && strchr(" ,;:|-", text.p[text.n - 1]))
        text.n--;
    while (text.n && strchr(" ,;:|-", text.p[0]))
        text = str_slice(text, 1, text.n);
    return text;
}

static void accept_name(struct ocr_look *look, const struct candidate *pick)
{
    const struct ocr_name *name = &pick->name;
    struct {
        struct ocr_find *find;
        struct str value;
    } parts[] = {{&look->name_prefix, name->prefix},
                 {&look->given_name, name->given},
                 {&look->family_name, name->family},
                 {&look->name_suffix, name->suffix}};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (parts[i].value.p)
            *parts[i].find = find_text(look, &pick->text, parts[i].value, belief(pick->score));
    take_text(look, &pick->text);
}

static bool ends_open(struct str text)
{
    static const char *const ends[] = {"&",    ",",    "/",   "-",    " and", " und", " of",
                                       " for", " für", " et", " the", " der", " –",   "+"};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (str_ends(text, str_c(ends[i])))
            return true;
    return false;
}

static bool starts_open(struct str text)
{
    static const char *const starts[] = {"& ",  "and ", "und ", "of ", "for ", "für ",
                                         "et ", "/ ",   "- ",   "(",   "– ",   "de "};
    for (size_t i = 0; i < ARRAY_LEN(starts); i++)
        if (str_starts(text, str_c(starts[i])))
            return true;
    return false;
}

static bool lone_word(const struct ocr_text *text)
{
    return text->n == 1 && text->spans[0].to - text->spans[0].from == 1;
}

static bool free_text(const struct ocr_look *look, const struct ocr_text *text)
{
    return !look->lines[text->spans[0].line].words[text->spans[0].from].taken;
}

/* A title that runs over several lines. */
static void accept_title(struct ocr_look *look, const struct choice *c, const struct candidate *pick)
{
    struct ocr_text last = pick->text;
    struct ocr_find find = find_text(look, &pick->text, pick->text.text, belief(pick->score + 1));
    take_text(look, &pick->text);
    for (size_t lines = 1; lines < TITLE_LINES; lines++) {
        const struct ocr_text *next = NULL;
        for (size_t i = 0; i < c->texts_n && !next; i++)
            if (free_text(look, &c->texts[i]) && below(look, &last, &c->texts[i], 1.0) && alike(&last, &c->texts[i]))
                next = &c->texts[i];
        if (!next)
            break;
        bool open = ends_open(last.text) || starts_open(next->text);
        bool title = ocr_job_title_score(look, next) > 0.9 && ocr_organization_score(look, next) < 1;
        if (!open && !title)
            break;
        const char *joint = open ? " " : ", ";
        find.value = str_printf(look->arena, "%.*s%s%.*s", STR_ARG(find.value), joint, STR_ARG(next->text));
        find.raw = str_printf(look->arena, "%.*s %.*s", STR_ARG(find.raw), STR_ARG(next->text));
        ocr_find_extend(&find, next->spans[0]);
        take_text(look, next);
        last = *next;
    }
    find.value = ocr_role_mend(look, tidy(find.value));
    look->job_title = find;
}

/* The free text right below (or, for `above`, right above) in like print; NULL when there is none. */
static const struct ocr_text *neighbour(const struct ocr_look *look, const struct choice *c,
                                        const struct ocr_text *text, bool above)
{
    for (size_t i = 0; i < c->texts_n; i++) {
        const struct ocr_text *other = &c->texts[i];
        if (free_text(look, other) && alike(text, other) && ocr_organization_score(look, other) < 0.5 &&
            (above ? below(look, other, text, 1.0) : below(look, text, other, 1.0)))
            return other;
    }
    return NULL;
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

/* A department over several lines: "Interdisciplinary Centre" / "for Coastal Research". */
static void accept_department(struct ocr_look *look, const struct choice *c, const struct ocr_text *text, double how)
{
    struct ocr_find find = find_text(look, text, text->text, how);
    take_text(look, text);
    const struct ocr_text *last = text, *next = neighbour(look, c, text, false), *over = neighbour(look, c, text, true);
    for (size_t lines = 1; next && lines < TITLE_LINES; lines++, last = next, next = neighbour(look, c, last, false)) {
        if (!ends_open(last->text) && !starts_open(next->text) && ocr_department_score(look, next) < 0.3)
            break;
        find.value = str_printf(look->arena, "%.*s %.*s", STR_ARG(find.value), STR_ARG(next->text));
        ocr_find_extend(&find, next->spans[0]);
        take_text(look, next);
    }
    if (over && (lone_adjective(over->text) || ends_open(over->text) || starts_open(text->text))) {
        find.value = str_printf(look->arena, "%.*s %.*s", STR_ARG(over->text), STR_ARG(find.value));
        ocr_find_extend(&find, over->spans[0]);
        take_text(look, over);
    }
    find.value = ocr_role_mend(look, tidy(find.value));
    find.raw = find.value;
    look->department = find;
}

/* The line right below the name is a title more often than not, whatever its words are. */
static void guess_title(struct ocr_look *look, const struct choice *c, const struct candidate *name)
{
    struct ocr_text last = name->text;
    last.spans[0] = last.spans[last.n - 1];
    for (size_t i = 0; i < c->texts_n; i++) {
        const struct ocr_text *text = &c->texts[i];
        if (!free_text(look, text) || !below(look, &last, text, 1.2) || text->height > name->text.height * 1.05 ||
            ocr_organization_score(look, text) > 0.5 || text->text.n < 4 ||
            (ocr_department_score(look, text) > 0.6 && !lone_word(text)))
            continue;
        look->job_title = find_text(look, text, tidy(text->text), 0.5);
        take_text(look, text);
        return;
    }
}

static void accept_organization(struct ocr_look *look, const struct candidate *pick)
{
    struct str value = ocr_organization_mend(look, tidy(pick->text.text));
    look->organization = find_text(look, &pick->text, value, belief(pick->score));
    take_text(look, &pick->text);
}

/* A card that prints no organisation, or as a drawing only: its own domain names it. */
static void organization_by_domain(struct ocr_look *look)
{
    struct str label = ocr_organization_domain(look);
    if (label.n < DOMAIN_LETTERS)
        return;
    look->organization =
        (struct ocr_find){.value = contact_text_title(label, look->arena), .raw = label, .confidence = 0.3, .kind = -1};
}

void ocr_fields_arbitrate(struct ocr_look *look)
{
    struct choice *c = arena_one(look->arena, struct choice);
    const struct candidate *pick[KINDS] = {NULL};
    collect(look, c);
    for (size_t i = 0; i < c->texts_n; i++) {
        consider(look, c, &c->texts[i]);
        for (size_t k = 0; k < c->texts_n; k++)
            consider_joined(look, c, i, k);
    }
    prefer_whole(look, c);
    choose(look, c, pick);
    if (pick[NAME])
        accept_name(look, pick[NAME]);
    if (pick[ORGANIZATION])
        accept_organization(look, pick[ORGANIZATION]);
    if (pick[TITLE])
        accept_title(look, c, pick[TITLE]);
    if (pick[DEPARTMENT] && !pick[TITLE] && lone_word(&pick[DEPARTMENT]->text) &&
        under_role(look, pick, &pick[DEPARTMENT]->text))
        pick[DEPARTMENT] = NULL; /* "Marketing" below a name is what they do */
    if (pick[DEPARTMENT])
        take_text(look, &pick[DEPARTMENT]->text);
    if (pick[NAME] && !look->job_title.value.p)
        guess_title(look, c, pick[NAME]);
    if (pick[DEPARTMENT])
        accept_department(look, c, &pick[DEPARTMENT]->text, belief(pick[DEPARTMENT]->score + 0.6));
    for (size_t i = 0; i < c->n[ORGANIZATION] && !look->organization.value.p; i++)
        if (c->best[ORGANIZATION][i].score > WEAK && free_text(look, &c->best[ORGANIZATION][i].text))
            accept_organization(look, &c->best[ORGANIZATION][i]);
    if (!look->organization.value.p)
        organization_by_domain(look);
}

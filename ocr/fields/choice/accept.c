/* What becomes of the chosen candidates: values, places, lines that go on; see choice.h. */
#include "contact/text.h"
#include "ocr/fields/choice/choice.h"
#include "ocr/fields/domain.h"
#include "ocr/fields/lexicon.h"

#include <math.h>

enum { TITLE_LINES = 3, DOMAIN_LETTERS = 5 };

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

static struct str tidy(struct str text)
{
    while (text.n && strchr(" ,;:|-", text.p[text.n - 1]))
        text.n--;
    while (text.n && strchr(" ,;:|-", text.p[0]))
        text = str_slice(text, 1, text.n);
    return text;
}

void ocr_accept_name(struct ocr_look *look, const struct ocr_candidate *pick)
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
    ocr_text_take(look, &pick->text);
}

static bool ends_open(struct str text)
{
    static const char *const ends[] = {
        "&",    ",",   "/",   "-",    " and", " und", " of", " for", " für", " et",  " the",  " der",   " des", " den",
        " im",  " in", " am", " –",   "+",    " de",  " du", " la",  " del", " di",  " e",    " della", " y",   " i",
        " ds.", " ve", " do", " van", " en",  " to",  " at", " von", " für", " per", " para", " pour"};
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

static bool starts_small(struct str text)
{
    size_t at = 0;
    return text.n && contact_char_lower(utf8_next(text, &at));
}

/* Words that say a rank and wait for what of: "Leiter" / "Finanzbuchhaltung". */
static bool rank_before(struct str text, struct arena *arena)
{
    static const char *const ranks[] = {"leiter",      "leiterin",    "leitung",   "directeur", "directrice",
                                        "responsable", "jefe",        "jefa",      "gerente",   "responsabile",
                                        "direttore",   "direttrice",  "kierownik", "dyrektor",  "kierowniczka",
                                        "assistent",   "assistentin", "referent",  "referentin"};
    return ocr_word_in(contact_text_fold(text, arena), ranks, ARRAY_LEN(ranks));
}

/* English ranks stand behind: "Business Development" / "Manager". */
static bool rank_behind(struct str text, struct arena *arena)
{
    static const char *const ranks[] = {"manager",    "director",       "engineer", "consultant", "specialist",
                                        "executive",  "officer",        "analyst",  "assistant",  "coordinator",
                                        "supervisor", "representative", "lead"};
    return ocr_word_in(contact_text_fold(text, arena), ranks, ARRAY_LEN(ranks));
}

bool ocr_title_runs_on(const struct ocr_look *look, const struct ocr_text *last, const struct ocr_text *next)
{
    if (!ocr_text_below(look, last, next, 1.0))
        return false;
    if (ends_open(last->text) || starts_open(next->text))
        return true;
    double size = last->height / next->height;
    bool same = size < 1.12 && size > 0.89 && ocr_organization_score(look, next) < 1;
    return same &&
           (starts_small(next->text) || rank_before(last->text, look->arena) || rank_behind(next->text, look->arena));
}

/* "Chargée de développement réseaux" / "Networks Manager": the same in English, not its rest. */
static bool translation(const struct ocr_text *first, const struct ocr_text *second, struct arena *arena)
{
    bool foreign = str_find(first->text, STR(" de "), 0) >= 0;
    for (size_t i = 0; i < first->text.n; i++)
        foreign = foreign || (first->text.p[i] & 0x80);
    const char *blank = memrchr(second->text.p, ' ', second->text.n);
    struct str last =
        blank ? str_slice(second->text, (size_t)(blank - second->text.p) + 1, second->text.n) : second->text;
    return foreign && rank_behind(last, arena);
}

/* The title begins in the line above: "Assistentin der" / "Geschäftsführung", "Customer Success" / "Lead". */
static const struct ocr_text *title_above(const struct ocr_look *look, const struct ocr_choice *c,
                                          const struct ocr_text *title)
{
    for (size_t i = 0; i < c->texts_n; i++) {
        const struct ocr_text *over = &c->texts[i];
        bool named = ocr_job_title_score(look, over) > 0.9 || ocr_department_score(look, over) > 0;
        if (ocr_text_free(look, over) && ocr_text_alike(over, title) && named && ocr_title_runs_on(look, over, title))
            return over;
    }
    return NULL;
}

/* A title that runs over several lines. */
void ocr_accept_title(struct ocr_look *look, const struct ocr_choice *c, const struct ocr_candidate *pick)
{
    struct ocr_text last = pick->text;
    const struct ocr_text *over = title_above(look, c, &pick->text);
    struct ocr_text whole = over ? ocr_text_join(look, over, &pick->text) : pick->text;
    struct ocr_find find = find_text(look, &whole, whole.text, belief(pick->score + 1));
    ocr_text_take(look, &whole);
    for (size_t lines = 1; lines < TITLE_LINES; lines++) {
        const struct ocr_text *next = NULL;
        for (size_t i = 0; i < c->texts_n && !next; i++)
            if (ocr_text_free(look, &c->texts[i]) && ocr_text_below(look, &last, &c->texts[i], 1.0) &&
                ocr_text_alike(&last, &c->texts[i]))
                next = &c->texts[i];
        if (!next)
            break;
        bool open = ocr_title_runs_on(look, &last, next);
        double part = ocr_department_score(look, next), score = ocr_job_title_score(look, next);
        bool title = score > 0.9 && part < score + 0.2 && ocr_role_person(look, next->text) &&
                     ocr_organization_score(look, next) < 1 && !translation(&last, next, look->arena);
        if (!open && !title)
            break;
        const char *joint = open ? " " : ", ";
        find.value = str_printf(look->arena, "%.*s%s%.*s", STR_ARG(find.value), joint, STR_ARG(next->text));
        find.raw = str_printf(look->arena, "%.*s %.*s", STR_ARG(find.raw), STR_ARG(next->text));
        ocr_find_extend(&find, next->spans[0]);
        ocr_text_take(look, next);
        last = *next;
    }
    find.value = ocr_role_mend(look, tidy(find.value));
    look->job_title = find;
}

/* The free text right below (or, for `above`, right above) in like print; NULL when there is none. */
static const struct ocr_text *neighbour(const struct ocr_look *look, const struct ocr_choice *c,
                                        const struct ocr_text *text, bool above)
{
    for (size_t i = 0; i < c->texts_n; i++) {
        const struct ocr_text *other = &c->texts[i];
        if (ocr_text_free(look, other) && ocr_text_alike(text, other) && ocr_organization_score(look, other) < 0.5 &&
            (above ? ocr_text_below(look, other, text, 1.0) : ocr_text_below(look, text, other, 1.0)))
            return other;
    }
    return NULL;
}

/* A department over several lines: "Interdisciplinary Centre" / "for Coastal Research". */
void ocr_accept_department(struct ocr_look *look, const struct ocr_choice *c, const struct ocr_candidate *pick)
{
    const struct ocr_text *text = &pick->text;
    struct ocr_find find = find_text(look, text, text->text, belief(pick->score + 0.6));
    ocr_text_take(look, text);
    const struct ocr_text *last = text, *next = neighbour(look, c, text, false), *over = neighbour(look, c, text, true);
    for (size_t lines = 1; next && lines < TITLE_LINES; lines++, last = next, next = neighbour(look, c, last, false)) {
        bool unit = ocr_text_lone_word(next) && ocr_department_score(look, next) > 0.3; /* "Direktion" */
        if (!ends_open(last->text) && !starts_open(next->text) && !unit)
            break; /* the division that it belongs to is another */
        find.value = str_printf(look->arena, "%.*s %.*s", STR_ARG(find.value), STR_ARG(next->text));
        ocr_find_extend(&find, next->spans[0]);
        ocr_text_take(look, next);
    }
    if (over && (ends_open(over->text) || starts_open(text->text))) {
        find.value = str_printf(look->arena, "%.*s %.*s", STR_ARG(over->text), STR_ARG(find.value));
        ocr_find_extend(&find, over->spans[0]);
        ocr_text_take(look, over);
    }
    find.value = ocr_role_mend(look, tidy(find.value));
    find.raw = find.value;
    look->department = find;
}

/* The line right below the name is a title more often than not, whatever its words are. */
void ocr_accept_guessed_title(struct ocr_look *look, const struct ocr_choice *c, const struct ocr_candidate *name)
{
    struct ocr_text last = ocr_text_from_last(&name->text);
    for (size_t i = 0; i < c->texts_n; i++) {
        const struct ocr_text *text = &c->texts[i];
        if (!ocr_text_free(look, text) || !ocr_text_below(look, &last, text, 1.2) ||
            text->height > name->text.height * 1.05 || ocr_organization_score(look, text) > 0.5 || text->text.n < 4 ||
            ocr_role_prose(look, text->text) ||
            (ocr_department_score(look, text) > 0.6 && !ocr_role_function(look, text->text)))
            continue;
        look->job_title = find_text(look, text, tidy(text->text), 0.5);
        ocr_text_take(look, text);
        return;
    }
}

void ocr_accept_organization(struct ocr_look *look, const struct ocr_candidate *pick)
{
    struct str value = ocr_organization_mend(look, tidy(pick->text.text));
    struct str whole = ocr_organization_whole(look, value);
    look->organization = find_text(look, &pick->text, whole, belief(pick->score));
    if (whole.p != value.p)
        look->organization.alternative = value;
    ocr_text_take(look, &pick->text);
}

/* A card that prints no organisation, or as a drawing only: its own domain names it. */
void ocr_accept_domain(struct ocr_look *look)
{
    struct str label = ocr_organization_domain(look);
    if (label.n < DOMAIN_LETTERS)
        return;
    look->organization = (struct ocr_find){
        .value = contact_text_title(label, look->arena), .raw = label, .confidence = 0.3, .belief = 0.3, .kind = -1};
}

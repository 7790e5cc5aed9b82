/* The joint choice over the lines that are left: name, organisation, title and department together score highest, no
 * line twice. */
#include "contact/text.h"
#include "ocr/fields/choice/choice.h"

#include <math.h>

static const double LONE_NAME = 1.8;                 /* for one word right above what a person does, in larger print */
static const double WEAK = -0.7;                     /* an organisation that is taken when nothing better is left */
static const double WEAK_NAME = -1.1;                /* a name */
static const double READ_WELL = 0.9, OWN_SIZE = 0.9; /* of such a name: the engine's confidence, its size */

static double worth(const struct ocr_candidate *candidate)
{
    return candidate ? candidate->score : 0;
}

/* Title right below the name, in smaller print: what cards look like. */
static double nearness(const struct ocr_look *look, const struct ocr_candidate *name, const struct ocr_candidate *title)
{
    if (!name || !title)
        return 0;
    struct ocr_text last = ocr_text_from_last(&name->text);
    struct ocr_box x = ocr_text_box(look, &last), y = ocr_text_box(look, &title->text);
    bool single = ocr_text_lone_word(&last) && last.height > 1.1 * title->text.height;
    double lone = single && ocr_role_person(look, title->text.text) && ocr_text_below(look, &last, &title->text, 1.2);
    if (ocr_text_below(look, &last, &title->text, 2.2)) /* the nearer the better */
        return lone * LONE_NAME + 1.5 - 0.5 * fmax(0, y.y - (x.y + x.h)) / fmax(x.h, y.h);
    return name->text.spans[0].line == title->text.spans[0].line ? 0.6 : 0;
}

/* Stands right below, in print no larger: where departments stand. */
static bool under(const struct ocr_look *look, const struct ocr_candidate *role, const struct ocr_text *text)
{
    struct ocr_text last = ocr_text_from_last(&role->text);
    return ocr_text_below(look, &last, text, 1.2) && text->height < 1.1 * role->text.height;
}

/* Stands right below the name or the title. */
static bool under_role(const struct ocr_look *look, const struct ocr_candidate *const pick[OCR_PICKS],
                       const struct ocr_text *text)
{
    static const enum ocr_pick roles[] = {OCR_PICK_NAME, OCR_PICK_TITLE};
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        const struct ocr_candidate *role = pick[roles[i]];
        if (role && under(look, role, text))
            return true;
    }
    return false;
}

static const struct ocr_candidate *option(const struct ocr_choice *c, enum ocr_pick what, size_t i)
{
    return i < c->n[what] ? &c->best[what][i] : NULL;
}

enum { OPTIONS = OCR_CHOICE_BEST + 1 }; /* the best few of one kind, and "none" */

/* What candidates say about each other, worked out once: the choice asks for every combination. */
struct relations {
    const struct ocr_candidate *at[OCR_PICKS][OPTIONS];
    bool apart[OCR_PICKS][OCR_PICKS][OPTIONS][OPTIONS]; /* no word in both */
    double nearness[OPTIONS][OPTIONS];                  /* of name and title */
    bool under[OCR_PICKS][OPTIONS][OCR_PICKS][OPTIONS]; /* what stands under a name or title */
};

static void relate_kinds(const struct ocr_look *look, struct relations *r, size_t a, size_t b)
{
    for (size_t i = 0; i < OPTIONS; i++)
        for (size_t k = 0; k < OPTIONS; k++) {
            const struct ocr_candidate *x = r->at[a][i], *y = r->at[b][k];
            r->apart[a][b][i][k] = !x || !y || !ocr_text_overlap(&x->text, &y->text);
            if (!x || !y || a == OCR_PICK_DEPARTMENT)
                continue;
            bool logo = a == OCR_PICK_ORGANIZATION && y->text.height <= OCR_CHOICE_LOGO * x->text.height;
            r->under[a][i][b][k] = !logo && under(look, x, &y->text);
        }
}

static void relate(const struct ocr_look *look, const struct ocr_choice *c, struct relations *r)
{
    for (size_t a = 0; a < OCR_PICKS; a++)
        for (size_t i = 0; i < OPTIONS; i++)
            r->at[a][i] = option(c, (enum ocr_pick)a, i);
    for (size_t a = 0; a < OCR_PICKS; a++)
        for (size_t b = 0; b < OCR_PICKS; b++)
            relate_kinds(look, r, a, b);
    for (size_t i = 0; i < OPTIONS; i++)
        for (size_t k = 0; k < OPTIONS; k++)
            r->nearness[i][k] = nearness(look, r->at[OCR_PICK_NAME][i], r->at[OCR_PICK_TITLE][k]);
}

/* In one combination `what` stands under `role`. */
static bool stands_under(const struct relations *r, const size_t at[OCR_PICKS], enum ocr_pick role, enum ocr_pick what)
{
    return r->under[role][at[role]][what][at[what]];
}

/* Of one combination, an index of each kind; below 0 when two of them share a word. */
static double value_of(const struct relations *r, const size_t at[OCR_PICKS])
{
    for (size_t i = 0; i < OCR_PICKS; i++)
        for (size_t k = i + 1; k < OCR_PICKS; k++)
            if (!r->apart[i][k][at[i]][at[k]])
                return -1e9;
    const struct ocr_candidate *organization = r->at[OCR_PICK_ORGANIZATION][at[OCR_PICK_ORGANIZATION]];
    double sum = r->nearness[at[OCR_PICK_NAME]][at[OCR_PICK_TITLE]];
    for (size_t i = 0; i < OCR_PICKS; i++)
        sum += worth(r->at[i][at[i]]);
    bool under_name = stands_under(r, at, OCR_PICK_NAME, OCR_PICK_DEPARTMENT);
    bool under_title = stands_under(r, at, OCR_PICK_TITLE, OCR_PICK_DEPARTMENT);
    bool under_company = stands_under(r, at, OCR_PICK_ORGANIZATION, OCR_PICK_DEPARTMENT);
    sum += under_title || (under_company && !under_name) ? 1.2 : under_name ? 0.6 : 0;
    if (organization && organization->score < 2 &&
        (stands_under(r, at, OCR_PICK_NAME, OCR_PICK_ORGANIZATION) ||
         stands_under(r, at, OCR_PICK_TITLE, OCR_PICK_ORGANIZATION)))
        sum -= 0.6;
    return sum;
}

/* All combinations of the best few of each kind, "none" among them: index n of a kind is none. */
static void choose(const struct ocr_look *look, const struct ocr_choice *c,
                   const struct ocr_candidate *ret_pick[OCR_PICKS])
{
    struct relations *r = arena_one(look->arena, struct relations);
    size_t at[OCR_PICKS], combinations = 1;
    double best = 0;
    relate(look, c, r);
    for (size_t i = 0; i < OCR_PICKS; i++)
        combinations *= c->n[i] + 1;
    for (size_t i = 0; i < combinations; i++) {
        size_t rest = i;
        for (size_t k = 0; k < OCR_PICKS; k++) {
            at[k] = rest % (c->n[k] + 1);
            rest /= c->n[k] + 1;
        }
        double value = value_of(r, at);
        if (value <= best)
            continue;
        best = value;
        for (size_t k = 0; k < OCR_PICKS; k++)
            ret_pick[k] = r->at[k][at[k]];
    }
}

/* When the best department is the rest of the title: the next one that is free and stands where departments do. */
static const struct ocr_candidate *next_department(const struct ocr_look *look, const struct ocr_choice *c,
                                                   const struct ocr_candidate *const pick[OCR_PICKS])
{
    for (size_t i = 0; i < c->n[OCR_PICK_DEPARTMENT]; i++) {
        const struct ocr_candidate *other = &c->best[OCR_PICK_DEPARTMENT][i], *over = pick[OCR_PICK_ORGANIZATION];
        bool placed = other->score > 0 || (over && under(look, over, &other->text));
        if (placed && ocr_text_free(look, &other->text))
            return other;
    }
    return NULL;
}

/* "Installation", "Mounting", "Beratung": a thing, not a person, by its ending. */
static bool thing(const struct ocr_look *look, struct ocr_span span)
{
    static const char *const ends[] = {"tion", "tions", "ment", "ung", "ing", "ness", "ity", "ance", "ence", "ings"};
    for (size_t i = span.from; i < span.to; i++)
        for (size_t k = 0; k < ARRAY_LEN(ends); k++)
            if (str_ends(look->lines[span.line].words[i].fold, str_c(ends[k])))
                return true;
    return false;
}

/* Nothing but its looks speaks for it, it was read well, and nothing is said against it. */
static bool weak_name(const struct ocr_look *look, const struct ocr_candidate *name)
{
    struct ocr_span span = name->text.spans[0];
    size_t words = span.to - span.from;
    return name->score > WEAK_NAME && name->text.n == 1 && (words == 2 || words == 3) && name->text.height > OWN_SIZE &&
           name->name.given.p && name->name.given.n > 1 && name->name.family.p &&
           ocr_look_confidence(look, span) > READ_WELL && !thing(look, span) &&
           ocr_organization_score(look, &name->text) < 0 && ocr_text_free(look, &name->text);
}

/* When no name was chosen: the only text that may be one. */
static const struct ocr_candidate *only_weak_name(const struct ocr_look *look, const struct ocr_choice *c)
{
    const struct ocr_candidate *only = NULL;
    for (size_t i = 0; i < c->n[OCR_PICK_NAME]; i++) {
        const struct ocr_candidate *name = &c->best[OCR_PICK_NAME][i];
        if (!weak_name(look, name))
            continue;
        if (only)
            return NULL;
        only = name;
    }
    return only;
}

void ocr_fields_arbitrate(struct ocr_look *look)
{
    struct ocr_choice *c = arena_one(look->arena, struct ocr_choice);
    const struct ocr_candidate *pick[OCR_PICKS] = {NULL};
    ocr_organization_domains(look);
    ocr_name_locals(look);
    ocr_choice_collect(look, c);
    choose(look, c, pick);
    const struct ocr_candidate *name = pick[OCR_PICK_NAME], *department = pick[OCR_PICK_DEPARTMENT];
    if (!name)
        name = only_weak_name(look, c);
    if (name)
        ocr_accept_name(look, name);
    if (pick[OCR_PICK_ORGANIZATION])
        ocr_accept_organization(look, pick[OCR_PICK_ORGANIZATION]);
    const struct ocr_candidate *title = pick[OCR_PICK_TITLE];
    bool rest = department && title && ocr_title_runs_on(look, &title->text, &department->text);
    bool head = department && title && ocr_title_runs_on(look, &department->text, &title->text);
    rest = rest || head;
    if (department && title && !rest)
        ocr_text_take(look, &department->text); /* or the title would go on with it */
    if (title)
        ocr_accept_title(look, c, title);
    if (rest)
        department = next_department(look, c, pick);
    if (department && !pick[OCR_PICK_TITLE] && under_role(look, pick, &department->text) &&
        ocr_role_function(look, department->text.text))
        department = NULL; /* "Sales & Marketing" below a name is what they do */
    if (department)
        ocr_text_take(look, &department->text);
    if (name && !look->job_title.value.p)
        ocr_accept_guessed_title(look, c, name);
    if (department)
        ocr_accept_department(look, c, department);
    for (size_t i = 0; i < c->n[OCR_PICK_ORGANIZATION] && !look->organization.value.p; i++) {
        const struct ocr_candidate *weak = &c->best[OCR_PICK_ORGANIZATION][i];
        if (weak->score > WEAK && ocr_text_free(look, &weak->text))
            ocr_accept_organization(look, weak);
    }
    if (!look->organization.value.p)
        ocr_accept_domain(look);
}

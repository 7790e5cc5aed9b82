/* The joint choice over the lines that are left: name, organisation, title and department together score highest, no
 * line twice. */
#include "contact/text.h"
#include "ocr/fields/choice/choice.h"

#include <math.h>

static const double WEAK = -0.7; /* an organisation that is taken when nothing better is left */

static double worth(const struct ocr_candidate *candidate)
{
    return candidate ? candidate->score : 0;
}

/* Title right below the name, in smaller print: what cards look like. */
static double nearness(const struct ocr_look *look, const struct ocr_candidate *name, const struct ocr_candidate *title)
{
    if (!name || !title)
        return 0;
    struct ocr_text last = name->text;
    last.spans[0] = last.spans[last.n - 1];
    struct ocr_box x = ocr_text_box(look, &last), y = ocr_text_box(look, &title->text);
    if (ocr_text_below(look, &last, &title->text, 2.2)) /* the nearer the better */
        return 1.5 - 0.5 * fmax(0, y.y - (x.y + x.h)) / fmax(x.h, y.h);
    return name->text.spans[0].line == title->text.spans[0].line ? 0.6 : 0;
}

/* Stands right below the name or the title, in print no larger: where departments stand. */
static bool under_role(const struct ocr_look *look, const struct ocr_candidate *const pick[OCR_PICKS],
                       const struct ocr_text *text)
{
    static const enum ocr_pick roles[] = {OCR_PICK_NAME, OCR_PICK_TITLE};
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        const struct ocr_candidate *role = pick[roles[i]];
        if (role && ocr_text_below(look, &role->text, text, 1.2) && text->height < 1.1 * role->text.height)
            return true;
    }
    return false;
}

static double value_of(const struct ocr_look *look, const struct ocr_candidate *const pick[OCR_PICKS])
{
    for (size_t i = 0; i < OCR_PICKS; i++)
        for (size_t k = i + 1; k < OCR_PICKS; k++)
            if (pick[i] && pick[k] && ocr_text_overlap(&pick[i]->text, &pick[k]->text))
                return -1e9;
    double sum = nearness(look, pick[OCR_PICK_NAME], pick[OCR_PICK_TITLE]);
    for (size_t i = 0; i < OCR_PICKS; i++)
        sum += worth(pick[i]);
    if (pick[OCR_PICK_DEPARTMENT] && under_role(look, pick, &pick[OCR_PICK_DEPARTMENT]->text))
        sum += 0.6;
    if (pick[OCR_PICK_ORGANIZATION] && pick[OCR_PICK_ORGANIZATION]->score < 2 &&
        under_role(look, pick, &pick[OCR_PICK_ORGANIZATION]->text))
        sum -= 0.6;
    return sum;
}

static const struct ocr_candidate *option(const struct ocr_choice *c, enum ocr_pick what, size_t i)
{
    return i < c->n[what] ? &c->best[what][i] : NULL;
}

/* All combinations of the best few of each kind, "none" among them. */
static void choose(const struct ocr_look *look, const struct ocr_choice *c,
                   const struct ocr_candidate *ret_pick[OCR_PICKS])
{
    double best = 0;
    size_t combinations =
        (size_t)(OCR_CHOICE_BEST + 1) * (OCR_CHOICE_BEST + 1) * (OCR_CHOICE_BEST + 1) * (OCR_CHOICE_BEST + 1);
    for (size_t i = 0; i < combinations; i++) {
        const struct ocr_candidate *pick[OCR_PICKS] = {
            option(c, OCR_PICK_NAME, i % (OCR_CHOICE_BEST + 1)),
            option(c, OCR_PICK_ORGANIZATION, i / (OCR_CHOICE_BEST + 1) % (OCR_CHOICE_BEST + 1)),
            option(c, OCR_PICK_TITLE, i / (OCR_CHOICE_BEST + 1) / (OCR_CHOICE_BEST + 1) % (OCR_CHOICE_BEST + 1)),
            option(c, OCR_PICK_DEPARTMENT, i / (OCR_CHOICE_BEST + 1) / (OCR_CHOICE_BEST + 1) / (OCR_CHOICE_BEST + 1)),
        };
        double value = value_of(look, pick);
        if (value <= best)
            continue;
        best = value;
        memcpy(ret_pick, pick, sizeof pick);
    }
}

void ocr_fields_arbitrate(struct ocr_look *look)
{
    struct ocr_choice *c = arena_one(look->arena, struct ocr_choice);
    const struct ocr_candidate *pick[OCR_PICKS] = {NULL};
    ocr_choice_collect(look, c);
    choose(look, c, pick);
    const struct ocr_candidate *name = pick[OCR_PICK_NAME], *department = pick[OCR_PICK_DEPARTMENT];
    if (name)
        ocr_accept_name(look, name);
    if (pick[OCR_PICK_ORGANIZATION])
        ocr_accept_organization(look, pick[OCR_PICK_ORGANIZATION]);
    if (pick[OCR_PICK_TITLE])
        ocr_accept_title(look, c, pick[OCR_PICK_TITLE]);
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

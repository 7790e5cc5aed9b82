/* What a CRM's own description of its fields says against a mapping; see mapping.h. */
#include "crm-connectors/mapping/mapping.h"

#include "crm-connectors/mapping/ours.h"

struct checking {
    const struct crm_judging *judging;
    struct arena *arena;
    struct crm_finding *found;
    size_t n, most;
};

static void add(struct checking *c, struct crm_finding finding)
{
    if (c->n < c->most)
        c->found[c->n++] = finding;
}

static bool is_company(const struct checking *c, struct str theirs)
{
    const char *company = c->judging->connector->company;
    return company && str_eq(str_c(company), theirs);
}

/* Whether a text of ours can stand in a field of that type. */
static bool type_fits(const struct crm_ours *ours, const struct crm_field *field)
{
    const char *name = crm_ours_field(ours);
    switch ((enum crm_field_type)field->type) {
    case CRM_FIELD_TEXT:
    case CRM_FIELD_LONG_TEXT:
        return true;
    case CRM_FIELD_EMAIL:
        return strcmp(name, "emails") == 0;
    case CRM_FIELD_PHONE:
        return strcmp(name, "phones") == 0;
    case CRM_FIELD_URL:
        return strcmp(name, "urls") == 0;
    case CRM_FIELD_CHOICE:
        return !field->bare && ours->slot.part != CRM_SLOT_VALUE;
    case CRM_FIELD_CHOICES:
    case CRM_FIELD_YES_NO:
    case CRM_FIELD_NUMBER:
    case CRM_FIELD_DATE:
    case CRM_FIELD_REFERENCE:
    case CRM_FIELD_OTHER:
        break;
    }
    return false;
}

/* A choice that the field had then and has no more; absent when there is none. */
static struct str choice_lost(const struct crm_field *now, const struct crm_field *then)
{
    const struct crm_choice *choices = then->choices.items;
    for (size_t i = 0; then->strict && i < then->choices.n; i++)
        if (!crm_field_offers(now, choices[i].value))
            return choices[i].value;
    return STR_NONE;
}

static void check_drift(struct checking *c, const struct crm_field *now, struct crm_finding about)
{
    const struct crm_field *then = crm_field_find(c->judging->then, now->name);
    if (!then)
        return;
    about.error = false;
    about.length = now->length;
    about.misfit = CRM_MISFIT_SHORTER;
    if (now->length && (!then->length || now->length < then->length))
        add(c, about);
    about.misfit = CRM_MISFIT_FEWER;
    about.value = choice_lost(now, then);
    if (about.value.p)
        add(c, about);
}

static void check_row(struct checking *c, const struct crm_mapping_row *row)
{
    const struct crm_field *field = crm_field_find(c->judging->now, row->theirs);
    const struct crm_ours *ours = c->judging->connector->slots ? crm_ours_find(row->ours) : NULL;
    struct crm_finding about = {.error = true, .ours = row->ours, .theirs = row->theirs};
    if (is_company(c, row->theirs))
        return;
    if (!field) {
        about.misfit = CRM_MISFIT_GONE;
        add(c, about);
        return;
    }
    about.label = field->label;
    about.length = field->length;
    if (!field->create && !field->update)
        about.misfit = CRM_MISFIT_READ_ONLY;
    else if (ours && !type_fits(ours, field))
        about.misfit = CRM_MISFIT_TYPE;
    if (about.misfit != CRM_FITS) {
        add(c, about);
        return;
    }
    about.error = false;
    if (!field->update) {
        about.misfit = CRM_MISFIT_NEW_ONLY;
        add(c, about);
    }
    if (field->strict && field->type == CRM_FIELD_CHOICE) {
        about.misfit = CRM_MISFIT_LIST;
        add(c, about);
    } else if (ours && field->length && field->length < ours->wants) {
        about.misfit = CRM_MISFIT_SHORT;
        add(c, about);
    }
    check_drift(c, field, about);
}

static void check_constant(struct checking *c, const struct crm_mapping_constant *constant)
{
    const struct crm_field *field = crm_field_find(c->judging->now, constant->theirs);
    struct crm_finding about = {.error = true, .theirs = constant->theirs, .value = constant->value};
    if (field) {
        about.label = field->label;
        about.length = field->length;
    }
    if (!field)
        about.misfit = CRM_MISFIT_GONE;
    else if (!field->create)
        about.misfit = CRM_MISFIT_READ_ONLY;
    else if (field->type == CRM_FIELD_OTHER || (field->bare && !crm_field_bare(constant->value, c->arena)))
        about.misfit = CRM_MISFIT_TYPE;
    else if (!crm_field_offers(field, constant->value))
        about.misfit = CRM_MISFIT_CHOICE;
    else if (!crm_field_long_enough(field, constant->value))
        about.misfit = CRM_MISFIT_LONG;
    if (about.misfit != CRM_FITS)
        add(c, about);
}

static bool filled(const struct crm_mapping_doc *doc, struct str theirs)
{
    const struct crm_mapping_row *rows = doc->rows.items;
    const struct crm_mapping_constant *constants = doc->constants.items;
    for (size_t i = 0; i < doc->rows.n; i++)
        if (str_eq(rows[i].theirs, theirs))
            return true;
    for (size_t i = 0; i < doc->constants.n; i++)
        if (str_eq(constants[i].theirs, theirs))
            return true;
    return false;
}

/* One place there that several of our fields make ("party.name"): better all of them or none. */
static void check_together(struct checking *c)
{
    const struct crm_connector *connector = c->judging->connector;
    for (size_t i = 0; !connector->slots && i < connector->map.n; i++) {
        const struct crm_map *own = &connector->map.rows[i];
        const struct crm_mapping_row *rows = c->judging->doc->rows.items;
        bool there = false;
        for (size_t k = 0; k < c->judging->doc->rows.n; k++)
            there = there || str_eq(rows[k].ours, str_c(own->field));
        if (!there && filled(c->judging->doc, str_c(own->remote)))
            add(c, (struct crm_finding){
                       .misfit = CRM_MISFIT_TOGETHER, .ours = str_c(own->field), .theirs = str_c(own->remote)});
    }
}

struct json_list crm_mapping_check(const struct crm_judging *judging, struct arena *arena)
{
    const struct crm_mapping_doc *doc = judging->doc;
    const struct crm_field *all = judging->now.items;
    const struct crm_mapping_row *rows = doc->rows.items;
    const struct crm_mapping_constant *constants = doc->constants.items;
    struct checking c = {.judging = judging, .arena = arena, .most = 4 * (doc->rows.n + doc->constants.n) + 50};
    c.found = arena_array(arena, c.most, sizeof *c.found);
    for (size_t i = 0; i < doc->rows.n; i++)
        check_row(&c, &rows[i]);
    for (size_t i = 0; i < doc->constants.n; i++)
        check_constant(&c, &constants[i]);
    for (size_t i = 0; i < judging->now.n; i++)
        if (all[i].required && all[i].create && !filled(doc, all[i].name))
            add(&c, (struct crm_finding){.misfit = CRM_MISFIT_NEEDED, .theirs = all[i].name, .label = all[i].label});
    check_together(&c);
    return (struct json_list){c.found, c.n};
}

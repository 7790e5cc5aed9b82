/* See company.h. */
#include "flow/merge/company.h"

#include "contact/company.h"
#include "flow/common.h"
#include "flow/crm/policy.h"

enum { SHORTEST = 3 }; /* of a word that is worth a search of its own */

static struct json_list companies_copy(const struct json_list *found, struct arena *arena)
{
    const struct crm_company *from = found->items;
    struct flow_company *to = arena_array(arena, found->n + 1, sizeof *to);
    for (size_t i = 0; i < found->n; i++)
        to[i] = (struct flow_company){str_dup(arena, from[i].id), str_dup(arena, from[i].name),
                                      from[i].place.p ? str_dup(arena, from[i].place) : STR_NONE};
    return (struct json_list){to, found->n};
}

int flow_company_find(struct flow_crm *crm, struct str text, struct arena *arena, struct json_list *ret_companies,
                      struct err *err)
{
    struct crm_result result = {.outcome = CRM_NONE};
    if (!crm->connector->companies || !crm->mapping.company)
        return err_set(err, ERR_NOT_FOUND, "%s", "companies");
    int r = crm->connector->companies(&crm->lent, text, crm->arena, &result, err);
    flow_crm_note(crm, &result, r < 0 ? err : NULL);
    if (r < 0 || flow_crm_judge(&result, err) < 0)
        return -1;
    *ret_companies = companies_copy(&result.companies, arena);
    return 0;
}

int flow_company_choose(struct flow_crm *crm, const struct flow_company *choice, struct flow_plan *plan,
                        struct err *err)
{
    struct json_list found = {0};
    if (!crm->connector->companies || !crm->mapping.company)
        return err_field(err, ERR_INVALID, "/company", "%s", "this connection links no companies");
    bool there = flow_company_made(crm, choice);
    if (!there && flow_company_find(crm, choice->name, crm->arena, &found, err) < 0)
        return -1;
    const struct flow_company *companies = found.items;
    for (size_t i = 0; i < found.n && !there; i++)
        there = str_eq(companies[i].id, choice->id) && str_eq(companies[i].name, choice->name);
    if (!there)
        return err_field(err, ERR_INVALID, "/company", "%s", "the CRM has no such company");
    plan->company = str_dup(crm->arena, choice->id);
    plan->after.organization = str_dup(crm->arena, choice->name);
    flow_overrule(&plan->rulings, "organization");
    return 0;
}

/* "Muster Maschinenbau GmbH & Co. KG" without what says nothing but the legal form. */
static struct str name_core(struct str name, struct arena *arena)
{
    struct contact_company whole, part;
    struct str core = str_trim(name);
    contact_company_form(name, arena, &whole);
    for (size_t at = core.n; at > 0; at--) {
        if (core.p[at - 1] != ' ')
            continue;
        struct str shorter = str_trim(str_slice(core, 0, at - 1));
        contact_company_form(shorter, arena, &part);
        if (shorter.n == 0 || !str_eq(part.core, whole.core))
            break;
        core = shorter;
        at = core.n + 1;
    }
    return core;
}

/* Names alike: those with the same core, else those with its first word. */
static struct json_list proposals(struct flow_crm *crm, struct str name, struct arena *arena)
{
    struct json_list found = {0};
    struct str core = name_core(name, crm->arena);
    ptrdiff_t blank = str_find(core, STR(" "), 0);
    struct str first = blank > 0 ? str_slice(core, 0, (size_t)blank) : core;
    struct err ignored;
    if (core.n >= SHORTEST && flow_company_find(crm, core, arena, &found, &ignored) < 0)
        return (struct json_list){0};
    if (found.n == 0 && first.n >= SHORTEST && first.n < core.n)
        (void)flow_company_find(crm, first, arena, &found, &ignored);
    return found;
}

struct flow_company_question *flow_company_ask(struct flow_crm *crm, const struct flow_plan *plan,
                                               const struct crm_result *said, struct arena *arena)
{
    struct str name = plan->after.organization;
    if (said->company != CRM_NONE && said->company != CRM_MANY)
        return NULL;
    struct flow_company_question *question = arena_one(arena, struct flow_company_question);
    bool several = said->company == CRM_MANY;
    *question = (struct flow_company_question){
        .found = several ? FLOW_COMPANY_SEVERAL : FLOW_COMPANY_NONE,
        .name = str_dup(arena, name),
        .choices = several ? companies_copy(&said->companies, arena) : proposals(crm, name, arena),
        .can_make = !several && flow_company_can_make(crm),
    };
    return question;
}

int flow_companies(const struct flow *flow, const struct flow_actor *actor, const struct flow_company_query *query,
                   struct arena *arena, struct json_list *ret_companies, struct err *err)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    struct str text = str_trim(query->text);
    if (flow_crm_open(flow, &actor->org, &query->connection, &crm, err) < 0 ||
        flow_permit_plan(crm.row.policy, err) < 0)
        return -1;
    if (text.n < FLOW_COMPANY_SHORTEST || text.n > FLOW_COMPANY_LONGEST)
        return err_field(err, ERR_INVALID, "/q", "%d to %d bytes", FLOW_COMPANY_SHORTEST, FLOW_COMPANY_LONGEST);
    return flow_company_find(&crm, text, arena, ret_companies, err);
}

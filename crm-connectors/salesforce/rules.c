/* The org's duplicate rules for an object, as the API of its own pages tells them to the connected user: the object
 * DuplicateRule says neither what a rule does nor anything to users who may not see the set-up. */
#include "crm-connectors/salesforce/parts.h"

static bool is_among(struct str list, struct str word, struct arena *arena)
{
    struct json_list items = {0};
    struct err ignored;
    if (!list.p || json_items(list, arena, &items, &ignored) < 0)
        return false;
    for (size_t i = 0; i < items.n; i++)
        if (str_eq(json_unquote(((const struct str *)items.items)[i], arena), word))
            return true;
    return false;
}

/* {"name":…,"active":true,"actionOnInsert":"Allow","operationsOnInsert":["Alert","Report"]}; false: it does nothing. */
static bool rule_of(struct str object, struct arena *arena, struct crm_rule *ret)
{
    static const char *const names[] = {"name", "active", "actionOnInsert"};
    struct str m[ARRAY_LEN(names)], operations;
    struct err ignored;
    if (json_members(object, names, ARRAY_LEN(names), arena, m, &ignored) < 0 ||
        json_member(object, "operationsOnInsert", arena, &operations, &ignored) < 0 || !str_eq(m[1], STR("true")))
        return false;
    *ret = (struct crm_rule){.name = m[0], .mode = CRM_RULE_NOTES};
    if (str_eq(m[2], STR("Block")))
        ret->mode = CRM_RULE_BLOCKS;
    else if (is_among(operations, STR("Alert"), arena))
        ret->mode = CRM_RULE_WARNS;
    return true;
}

int crm_salesforce_rules(const struct crm_rest *rest, struct crm_rules *ret_rules, struct crm_result *ret,
                         struct err *err)
{
    static const char *const names[] = {"dedupeEnabled"};
    const struct crm_call call = {
        .method = "GET",
        .path = str_printf(rest->arena, "/ui-api/duplicates/%s", crm_salesforce_object(rest)->name),
    };
    struct crm_answer answer;
    struct json_list items = {0};
    struct str list = STR_NONE, enabled = STR_NONE;
    struct err broken;
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r < 1)
        return r;
    if (json_members(answer.body, names, 1, rest->arena, &enabled, &broken) < 0 || !enabled.p ||
        json_member(answer.body, "duplicateRules", rest->arena, &list, &broken) < 0 || !list.p ||
        json_items(list, rest->arena, &items, &broken) < 0) {
        crm_rest_broken(false, ret);
        return 0;
    }
    struct crm_rule *rules = arena_array(rest->arena, CRM_RULES_MAX, sizeof *rules);
    *ret_rules = (struct crm_rules){.list = {rules, 0}}; /* "not enabled" says no more than that no rule is active */
    for (size_t i = 0; i < items.n && ret_rules->list.n < CRM_RULES_MAX; i++)
        ret_rules->list.n += rule_of(((const struct str *)items.items)[i], rest->arena, &rules[ret_rules->list.n]);
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return 0;
}

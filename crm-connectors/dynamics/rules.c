/* Published rules of the environment for a table. To people its pages show what they found; our creates ask for the
 * search (MSCRM.SuppressDuplicateDetection: false) and are refused. */
#include "crm-connectors/dynamics/parts.h"

/* Whether the environment searches at all: 1 with *ret_on, 0 with a result, -1. */
static int search_is_on(const struct crm_rest *rest, bool *ret_on, struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"isduplicatedetectionenabled",
                                        "isduplicatedetectionenabledforonlinecreateupdate"};
    struct str path = str_printf(rest->arena, "/organizations?$select=%s,%s", names[0], names[1]);
    struct str m[ARRAY_LEN(names)];
    struct crm_odata_list list;
    struct json_list items = {0};
    struct err broken;
    int r = crm_odata_list(rest, path, STR_NONE, &list, ret, err);
    if (r < 1)
        return r;
    if (json_items(list.value, rest->arena, &items, &broken) < 0 || items.n != 1 ||
        json_members(*(const struct str *)items.items, names, ARRAY_LEN(names), rest->arena, m, &broken) < 0 ||
        !m[0].p || !m[1].p) {
        crm_rest_broken(false, ret);
        return 0;
    }
    *ret_on = str_eq(m[0], STR("true")) && str_eq(m[1], STR("true"));
    return 1;
}

int crm_dynamics_rules(const struct crm_rest *rest, struct crm_rules *ret_rules, struct crm_result *ret,
                       struct err *err)
{
    static const char *const names[] = {"name"};
    struct crm_rule *rules = arena_array(rest->arena, CRM_RULES_MAX, sizeof *rules);
    struct strbuf path = {.arena = rest->arena}, filter = {.arena = rest->arena};
    struct crm_odata_list list;
    struct json_list items = {0};
    struct err broken;
    bool on = false;
    int r = search_is_on(rest, &on, ret, err);
    if (r < 1)
        return r;
    strbuf_add_c(&filter, "statecode eq 1 and baseentityname eq "); /* active: published */
    crm_odata_literal(&filter, str_c(crm_dynamics_table(rest)->name));
    strbuf_printf(&path, "/duplicaterules?$select=name&$orderby=name&$top=%d", CRM_RULES_MAX);
    crm_odata_option(&path, "$filter", strbuf_str(&filter));
    r = crm_odata_list(rest, strbuf_str(&path), STR_NONE, &list, ret, err);
    if (r < 1)
        return r;
    if (json_items(list.value, rest->arena, &items, &broken) < 0) {
        crm_rest_broken(false, ret);
        return 0;
    }
    *ret_rules = (struct crm_rules){.off = !on, .list = {rules, 0}};
    for (size_t i = 0; i < items.n && ret_rules->list.n < CRM_RULES_MAX; i++) {
        struct crm_rule *rule = &rules[ret_rules->list.n];
        *rule = (struct crm_rule){.mode = CRM_RULE_WARNS};
        if (json_members(((const struct str *)items.items)[i], names, 1, rest->arena, &rule->name, &broken) == 0)
            ret_rules->list.n++;
    }
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return 0;
}

/* Fields of Contact as Salesforce describes them to the connected user: what field-level security hides is not there.
 */
#include "crm-connectors/salesforce/parts.h"

static const struct crm_field_word types[] = {
    {"string", CRM_FIELD_TEXT, false},     {"textarea", CRM_FIELD_LONG_TEXT, false},
    {"combobox", CRM_FIELD_TEXT, false},   {"email", CRM_FIELD_EMAIL, false},
    {"phone", CRM_FIELD_PHONE, false},     {"url", CRM_FIELD_URL, false},
    {"picklist", CRM_FIELD_CHOICE, false}, {"multipicklist", CRM_FIELD_CHOICES, false},
    {"boolean", CRM_FIELD_YES_NO, true},   {"int", CRM_FIELD_NUMBER, true},
    {"double", CRM_FIELD_NUMBER, true},    {"currency", CRM_FIELD_NUMBER, true},
    {"percent", CRM_FIELD_NUMBER, true},   {"date", CRM_FIELD_DATE, false},
    {"datetime", CRM_FIELD_DATE, false},   {"reference", CRM_FIELD_REFERENCE, false},
};

static bool truth(struct str text)
{
    return str_eq(text, STR("true"));
}

/* Active ones of {"value":…,"label":…,"active":true}. */
static bool choice_of(struct str object, struct arena *arena, struct crm_choice *ret)
{
    static const char *const names[] = {"value", "label", "active"};
    struct str m[ARRAY_LEN(names)];
    struct err ignored;
    if (json_members(object, names, ARRAY_LEN(names), arena, m, &ignored) < 0 || !m[0].p || !truth(m[2]))
        return false;
    *ret = (struct crm_choice){m[0], str_eq(m[0], m[1]) ? STR_NONE : m[1]};
    return true;
}

enum { NAME, LABEL, TYPE, LENGTH, NILLABLE, FILLED, CREATE, UPDATE, CUSTOM, STRICT, MEMBERS };

static int field_of(struct str object, struct arena *arena, struct crm_field *ret, struct err *err)
{
    static const char *const names[MEMBERS] = {"name",       "label",
                                               "type",       "length",
                                               "nillable",   "defaultedOnCreate",
                                               "createable", "updateable",
                                               "custom",     "restrictedPicklist"};
    struct str m[MEMBERS], choices;
    if (json_members(object, names, MEMBERS, arena, m, err) < 0 ||
        json_member(object, "picklistValues", arena, &choices, err) < 0)
        return -1;
    if (str_empty(m[NAME]))
        return err_set(err, ERR_BAD_JSON, "%s", "a field without name");
    *ret = (struct crm_field){.name = m[NAME],
                              .label = m[LABEL],
                              .type = CRM_FIELD_OTHER,
                              .create = truth(m[CREATE]),
                              .update = truth(m[UPDATE]),
                              .custom = truth(m[CUSTOM]),
                              .strict = truth(m[STRICT]),
                              .choices = crm_choices_read(choices, choice_of, arena)};
    ret->required = ret->create && str_eq(m[NILLABLE], STR("false")) && !truth(m[FILLED]);
    (void)str_to_int(m[LENGTH], 0, INT64_MAX, &ret->length);
    crm_field_typed(ret, types, ARRAY_LEN(types), m[TYPE]);
    return 0;
}

int crm_salesforce_fields(const struct crm_rest *rest, struct crm_result *ret, struct json_list *ret_fields,
                          struct err *err)
{
    const struct crm_call call = {.method = "GET", .path = crm_salesforce_describe(rest)};
    struct crm_answer answer;
    struct str list = STR_NONE;
    struct err broken;
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r < 1)
        return r;
    if (json_member(answer.body, "fields", rest->arena, &list, &broken) == 0 && list.p &&
        crm_fields_read(list, field_of, rest->arena, ret_fields, &broken) == 0)
        *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    else
        crm_rest_broken(false, ret);
    return 0;
}

/* Properties of contacts as HubSpot describes them. Every value is written as text there, numbers too; no length is
 * published. */
#include "crm-connectors/hubspot/parts.h"

/* "type", or "type/fieldType" where that decides. */
static const struct crm_field_word types[] = {
    {"enumeration/checkbox", CRM_FIELD_CHOICES, false},
    {"enumeration", CRM_FIELD_CHOICE, false},
    {"string/textarea", CRM_FIELD_LONG_TEXT, false},
    {"string/phonenumber", CRM_FIELD_PHONE, false},
    {"string/text", CRM_FIELD_TEXT, false},
    {"string", CRM_FIELD_OTHER, false}, /* files, calculations */
    {"phone_number", CRM_FIELD_PHONE, false},
    {"bool", CRM_FIELD_YES_NO, false},
    {"number", CRM_FIELD_NUMBER, false},
    {"date", CRM_FIELD_DATE, false},
    {"datetime", CRM_FIELD_DATE, false},
};

static bool choice_of(struct str object, struct arena *arena, struct crm_choice *ret)
{
    static const char *const names[] = {"value", "label", "hidden"};
    struct str m[ARRAY_LEN(names)];
    struct err ignored;
    if (json_members(object, names, ARRAY_LEN(names), arena, m, &ignored) < 0 || !m[0].p || str_eq(m[2], STR("true")))
        return false;
    *ret = (struct crm_choice){m[0], str_eq(m[0], m[1]) ? STR_NONE : m[1]};
    return true;
}

enum { NAME, LABEL, TYPE, INPUT, CALCULATED, OWN, MEMBERS };

static int field_of(struct str object, struct arena *arena, struct crm_field *ret, struct err *err)
{
    static const char *const names[MEMBERS] = {"name", "label", "type", "fieldType", "calculated", "hubspotDefined"};
    static const char *const fixed[] = {"readOnlyValue"};
    struct str m[MEMBERS], more, options, read_only = STR_NONE;
    if (json_members(object, names, MEMBERS, arena, m, err) < 0 ||
        json_member(object, "modificationMetadata", arena, &more, err) < 0 ||
        json_member(object, "options", arena, &options, err) < 0 ||
        (more.p && json_members(more, fixed, 1, arena, &read_only, err) < 0))
        return -1;
    if (str_empty(m[NAME]))
        return err_set(err, ERR_BAD_JSON, "%s", "a property without name");
    bool writable = !str_eq(read_only, STR("true")) && !str_eq(m[CALCULATED], STR("true"));
    *ret = (struct crm_field){.name = m[NAME],
                              .label = m[LABEL],
                              .type = CRM_FIELD_OTHER,
                              .create = writable,
                              .update = writable,
                              .custom = !str_eq(m[OWN], STR("true")),
                              .choices = crm_choices_read(options, choice_of, arena)};
    crm_field_typed(ret, types, ARRAY_LEN(types), m[TYPE]);
    crm_field_typed(ret, types, ARRAY_LEN(types), str_printf(arena, "%.*s/%.*s", STR_ARG(m[TYPE]), STR_ARG(m[INPUT])));
    ret->strict = ret->type == CRM_FIELD_CHOICE;
    return 0;
}

int crm_hubspot_fields(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct json_list *ret_fields,
                       struct err *err)
{
    const struct crm_call call = {.method = "GET", .path = STR("/crm/v3/properties/contacts")};
    struct crm_rest rest;
    struct str list, whole;
    struct err broken;
    if (crm_hubspot_open(lent, arena, &rest, err) < 0)
        return -1;
    int r = crm_hubspot_list(&rest, &call, &list, &whole, ret, err);
    if (r < 1)
        return r;
    if (crm_fields_read(list, field_of, arena, ret_fields, &broken) == 0)
        *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    else
        crm_rest_broken(false, ret);
    return 0;
}

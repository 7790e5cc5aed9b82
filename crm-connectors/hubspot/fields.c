/* Properties of contacts as HubSpot describes them. Every value is written as text there, numbers too; no length is
 * published. */
#include "crm-connectors/hubspot/parts.h"

static const struct {
    const char *word; /* "type", or "type/fieldType" where that decides */
    enum crm_field_type type;
} types[] = {
    {"enumeration/checkbox", CRM_FIELD_CHOICES},
    {"enumeration", CRM_FIELD_CHOICE},
    {"string/textarea", CRM_FIELD_LONG_TEXT},
    {"string/phonenumber", CRM_FIELD_PHONE},
    {"string/text", CRM_FIELD_TEXT},
    {"string", CRM_FIELD_OTHER}, /* files, calculations */
    {"phone_number", CRM_FIELD_PHONE},
    {"bool", CRM_FIELD_YES_NO},
    {"number", CRM_FIELD_NUMBER},
    {"date", CRM_FIELD_DATE},
    {"datetime", CRM_FIELD_DATE},
};

static struct json_list choices_of(struct str list, struct arena *arena)
{
    static const char *const names[] = {"value", "label", "hidden"};
    struct json_list items = {0};
    struct str m[ARRAY_LEN(names)];
    struct err ignored;
    if (!list.p || json_items(list, arena, &items, &ignored) < 0)
        return (struct json_list){NULL, 0};
    struct crm_choice *choices = arena_array(arena, items.n + 1, sizeof *choices);
    size_t n = 0;
    for (size_t i = 0; i < items.n && n < CRM_CHOICES_MAX; i++)
        if (json_members(((const struct str *)items.items)[i], names, ARRAY_LEN(names), arena, m, &ignored) == 0 &&
            m[0].p && !str_eq(m[2], STR("true")))
            choices[n++] = (struct crm_choice){m[0], str_eq(m[0], m[1]) ? STR_NONE : m[1]};
    return (struct json_list){choices, n};
}

static enum crm_field_type type_of(struct str type, struct str input, struct arena *arena)
{
    struct str both = str_printf(arena, "%.*s/%.*s", STR_ARG(type), STR_ARG(input));
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (str_eq(both, str_c(types[i].word)) || str_eq(type, str_c(types[i].word)))
            return types[i].type;
    return CRM_FIELD_OTHER;
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
                              .type = type_of(m[TYPE], m[INPUT], arena),
                              .create = writable,
                              .update = writable,
                              .custom = !str_eq(m[OWN], STR("true")),
                              .choices = choices_of(options, arena)};
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

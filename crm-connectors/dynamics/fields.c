/* Columns of the table Contact as Dataverse describes them: one list for all, and one each for what only texts, long
 * texts and choices have. Numbers stand for choices there, so a text of ours cannot be one of them; a lookup is written
 * under a name of its own ("ownerid@odata.bind": "/systemusers(…)"). */
#include "crm-connectors/dynamics/parts.h"

#define METADATA "/Microsoft.Dynamics.CRM."

static const struct crm_field_word types[] = {
    {"String", CRM_FIELD_TEXT, false},      {"Memo", CRM_FIELD_LONG_TEXT, false},  {"Picklist", CRM_FIELD_CHOICE, true},
    {"Boolean", CRM_FIELD_YES_NO, true},    {"Integer", CRM_FIELD_NUMBER, true},   {"Decimal", CRM_FIELD_NUMBER, true},
    {"Double", CRM_FIELD_NUMBER, true},     {"Money", CRM_FIELD_NUMBER, true},     {"DateTime", CRM_FIELD_DATE, false},
    {"Lookup", CRM_FIELD_REFERENCE, false}, {"Owner", CRM_FIELD_REFERENCE, false},
};

/* Text of {"UserLocalizedLabel":{"Label":"…"}}. */
static struct str label_of(struct str json, struct arena *arena)
{
    static const char *const names[] = {"Label"};
    struct str local = STR_NONE, label = STR_NONE;
    struct err ignored;
    if (json.p && json_member(json, "UserLocalizedLabel", arena, &local, &ignored) == 0 && local.p)
        (void)json_members(local, names, 1, arena, &label, &ignored);
    return label;
}

enum { NAME, TYPE, CREATE, UPDATE, CUSTOM, MEMBERS };

static int field_of(struct str object, struct arena *arena, struct crm_field *ret, struct err *err)
{
    static const char *const names[MEMBERS] = {"LogicalName", "AttributeType", "IsValidForCreate", "IsValidForUpdate",
                                               "IsCustomAttribute"};
    static const char *const value[] = {"Value"};
    struct str m[MEMBERS], level = STR_NONE, required, label;
    if (json_members(object, names, MEMBERS, arena, m, err) < 0 ||
        json_member(object, "RequiredLevel", arena, &required, err) < 0 ||
        json_member(object, "DisplayName", arena, &label, err) < 0 ||
        (required.p && json_members(required, value, 1, arena, &level, err) < 0))
        return -1;
    if (str_empty(m[NAME]))
        return err_set(err, ERR_BAD_JSON, "%s", "a column without name");
    *ret = (struct crm_field){.name = m[NAME],
                              .label = label_of(label, arena),
                              .type = CRM_FIELD_OTHER,
                              .required = str_eq(level, STR("ApplicationRequired")),
                              .create = str_eq(m[CREATE], STR("true")),
                              .update = str_eq(m[UPDATE], STR("true")),
                              .custom = str_eq(m[CUSTOM], STR("true"))};
    crm_field_typed(ret, types, ARRAY_LEN(types), m[TYPE]);
    if (ret->type == CRM_FIELD_REFERENCE)
        ret->name = str_printf(arena, "%.*s@odata.bind", STR_ARG(m[NAME]));
    return 0;
}

/* {"Value":1,"Label":{…}}. */
static bool choice_of(struct str object, struct arena *arena, struct crm_choice *ret)
{
    static const char *const names[] = {"Value"};
    struct str label, value;
    struct err ignored;
    if (json_members(object, names, 1, arena, &value, &ignored) < 0 || !value.p ||
        json_member(object, "Label", arena, &label, &ignored) < 0)
        return false;
    *ret = (struct crm_choice){value, label_of(label, arena)};
    return true;
}

/* Those of OptionSet.Options. */
static struct json_list choices_of(struct str object, struct arena *arena)
{
    struct str set = STR_NONE, options = STR_NONE;
    struct err ignored;
    if (json_member(object, "OptionSet", arena, &set, &ignored) < 0 || !set.p ||
        json_member(set, "Options", arena, &options, &ignored) < 0)
        return (struct json_list){NULL, 0};
    return crm_choices_read(options, choice_of, arena);
}

/* What one kind of column has besides: 1, 0, -1. */
static int add_details(const struct crm_rest *rest, struct str path, const struct json_list *fields,
                       struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"LogicalName", "MaxLength"};
    struct crm_odata_list list;
    struct json_list items = {0};
    struct str m[ARRAY_LEN(names)];
    struct err broken;
    int r = crm_odata_list(rest, path, STR_NONE, &list, ret, err);
    if (r < 1)
        return r;
    if (json_items(list.value, rest->arena, &items, &broken) < 0) {
        crm_rest_broken(false, ret);
        return 0;
    }
    for (size_t i = 0; i < items.n; i++) {
        struct str object = ((const struct str *)items.items)[i];
        const struct crm_field *found = NULL;
        if (json_members(object, names, ARRAY_LEN(names), rest->arena, m, &broken) == 0)
            found = crm_field_find(*fields, m[0]);
        if (!found)
            continue;
        struct crm_field *field = (struct crm_field *)fields->items + (found - (const struct crm_field *)fields->items);
        (void)str_to_int(m[1], 0, INT64_MAX, &field->length);
        field->choices = choices_of(object, rest->arena);
        field->strict = field->choices.n > 0;
    }
    return 1;
}

int crm_dynamics_fields(const struct crm_rest *rest, struct crm_result *ret, struct json_list *ret_fields,
                        struct err *err)
{
    static const char *const details[] = {
        METADATA "StringAttributeMetadata?$select=LogicalName,MaxLength",
        METADATA "MemoAttributeMetadata?$select=LogicalName,MaxLength",
        METADATA "PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)",
    };
    struct str attributes =
        str_printf(rest->arena, "/EntityDefinitions(LogicalName='%s')/Attributes", crm_dynamics_table(rest)->name);
    struct crm_odata_list list;
    struct json_list fields;
    struct err broken;
    int r = crm_odata_list(rest,
                           str_printf(rest->arena,
                                      "%.*s?$select=LogicalName,AttributeType,DisplayName,RequiredLevel,"
                                      "IsValidForCreate,IsValidForUpdate,IsCustomAttribute",
                                      STR_ARG(attributes)),
                           STR_NONE, &list, ret, err);
    if (r < 1)
        return r;
    if (crm_fields_read(list.value, field_of, rest->arena, &fields, &broken) < 0) {
        crm_rest_broken(false, ret);
        return 0;
    }
    for (size_t i = 0; i < ARRAY_LEN(details); i++) {
        r = add_details(rest, str_printf(rest->arena, "%.*s%s", STR_ARG(attributes), details[i]), &fields, ret, err);
        if (r < 1)
            return r;
    }
    *ret_fields = fields;
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return 0;
}

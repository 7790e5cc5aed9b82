/* What this database's parties, addresses and contact mechanisms have: modules add and hide fields. */
#include "crm-connectors/mapping/shipped.h"
#include "crm-connectors/tryton/tryton.h"

/* Where each place of the map lies. */
static const struct {
    const char *place, *model, *field;
    enum crm_field_type type;
} places[] = {
    {"party.name", "party.party", "name", CRM_FIELD_TEXT},
    {"address.party_name", "party.address", "party_name", CRM_FIELD_TEXT},
    {"address", "party.address", "street", CRM_FIELD_LONG_TEXT},
    {"contact_mechanism email", "party.contact_mechanism", "value", CRM_FIELD_EMAIL},
    {"contact_mechanism phone, mobile, fax", "party.contact_mechanism", "value", CRM_FIELD_PHONE},
    {"contact_mechanism website", "party.contact_mechanism", "value", CRM_FIELD_URL},
};

/* One model's description of one field, absent when it has none such: 1, 0, -1. */
static int describe(const struct crm_tryton_door *door, const char *model, const char *field, struct str *ret_json,
                    struct crm_result *ret, struct err *err)
{
    struct str json, method = str_printf(door->arena, "model.%s.fields_get", model);
    struct err broken;
    const struct crm_tryton_ask ask = {method.p, str_printf(door->arena, "[[\"%s\"],{}]", field), false};
    int called = crm_tryton_call(door, &ask, &json, ret, err);
    if (called < 1)
        return called;
    if (json_member(json, field, door->arena, ret_json, &broken) == 0)
        return 1;
    *ret = (struct crm_result){.outcome = CRM_DOWN, .not_sent = true};
    return 0;
}

int crm_tryton_fields_of(struct crm_lent *lent, struct arena *arena, struct crm_result *ret,
                         struct json_list *ret_fields, struct err *err)
{
    static const char *const names[] = {"string", "readonly", "size"};
    struct crm_field *fields = arena_array(arena, ARRAY_LEN(places), sizeof *fields);
    struct crm_tryton_door door;
    struct str json = STR_NONE;
    struct err broken;
    size_t n = 0;
    if (crm_tryton_open(lent, arena, &door, err) < 0)
        return -1;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        bool same = i > 0 && strcmp(places[i].model, places[i - 1].model) == 0 &&
                    strcmp(places[i].field, places[i - 1].field) == 0;
        int r = same ? 1 : describe(&door, places[i].model, places[i].field, &json, ret, err);
        struct str m[ARRAY_LEN(names)];
        if (r < 1)
            return r;
        if (!json.p || json_members(json, names, ARRAY_LEN(names), arena, m, &broken) < 0)
            continue;
        bool writable = !str_eq(m[1], STR("true"));
        fields[n] = (struct crm_field){.name = str_c(places[i].place),
                                       .label = m[0],
                                       .type = places[i].type,
                                       .create = writable,
                                       .update = writable};
        (void)str_to_int(m[2], 0, INT64_MAX, &fields[n++].length);
    }
    *ret_fields = (struct json_list){fields, n};
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return 0;
}

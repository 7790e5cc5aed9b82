/* See shipped.h. */
#include "crm-connectors/mapping/shipped.h"

#include "crm-connectors/mapping/mapping.h"

static int type_of(struct str ours)
{
    if (str_starts(ours, STR("emails")))
        return CRM_FIELD_EMAIL;
    if (str_starts(ours, STR("phones")))
        return CRM_FIELD_PHONE;
    return str_starts(ours, STR("urls")) ? CRM_FIELD_URL : CRM_FIELD_TEXT;
}

struct json_list crm_fields_shipped(const struct crm_connector *connector, struct arena *arena)
{
    struct crm_mapping_doc doc = crm_mapping_shipped(connector, arena);
    const struct crm_mapping_row *rows = doc.rows.items;
    struct crm_field *fields = arena_array(arena, doc.rows.n, sizeof *fields);
    size_t n = 0;
    for (size_t i = 0; i < doc.rows.n; i++) {
        struct json_list known = {fields, n};
        if (!crm_field_find(known, rows[i].theirs))
            fields[n++] = (struct crm_field){
                .name = rows[i].theirs, .type = type_of(rows[i].ours), .create = true, .update = true};
    }
    return (struct json_list){fields, n};
}

int crm_fields(const struct crm_connector *connector, struct crm_lent *lent, struct arena *arena,
               struct crm_result *ret, struct json_list *ret_fields, struct err *err)
{
    if (connector->fields)
        return connector->fields(lent, arena, ret, ret_fields, err);
    *ret_fields = crm_fields_shipped(connector, arena);
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return 0;
}

/* See fields.h. */
#include "flow/crm/fields.h"

#include "base/limits.h"
#include "crm-connectors/mapping/shipped.h"
#include "flow/common.h"
#include "store/crm/mapping.h"

struct kept_fields {
    struct json_list fields;
};
static const struct json_field kept_rows[] = {
    {.name = "fields",
     .kind = JSON_LIST,
     .offset = offsetof(struct kept_fields, fields),
     .shape = &crm_field_shape,
     .max = CRM_FIELDS_MAX},
};
static const struct json_shape kept_shape = {"KeptFields", sizeof(struct kept_fields), kept_rows, ARRAY_LEN(kept_rows),
                                             false};

struct str flow_fields_text(struct json_list fields, struct arena *arena)
{
    return json_write(&kept_shape, &(const struct kept_fields){fields}, arena);
}

int flow_fields_read(struct str text, struct arena *arena, struct json_list *ret_fields, struct err *err)
{
    struct kept_fields kept;
    if (json_read(&kept_shape, text, arena, &kept, err) < 0)
        return -1;
    *ret_fields = kept.fields;
    return 0;
}

int flow_mapping_load(struct store_tx *tx, const struct flow_mapping_at *at, struct arena *arena,
                      struct flow_mapping_kept *ret_kept, struct err *err)
{
    struct flow_mapping_kept kept = {.at = 0};
    struct store_mapping row = {.version = 0};
    struct str now;
    if (at->version == 0)
        kept.doc = crm_mapping_shipped(at->connector, arena);
    else if (store_mapping_get(tx, &at->connection, at->version, arena, &row, err) < 0 ||
             json_read(&crm_mapping_doc_shape, row.doc, arena, &kept.doc, err) < 0 ||
             flow_fields_read(row.fields, arena, &kept.then, err) < 0)
        return -1;
    kept.user = row.user;
    kept.at = row.at;
    if (store_fields_get(tx, &at->connection, arena, &now, &kept.checked_at, err) < 0) {
        if (err->code != ERR_NOT_FOUND)
            return -1;
    } else if (flow_fields_read(now, arena, &kept.now, err) < 0) {
        return -1;
    }
    *ret_kept = kept;
    return 0;
}

int64_t flow_findings_pressing(struct json_list findings)
{
    const struct crm_finding *all = findings.items;
    int64_t n = 0;
    for (size_t i = 0; i < findings.n; i++)
        n += all[i].error || all[i].misfit == CRM_MISFIT_SHORTER || all[i].misfit == CRM_MISFIT_FEWER;
    return n;
}

int flow_fields_ask(struct flow_crm *crm, struct json_list *ret_fields, struct err *err)
{
    struct crm_result result = {.outcome = CRM_NONE};
    int r = crm_fields(crm->connector, &crm->lent, crm->arena, &result, ret_fields, err);
    flow_crm_note(crm, &result, r < 0 ? err : NULL);
    return r < 0 ? -1 : flow_crm_judge(&result, err);
}

int flow_fields_refresh(struct flow_crm *crm, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_mapping_kept kept;
    struct json_list fields;
    int64_t before;
    if (flow_fields_ask(crm, &fields, err) < 0 || store_begin(crm->flow->store, &crm->org, &tx, err) < 0 ||
        flow_mapping_load(tx, &(struct flow_mapping_at){crm->connector, crm->row.id, crm->row.mapping}, crm->arena,
                          &kept, err) < 0)
        return -1;
    const struct crm_judging judging = {crm->connector, &kept.doc, fields, kept.then};
    int64_t warnings = flow_findings_pressing(crm_mapping_check(&judging, crm->arena));
    struct str text = flow_fields_text(crm_mapping_fields(&kept.doc, fields, crm->arena), crm->arena);
    if (store_fields_put(tx, &crm->row.id, text, warnings, &before, err) < 0)
        return -1;
    if (before != warnings)
        store_event(tx, "connection", &crm->row.id, "fields");
    return store_commit(&tx, err);
}

/* See native.h. */
#include "flow/merge/native.h"

#include "flow/common.h"
#include "flow/crm/policy.h"

int flow_permit_merge(const struct flow_crm *crm, struct err *err)
{
    if (flow_permit_write(crm->row.policy, err) < 0)
        return -1;
    return crm->row.native_merge && crm->connector->merge ? 0 : err_set(err, ERR_MERGE_OFF, "%s", "");
}

/* The record to be merged, as the mirror knows it. */
static int give_row(const struct flow_actor *actor, const struct flow_look *look, const struct flow_merge_wish *wish,
                    struct arena *arena, struct store_record *ret_row, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct id id;
    if (flow_id_read(wish->record_id, "/merge/record_id", &id, err) < 0)
        return -1;
    if (id_eq(&id, &look->record))
        return err_field(err, ERR_INVALID, "/merge/record_id", "%s", "the same record");
    if (flow_begin(look->crm.flow, actor, &tx, err) < 0 || store_record_get(tx, &id, arena, ret_row, err) < 0)
        return -1;
    return id_eq(&ret_row->connection, &look->connection)
               ? 0
               : err_field(err, ERR_INVALID, "/merge/record_id", "%s", "a record of another connection");
}

/* Where the two differ: what goes, and what stays. */
static struct json_list merge_changes(const struct flow_crm *crm, const struct contact *keep,
                                      const struct contact *give, struct arena *arena)
{
    struct flow_change *changes = arena_array(arena, contact_field_count, sizeof *changes);
    size_t n = 0;
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        if (flow_crm_maps(crm, field) && !flow_field_same(keep, give, field, arena))
            changes[n++] = (struct flow_change){.field = str_c(field->name),
                                                .before = flow_field_json(give, field, arena),
                                                .after = flow_field_json(keep, field, arena)};
    }
    return (struct json_list){changes, n};
}

int flow_merge_plan(const struct flow_actor *actor, struct flow_look *look, const struct flow_merge_wish *wish,
                    struct arena *arena, struct flow_plan *ret_plan, struct err *err)
{
    struct store_record row = {.remote_id = STR_NONE};
    struct crm_record give;
    bool gone = false;
    if (flow_permit_merge(&look->crm, err) < 0)
        return -1;
    if (!look->has_live)
        return err_field(err, ERR_INVALID, "/record_id", "%s", "a merge keeps a record");
    if (give_row(actor, look, wish, arena, &row, err) < 0 ||
        flow_crm_fetch(&look->crm, row.remote_id, &give, &gone, err) < 0)
        return -1;
    if (gone || !str_eq(give.version, wish->remote_version))
        return err_set(err, ERR_CRM_CONFLICT, "%s", gone ? "gone" : "record");
    *ret_plan = (struct flow_plan){.action = FLOW_ACTION_MERGE,
                                   .remote_id = look->live.remote_id,
                                   .version = look->live.version,
                                   .mapping = look->crm.mapping_version,
                                   .before = look->live.contact,
                                   .after = look->live.contact,
                                   .give_id = give.remote_id,
                                   .give_version = give.version};
    ret_plan->changes = merge_changes(&look->crm, &look->live.contact, &give.contact, arena);
    return 0;
}

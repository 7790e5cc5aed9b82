/* A write-back that met a changed record, or would on its way back: our intent, the record as it is now, and as it was
 * when it was decided, side by side. Nothing is written. See flow/write.h. */
#include "base/clock.h"
#include "flow/audit/audit.h"
#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/merge/plan.h"
#include "flow/plan.h"
#include "flow/states.h"
#include "flow/write.h"
#include "store/contact.h"
#include "store/write_back.h"

/* The three of which a conflict speaks. */
struct columns {
    const struct contact *intent, *now, *loaded;
};

static int conflict_load(const struct flow *flow, const struct flow_actor *actor, const struct id *id,
                         struct arena *arena, struct store_write_back *ret_row, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_contact contact;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_write_back_get(tx, id, arena, ret_row, err) < 0 ||
        flow_contact_load(tx, actor, &ret_row->contact, arena, &contact, err) < 0)
        return -1;
    int state = flow_state_of(FLOW_WRITE_BACK, ret_row->state);
    bool merge = str_eq(ret_row->action, str_c(flow_action_words[FLOW_ACTION_MERGE]));
    if (merge || (state != FLOW_WRITE_BACK_conflict && state != FLOW_WRITE_BACK_undo_conflict &&
                  state != FLOW_WRITE_BACK_written))
        return err_set(err, ERR_CONFLICT, "%.*s", STR_ARG(ret_row->state));
    return ret_row->plan.p ? 0 : err_set(err, ERR_NOT_FOUND, "plan");
}

static bool differs(const struct flow_crm *crm, const struct contact *a, const struct contact *b,
                    const struct contact_field *field, struct arena *arena)
{
    return !flow_field_same(a, b, field, arena) || (flow_crm_main(crm, field) && !flow_main_same(a, b, field, arena));
}

static struct json_list conflict_fields(const struct columns *of, const struct flow_crm *crm, struct arena *arena)
{
    struct flow_conflict_field *fields = arena_array(arena, contact_field_count, sizeof *fields);
    size_t n = 0;
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        bool theirs = differs(crm, of->now, of->loaded, field, arena);
        if (!flow_crm_maps(crm, field) || (!theirs && !differs(crm, of->intent, of->loaded, field, arena)))
            continue;
        fields[n++] = (struct flow_conflict_field){.field = str_c(field->name),
                                                   .intent = flow_field_json(of->intent, field, arena),
                                                   .now = flow_field_json(of->now, field, arena),
                                                   .loaded = flow_field_json(of->loaded, field, arena),
                                                   .theirs = theirs};
    }
    return (struct json_list){fields, n};
}

int flow_write_conflict(const struct flow *flow, const struct flow_actor *actor, struct id write_back,
                        struct arena *arena, struct flow_conflict *ret_conflict, struct err *err)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    struct store_write_back row = {.attempt = 0};
    struct flow_plan plan;
    struct crm_record live = {.remote_id = STR_NONE}; /* without values: what a record has that is gone */
    bool gone = false;
    if (conflict_load(flow, actor, &write_back, arena, &row, err) < 0 ||
        json_read(&flow_plan_shape, row.plan, arena, &plan, err) < 0 ||
        flow_crm_open(flow, &actor->org, &row.connection, &crm, err) < 0 ||
        flow_crm_use_mapping(&crm, plan.mapping, err) < 0 || flow_crm_fetch(&crm, row.remote_id, &live, &gone, err) < 0)
        return -1;
    flow_read(actor, "write_back", &write_back);
    int state = flow_state_of(FLOW_WRITE_BACK, row.state);
    bool back = state != FLOW_WRITE_BACK_conflict;
    struct columns columns = {back ? &plan.before : &plan.after, &live.contact, back ? &plan.after : &plan.before};
    *ret_conflict = (struct flow_conflict){.write_back_id = flow_id_text(&row.id, arena),
                                           .state = state,
                                           .gone = gone,
                                           .fetched_at = flow_time_text(clock_now_ms(), arena),
                                           .fields = conflict_fields(&columns, &crm, arena)};
    return 0;
}

/* Steps of a write-back; see sending.h. */
#include "flow/work/sending.h"

#include "flow/common.h"
#include "flow/contacts.h"
#include "flow/write.h"
#include "store/record.h"

#include <assert.h>

enum { REAUTHORISE_AGAIN_MS = 60 * 60 * 1000 }; /* a new connection resumes it at once; this is the net under it */

enum flow_write_back_state flow_sending_state(const struct flow_sending *sending)
{
    int state = flow_state_of(FLOW_WRITE_BACK, sending->row.state);
    assert(state >= 0);
    return (enum flow_write_back_state)state;
}

int flow_sending_open(struct flow_work *work, struct flow_sending *ret_sending, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    *ret_sending = (struct flow_sending){.work = work};
    if (flow_work_begin(work, &tx, err) < 0 ||
        store_write_back_get(tx, &work->subject, work->arena, &ret_sending->row, err) < 0)
        return -1;
    if (!ret_sending->row.plan.p) /* its end was 30 days ago: nobody asks for anything any more */
        return err_set(err, ERR_NOT_UNDOABLE, "30 d");
    if (json_read(&flow_plan_shape, ret_sending->row.plan, work->arena, &ret_sending->plan, err) < 0)
        return -1;
    store_rollbackp(&tx); /* no transaction waits for a CRM */
    if (flow_crm_open(work->flow, &work->actor.org, &ret_sending->row.connection, &ret_sending->crm, err) < 0)
        return -1;
    ret_sending->crm.calls_for = "write";
    ret_sending->crm.calls_about = ret_sending->row.id;
    /* By the mapping that the person saw, whatever is active since: undo must find what was written. */
    return flow_crm_use_mapping(&ret_sending->crm, ret_sending->plan.mapping, err);
}

void flow_sending_close(struct flow_sending *sending)
{
    if (sending->crm.flow)
        flow_crm_close(&sending->crm);
}

static const struct store_step no_values;

int flow_sending_step(struct flow_sending *sending, struct store_tx *tx, const char *event,
                      const struct store_step *values, struct err *err)
{
    struct store_step step = values ? *values : no_values;
    int to;
    bool known = flow_state_move(FLOW_WRITE_BACK, (int)flow_sending_state(sending), event, &to);
    assert(known);
    step.id = sending->row.id;
    step.from = flow_write_back_words[flow_sending_state(sending)];
    step.to = flow_write_back_words[to];
    step.attempt = sending->row.attempt;
    if (store_write_back_step(tx, &step, &sending->row.attempt, err) < 0)
        return -1;
    sending->row.state = str_c(step.to);
    store_event(tx, "write_back", &sending->row.id, step.to);
    return 0;
}

int flow_sending_move(struct flow_sending *sending, const char *event, const struct store_step *values, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_work_begin(sending->work, &tx, err) < 0 || flow_sending_step(sending, tx, event, values, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

static int sending_settle(struct flow_sending *sending, struct store_tx **tx, const char *action, struct err *err)
{
    const char *state = flow_write_back_words[flow_sending_state(sending)];
    struct flow_deed deed = {.action = action, .kind = "write_back", .subject = &sending->row.id, .note = state};
    flow_tell(*tx, &sending->work->actor, &deed);
    if (flow_work_done(sending->work, tx, err) < 0)
        return -1;
    sending->settled = true;
    return 0;
}

/* The record that went leaves the mirror, and so does the old name of the one that stayed. */
static int mirror_merged(struct flow_sending *sending, struct store_tx *tx, const struct crm_record *record,
                         struct err *err)
{
    const struct str ids[] = {sending->plan.give_id, sending->plan.remote_id};
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        if (!str_eq(ids[i], record->remote_id) && store_record_bury(tx, &sending->row.connection, ids[i], err) < 0)
            return -1;
    return 0;
}

int flow_sending_written(struct flow_sending *sending, const char *event, const struct crm_record *record,
                         struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    bool undone = flow_sending_state(sending) == FLOW_WRITE_BACK_undoing;
    struct store_step values = {.remote_id = record->remote_id,
                                .version_after = sending->theirs ? STR_NONE : record->version};
    struct crm_record mapped = flow_crm_mapped(&sending->crm, record);
    struct id id;
    if (flow_work_begin(sending->work, &tx, err) < 0 || flow_sending_step(sending, tx, event, &values, err) < 0)
        return -1;
    /* The built-in book wrote its record itself; a mirror follows here. */
    if (!sending->crm.lent.book && !record->deleted &&
        flow_mirror_put(tx, &sending->row.connection, &mapped, &id, err) < 0)
        return -1;
    if (!sending->crm.lent.book && record->deleted &&
        store_record_bury(tx, &sending->row.connection, record->remote_id, err) < 0)
        return -1;
    /* After a merge the card still waits to be decided, against one record less. */
    bool merge = sending->plan.action == FLOW_ACTION_MERGE;
    const char *then = merge ? "fall_back" : undone ? "undo" : "write";
    if ((merge && mirror_merged(sending, tx, record, err) < 0) ||
        flow_contact_follow(tx, &sending->row.contact, then, sending->work->arena, err) < 0)
        return -1;
    return sending_settle(sending, &tx, undone ? "write_back.undone" : "write_back.written", err);
}

int flow_sending_failed(struct flow_sending *sending, const char *event, const struct err *why, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_step values = {.problem = str_c(err_slug(why->code)), .param = str_c(why->param)};
    bool undoing = flow_sending_state(sending) == FLOW_WRITE_BACK_undoing;
    if (flow_work_begin(sending->work, &tx, err) < 0 || flow_sending_step(sending, tx, event, &values, err) < 0)
        return -1;
    if (!undoing && flow_contact_follow(tx, &sending->row.contact, "fall_back", sending->work->arena, err) < 0)
        return -1;
    return sending_settle(sending, &tx, "write_back.failed", err);
}

int flow_sending_wait(struct flow_sending *sending, const struct err *why, int64_t ms, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_work_begin(sending->work, &tx, err) < 0 || flow_work_later(sending->work, &tx, why, ms, err) < 0)
        return -1;
    sending->settled = true;
    return 0;
}

int flow_sending_later(struct flow_sending *sending, const char *event, const struct err *why,
                       const struct crm_result *result, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    int64_t again = why->code == ERR_CRM_REAUTHORISE ? REAUTHORISE_AGAIN_MS : flow_work_pause(sending->row.attempt);
    if (result && result->retry_after_ms > again)
        again = result->retry_after_ms;
    struct store_step values = {.problem = str_c(err_slug(why->code)), .param = str_c(why->param), .due_in_ms = again};
    if (flow_work_begin(sending->work, &tx, err) < 0 ||
        (event && flow_sending_step(sending, tx, event, &values, err) < 0) ||
        flow_work_later(sending->work, &tx, why, again, err) < 0)
        return -1;
    sending->settled = true;
    return 0;
}

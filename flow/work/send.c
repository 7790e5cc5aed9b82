/* The job "write": intent -> sending (committed before the call) -> what the CRM said. Whatever was sending when its
 * worker ended is uncertain, and is looked for in the CRM before anything is sent again. */
#include "flow/work/sending.h"

#include "flow/common.h"
#include "flow/crm/fields.h"
#include "flow/crm/policy.h"
#include "flow/merge/native.h"

enum {
    SENDING_DUE_MS = 3 * 60 * 1000,                  /* then the net of flow_job_sweep() takes it up */
    DEAD_FOR_MS = FLOW_LEASE_MS - FLOW_HEARTBEAT_MS, /* at least, when the lease of a worker has run out */
    MOST_ROUNDS = 3,                                 /* sent, lost, proved absent: so often in one job */
};

/* intent (or waiting) -> sending, with the before-image, committed. */
static int send_begin(struct flow_sending *sending, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    bool update = sending->plan.action == FLOW_ACTION_UPDATE;
    struct store_step values = {.due_in_ms = SENDING_DUE_MS};
    if (update)
        values.before = json_write(&contact_shape, &sending->plan.before, sending->work->arena);
    if (flow_work_begin(sending->work, &tx, err) < 0)
        return -1;
    if (flow_sending_state(sending) == FLOW_WRITE_BACK_waiting &&
        flow_sending_step(sending, tx, "resume", NULL, err) < 0)
        return -1;
    if (flow_sending_step(sending, tx, "send", &values, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

static int send_call(struct flow_sending *sending, struct crm_result *ret_result, struct err *err)
{
    struct flow_crm *crm = &sending->crm;
    crm->lent.company = sending->plan.company;
    struct crm_update update = {.remote_id = sending->row.remote_id,
                                .version = sending->row.version_seen,
                                .before = &sending->plan.before,
                                .after = &sending->plan.after};
    if (sending->plan.action == FLOW_ACTION_MERGE) {
        const struct crm_record keep = {.remote_id = sending->row.remote_id, .version = sending->row.version_seen};
        const struct crm_record give = {.remote_id = sending->plan.give_id, .version = sending->plan.give_version};
        return crm->connector->merge(&crm->lent, &keep, &give, crm->arena, ret_result, err);
    }
    if (sending->plan.action == FLOW_ACTION_UPDATE)
        return crm->connector->update(&crm->lent, &update, crm->arena, ret_result, err);
    struct contact mapped = crm_map_only(&crm->mapping.map, &sending->plan.after);
    return crm->connector->create(&crm->lent, id_str(&sending->row.marker), &mapped, crm->arena, ret_result, err);
}

/* From when on a look is conclusive; `ago`: for so long nothing can have been sent. */
static int send_lost_ago(struct flow_sending *sending, int64_t ago, struct err *err)
{
    struct store_step values = {.problem = str_c(err_slug(ERR_CRM_UNCERTAIN)),
                                .due_in_ms = flow_crm_lag_ms(&sending->crm) - ago};
    return flow_sending_move(sending, "answer_lost", &values, err);
}

static int send_lost(struct flow_sending *sending, struct err *err)
{
    return send_lost_ago(sending, 0, err);
}

/* Nothing could be asked: settings or address are wrong. What our own database said may have happened. */
static int send_impossible(struct flow_sending *sending, const struct err *why, struct err *err)
{
    if (why->code == ERR_INVALID || why->code == ERR_HOST_REFUSED)
        return flow_sending_failed(sending, "answer_no", why, err);
    return send_lost(sending, err);
}

/* Perhaps its fields have changed: what the CRM says of them now becomes a warning of the connection. */
static void note_refusal(struct flow_sending *sending)
{
    struct err ignored;
    if (!sending->crm.lent.book)
        (void)flow_fields_refresh(&sending->crm, &ignored);
}

static int send_answered(struct flow_sending *sending, const struct crm_result *result, struct err *err)
{
    struct err why = {.code = ERR_NONE};
    if (flow_crm_judge(result, &why) == 0) {
        if (result->records.n == 0) /* success without a record: read what is there */
            return send_lost(sending, err);
        return flow_sending_written(sending, "answer_yes", result->records.items, err);
    }
    switch ((int)why.code) {
    case ERR_CRM_CONFLICT: /* perhaps by an earlier attempt of ours: look */
    case ERR_CRM_UNCERTAIN:
        return send_lost(sending, err);
    case ERR_CRM_DOWN:
        return result->not_sent ? flow_sending_later(sending, "answer_later", &why, result, err)
                                : send_lost(sending, err);
    case ERR_CRM_QUOTA:
    case ERR_CRM_REAUTHORISE:
        return flow_sending_later(sending, "answer_later", &why, result, err);
    default:
        note_refusal(sending);
        return flow_sending_failed(sending, "answer_no", &why, err);
    }
}

static int send_forbidden(struct flow_sending *sending, const struct err *why, struct err *err)
{
    if (flow_sending_state(sending) == FLOW_WRITE_BACK_waiting && flow_sending_move(sending, "resume", NULL, err) < 0)
        return -1;
    return flow_sending_failed(sending, "answer_no", why, err);
}

static int send_once(struct flow_sending *sending, struct err *err)
{
    struct crm_result result = {.outcome = CRM_UNCERTAIN};
    struct err why = {.code = ERR_NONE};
    bool merge = sending->plan.action == FLOW_ACTION_MERGE;
    /* It may have been changed since somebody decided. */
    if (merge ? flow_permit_merge(&sending->crm, &why) < 0 : flow_permit_write(sending->crm.row.policy, &why) < 0)
        return send_forbidden(sending, &why, err);
    if (send_begin(sending, err) < 0)
        return -1;
    int r = send_call(sending, &result, &why);
    flow_crm_note(&sending->crm, &result, r < 0 ? &why : NULL);
    return r < 0 ? send_impossible(sending, &why, err) : send_answered(sending, &result, err);
}

static int write_round(struct flow_sending *sending, struct err *err)
{
    switch (flow_sending_state(sending)) {
    case FLOW_WRITE_BACK_intent:
    case FLOW_WRITE_BACK_waiting:
        return send_once(sending, err);
    case FLOW_WRITE_BACK_sending: /* its worker ended in the middle: nobody knows */
        return send_lost_ago(sending, DEAD_FOR_MS, err);
    case FLOW_WRITE_BACK_uncertain:
        return flow_sending_look(sending, err);
    case FLOW_WRITE_BACK_written:
    case FLOW_WRITE_BACK_conflict:
    case FLOW_WRITE_BACK_refused:
    case FLOW_WRITE_BACK_undoing:
    case FLOW_WRITE_BACK_undone:
    case FLOW_WRITE_BACK_undo_conflict:
    case FLOW_WRITE_BACK_left:
        break;
    }
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL; /* an earlier attempt came to the end */
    if (flow_work_begin(sending->work, &tx, err) < 0 || flow_work_done(sending->work, &tx, err) < 0)
        return -1;
    sending->settled = true;
    return 0;
}

int flow_work_write(struct flow_work *work, struct err *err)
{
    _cleanup_(flow_sending_close) struct flow_sending sending = {.settled = false};
    struct err tired = {.code = ERR_CRM_UNCERTAIN};
    if (flow_sending_open(work, &sending, err) < 0)
        return -1;
    for (int round = 0; round < 3 * MOST_ROUNDS && !sending.settled && !flow_work_hurry(work); round++)
        if (write_round(&sending, err) < 0)
            return -1;
    return sending.settled ? 0 : flow_sending_later(&sending, NULL, &tired, NULL, err);
}

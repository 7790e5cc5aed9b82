/* The job "undo": what was there before goes back, if the record is what we left. It looks first, every time, so it can
 * be repeated after any interruption. */
#include "flow/work/sending.h"

#include "flow/common.h"
#include "flow/crm/policy.h"
#include "store/record.h"

/* Answers of a call that should have taken the change back. */
static int undo_answered(struct flow_sending *sending, const struct crm_result *result, const struct crm_record *then,
                         struct err *err)
{
    struct err why = {.code = ERR_NONE};
    if (flow_crm_judge(result, &why) == 0) {
        const struct crm_record *now = result->records.n ? result->records.items : then;
        return flow_sending_written(sending, "answer_yes", now, err);
    }
    switch ((int)why.code) {
    case ERR_CRM_CONFLICT: /* the look before the call saw it unchanged: look again, soon */
    case ERR_CRM_UNCERTAIN:
    case ERR_CRM_DOWN:
    case ERR_CRM_QUOTA:
    case ERR_CRM_REAUTHORISE:
        return flow_sending_later(sending, NULL, &why, result, err);
    default:
        return flow_sending_failed(sending, "answer_no", &why, err);
    }
}

static int undo_call_failed(struct flow_sending *sending, const struct err *why, struct err *err)
{
    if (why->code == ERR_INVALID || why->code == ERR_HOST_REFUSED)
        return flow_sending_failed(sending, "answer_no", why, err);
    return flow_sending_later(sending, NULL, why, NULL, err);
}

enum { LATER_WRITES = 100 }; /* of one record, that are looked at */

/* The way back of a write of ours that began at `version`, or NULL. */
static const struct store_write_back *went_on(const struct json_list *undone, struct str version, struct arena *arena)
{
    const struct store_write_back *rows = undone->items;
    for (size_t i = 0; i < undone->n; i++) {
        struct flow_plan plan;
        struct err unreadable;
        if (rows[i].plan.p && json_read(&flow_plan_shape, rows[i].plan, arena, &plan, &unreadable) == 0 &&
            str_eq(plan.version, version))
            return &rows[i];
    }
    return NULL;
}

/* The version that later writes of ours, all taken back, made of `version`; `version` itself without such. */
static struct str followed(const struct json_list *undone, struct str version, struct arena *arena)
{
    for (size_t i = 0; i < undone->n; i++) {
        const struct store_write_back *next = went_on(undone, version, arena);
        if (!next || !next->version_after.p)
            break;
        version = next->version_after;
    }
    return version;
}

/* Whether nobody else was there since our write: it has the version that the write left, or that later writes of ours
 * and their way back did. */
static bool untouched(const struct flow_sending *sending, const struct crm_record *live)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_work *work = sending->work;
    const struct store_page page = {.limit = LATER_WRITES};
    struct id record;
    struct json_list undone;
    struct err ignored;
    if (str_eq(live->version, sending->row.version_after))
        return true;
    if (flow_work_begin(work, &tx, &ignored) < 0 ||
        store_record_id(tx, &sending->row.connection, sending->row.remote_id, &record, &ignored) < 0)
        return false;
    const struct store_write_back_filter filter = {.record = &record, .state = STR("undone")};
    return store_write_back_list(tx, &filter, &page, work->arena, &undone, &ignored) == 0 &&
           str_eq(live->version, followed(&undone, sending->row.version_after, work->arena));
}

/* Where others were at work since, in what we do not map or in kinds, only what we changed goes back. */
static int undo_update(struct flow_sending *sending, const struct crm_record *live, struct err *err)
{
    struct flow_crm *crm = &sending->crm;
    struct crm_result result = {.outcome = CRM_UNCERTAIN};
    struct err why = {.code = ERR_NONE};
    struct crm_update update = {.remote_id = live->remote_id,
                                .version = live->version,
                                .before = !sending->theirs ? &live->contact : &sending->plan.after,
                                .after = &sending->plan.before,
                                .image = sending->plan.image};
    crm->lent.company = sending->plan.company_before;
    int r = crm->connector->update(&crm->lent, &update, crm->arena, &result, &why);
    flow_crm_note(crm, &result, r < 0 ? &why : NULL);
    return r < 0 ? undo_call_failed(sending, &why, err) : undo_answered(sending, &result, live, err);
}

static int undo_create(struct flow_sending *sending, const struct crm_record *live, struct err *err)
{
    struct flow_crm *crm = &sending->crm;
    struct crm_result result = {.outcome = CRM_UNCERTAIN};
    struct crm_record gone = {.remote_id = live->remote_id, .version = live->version, .deleted = true};
    struct err why = {.code = ERR_NONE};
    struct crm_update update = {.remote_id = live->remote_id,
                                .version = live->version,
                                .before = &live->contact,
                                .after = &sending->plan.before};
    int r = crm->connector->remove(&crm->lent, &update, crm->arena, &result, &why);
    flow_crm_note(crm, &result, r < 0 ? &why : NULL);
    return r < 0 ? undo_call_failed(sending, &why, err) : undo_answered(sending, &result, &gone, err);
}

/* Ours is what we left: by the version we got, or word for word where the CRM's versions move by themselves. */
static bool unchanged(const struct flow_sending *sending, const struct crm_record *live)
{
    if (!sending->theirs)
        return true;
    if (sending->plan.action == FLOW_ACTION_CREATE && sending->crm.connector->exact)
        return false; /* what others put there would go with it */
    return crm_map_same(&sending->crm.mapping.map, &live->contact, &sending->plan.after, sending->crm.arena);
}

static int undo_gone(struct flow_sending *sending, bool create, struct err *err)
{
    struct crm_record gone = {
        .remote_id = sending->row.remote_id, .version = sending->row.version_after, .deleted = true};
    struct err why;
    if (create) /* deleted, by an earlier attempt of ours or by someone else: that is what was wanted */
        return flow_sending_written(sending, "answer_yes", &gone, err);
    (void)err_set(&why, ERR_CRM_CONFLICT, "gone");
    return flow_sending_failed(sending, "answer_changed", &why, err);
}

static int undo_look_and_act(struct flow_sending *sending, struct err *err)
{
    bool create = sending->plan.action == FLOW_ACTION_CREATE, gone = false;
    const struct crm_map_list *map = &sending->crm.mapping.map;
    struct err why = {.code = ERR_NONE};
    struct crm_record live;
    if (flow_crm_fetch(&sending->crm, sending->row.remote_id, &live, &gone, &why) < 0)
        return flow_sending_later(sending, NULL, &why, NULL, err);
    if (gone)
        return undo_gone(sending, create, err);
    sending->theirs = !untouched(sending, &live);
    if (!create && sending->theirs && crm_map_same(map, &live.contact, &sending->plan.before, sending->crm.arena))
        return flow_sending_written(sending, "answer_yes", &live, err); /* an earlier attempt did it */
    if (!unchanged(sending, &live)) {
        (void)err_set(&why, ERR_CRM_CONFLICT, "changed");
        return flow_sending_failed(sending, "answer_changed", &why, err);
    }
    return create ? undo_create(sending, &live, err) : undo_update(sending, &live, err);
}

int flow_work_undo(struct flow_work *work, struct err *err)
{
    _cleanup_(flow_sending_close) struct flow_sending sending = {.settled = false};
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct err why;
    if (flow_sending_open(work, &sending, err) < 0)
        return -1;
    if (flow_sending_state(&sending) == FLOW_WRITE_BACK_undoing && flow_permit_write(sending.crm.row.policy, &why) < 0)
        return flow_sending_failed(&sending, "answer_no", &why, err);
    if (flow_sending_state(&sending) == FLOW_WRITE_BACK_undoing)
        return undo_look_and_act(&sending, err);
    return flow_work_begin(work, &tx, err) < 0 ? -1 : flow_work_done(work, &tx, err);
}

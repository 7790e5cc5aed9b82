/* After an answer that got lost: what is true in the CRM? A create is found by its marker, or by its content where the
 * CRM keeps no marker; an update by comparing what is there with what was and what should be. */
#include "flow/work/sending.h"

#include "flow/common.h"
#include "store/record.h"

enum {
    FIRST_LOOK_MS = 4 * 1000,        /* then twice as long each time, as long as the search may lag */
    MOST_RESENDS = 2,                /* creates without marker: then a person decides */
    PARKED_LOOK_MS = 60 * 60 * 1000, /* meanwhile it is looked for now and then, never sent */
};

/* ---- Updates ---- */

static int look_update(struct flow_sending *sending, struct err *err)
{
    const struct crm_map_list *map = &sending->crm.mapping.map;
    struct arena *arena = sending->crm.arena;
    struct err why = {.code = ERR_NONE};
    struct crm_record live;
    bool gone = false;
    if (flow_crm_fetch(&sending->crm, sending->row.remote_id, &live, &gone, &why) < 0)
        return flow_sending_later(sending, NULL, &why, NULL, err);
    (void)err_set(&why, ERR_CRM_CONFLICT, gone ? "gone" : "changed");
    if (gone)
        return flow_sending_failed(sending, "look_changed", &why, err);
    if (crm_map_same(map, &live.contact, &sending->plan.after, arena))
        return flow_sending_written(sending, "look_there", &live, err);
    if (!str_eq(live.version, sending->row.version_seen))
        return flow_sending_failed(sending, "look_changed", &why, err);
    return flow_sending_move(sending, "look_absent", NULL, err);
}

/* ---- Creates ---- */

/* Where no marker is kept: a record with the same addresses that says exactly what we sent. */
static const struct crm_record *same_content(struct flow_sending *sending, const struct crm_result *result)
{
    const struct crm_record *records = result->records.items;
    for (size_t i = 0; i < result->records.n; i++)
        if (crm_map_same(&sending->crm.mapping.map, &records[i].contact, &sending->plan.after, sending->crm.arena))
            return &records[i];
    return NULL;
}

/* The record that our create made, NULL when there is none now. -1: could not be asked, *why says why. */
static int create_find(struct flow_sending *sending, struct crm_result *result, const struct crm_record **ret_record,
                       struct err *why)
{
    struct flow_crm *crm = &sending->crm;
    int r = crm->connector->find_marker(&crm->lent, id_str(&sending->row.marker), crm->arena, result, why);
    flow_crm_note(crm, result, r < 0 ? why : NULL);
    if (r < 0 || flow_crm_judge(result, why) < 0)
        return -1;
    *ret_record = result->records.n ? result->records.items : NULL;
    if (*ret_record || crm->connector->marker)
        return 0;
    if (crm->connector->find_exact(&crm->lent, &sending->plan.after, crm->arena, result, why) < 0 ||
        flow_crm_judge(result, why) < 0)
        return -1;
    *ret_record = same_content(sending, result);
    return 0;
}

/* How long, by the database's clock, its search may still not see what was sent; 0 and less: it sees all. */
static int lag_left(struct flow_sending *sending, int64_t *ret_ms, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_write_back row;
    if (flow_work_begin(sending->work, &tx, err) < 0 ||
        store_write_back_get(tx, &sending->row.id, sending->work->arena, &row, err) < 0)
        return -1;
    *ret_ms = row.due_at - store_tx_now(tx);
    return 0;
}

/* Stays uncertain, in sight of the person who decided it; nothing is sent any more unless the look finds it. */
static int create_park(struct flow_sending *sending, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_step values = {.problem = str_c(err_slug(ERR_CRM_PARKED)), .due_in_ms = PARKED_LOOK_MS};
    if (flow_work_begin(sending->work, &tx, err) < 0 ||
        flow_sending_step(sending, tx, "look_in_vain", &values, err) < 0 || flow_work_done(sending->work, &tx, err) < 0)
        return -1;
    sending->settled = true;
    return 0;
}

static int create_absent(struct flow_sending *sending, struct err *err)
{
    struct err why = {.code = ERR_CRM_UNCERTAIN};
    int64_t left;
    if (sending->crm.connector->marker)
        return flow_sending_move(sending, "look_absent", NULL, err);
    if (str_eq(sending->row.problem, str_c(err_slug(ERR_CRM_PARKED))))
        return create_park(sending, err);
    if (lag_left(sending, &left, err) < 0)
        return -1;
    int64_t waited = flow_crm_lag_ms(&sending->crm) - left, again = waited > FIRST_LOOK_MS ? waited : FIRST_LOOK_MS;
    if (left > 0)
        return flow_sending_wait(sending, &why, again < left ? again : left, err);
    return sending->row.attempt >= MOST_RESENDS ? create_park(sending, err)
                                                : flow_sending_move(sending, "look_absent", NULL, err);
}

static int look_create(struct flow_sending *sending, struct err *err)
{
    struct crm_result result = {.outcome = CRM_NONE};
    struct err why = {.code = ERR_NONE};
    const struct crm_record *record = NULL;
    if (create_find(sending, &result, &record, &why) < 0)
        return flow_sending_later(sending, NULL, &why, &result, err);
    return record ? flow_sending_written(sending, "look_there", record, err) : create_absent(sending, err);
}

/* ---- Merges ---- */

/* The one that goes tells: it is no longer there, or leads to the one that stayed. */
static int look_merge(struct flow_sending *sending, struct err *err)
{
    struct err why = {.code = ERR_NONE};
    struct crm_record give, keep;
    bool given = false, gone = false;
    if (flow_crm_fetch(&sending->crm, sending->plan.give_id, &give, &given, &why) < 0 ||
        flow_crm_fetch(&sending->crm, sending->row.remote_id, &keep, &gone, &why) < 0)
        return flow_sending_later(sending, NULL, &why, NULL, err);
    given = given || !str_eq(give.remote_id, sending->plan.give_id);
    if (given && !gone)
        return flow_sending_written(sending, "look_there", &keep, err);
    bool same = !given && !gone && str_eq(give.version, sending->plan.give_version) &&
                str_eq(keep.version, sending->row.version_seen);
    if (same)
        return flow_sending_move(sending, "look_absent", NULL, err);
    (void)err_set(&why, ERR_CRM_CONFLICT, gone ? "gone" : "changed");
    return flow_sending_failed(sending, "look_changed", &why, err);
}

int flow_sending_look(struct flow_sending *sending, struct err *err)
{
    switch ((enum flow_action)sending->plan.action) {
    case FLOW_ACTION_UPDATE:
        return look_update(sending, err);
    case FLOW_ACTION_MERGE:
        return look_merge(sending, err);
    case FLOW_ACTION_CREATE:
        break;
    }
    return look_create(sending, err);
}

/* See work.h. A part at a time, so that a pause is felt at once and other work gets its turn; each contact is looked at
 * anew in the CRM, and handed over in one transaction with its write-back: killed anywhere, nothing is done twice. */
#include "flow/batch/work.h"

#include "flow/batch/batch.h"
#include "flow/batch/choose.h"
#include "flow/common.h"
#include "flow/crm/policy.h"
#include "flow/plan.h"
#include "flow/states.h"
#include "flow/write.h"
#include "store/people.h"

enum {
    AT_ONCE = 20,       /* handed over and not at its end */
    SOON_MS = 1000,     /* until it is looked whether there is room */
    AWAY_MS = 30 * 1000 /* until a CRM that is away is asked again */
};

/* What one run works with. */
struct run {
    struct flow_work *work;
    struct store_batch batch;
    struct flow_actor owner; /* by whose rights it is written */
    struct err away;         /* the CRM cannot be asked now: code, or ERR_NONE */
    bool moved_on;           /* somebody paused or stopped the batch meanwhile */
};

int flow_batch_ask(struct store_tx *tx, const struct id *batch, const struct id *user, int64_t delay_ms,
                   struct err *err)
{
    const struct store_job_spec spec = {.kind = FLOW_BATCH_JOB,
                                        .subject = *batch,
                                        .user = *user,
                                        .max_attempts = FLOW_WRITE_ATTEMPTS,
                                        .delay_ms = delay_ms};
    struct id job;
    return store_job_add(tx, &spec, &job, err);
}

/* This job ends, another one goes on. */
static int go_on(const struct run *run, int64_t delay_ms, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_work_begin(run->work, &tx, err) < 0 ||
        flow_batch_ask(tx, &run->batch.id, &run->batch.user, delay_ms, err) < 0)
        return -1;
    return flow_work_done(run->work, &tx, err);
}

/* The job ends with a step of the batch; a batch that has moved on meanwhile is left alone. */
static int end(const struct run *run, const struct store_batch_step *step, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    char action[40];
    struct flow_deed deed = {.action = action, .kind = "batch", .subject = &run->batch.id, .state = step->to};
    (void)snprintf(action, sizeof action, "batch.%s", step->to);
    if (flow_work_begin(run->work, &tx, err) < 0)
        return -1;
    if (store_batch_step(tx, step, err) == 0)
        flow_tell(tx, &run->work->actor, &deed);
    else if (err->code != ERR_CONFLICT)
        return -1;
    return flow_work_done(run->work, &tx, err);
}

/* It does not go on by itself: how a batch in that state waits for a person. */
static struct store_batch_step halt(const struct id *batch, enum flow_batch_state state, const struct err *why)
{
    return (struct store_batch_step){.id = *batch,
                                     .from = flow_batch_words[state],
                                     .to = state == FLOW_BATCH_running ? "paused" : "stopped",
                                     .problem = str_c(err_slug(why->code))};
}

int flow_work_batch_buried(struct store_tx *tx, const struct id *subject, const struct err *why, struct err *err)
{
    static const enum flow_batch_state states[] = {FLOW_BATCH_running, FLOW_BATCH_undoing};
    for (size_t i = 0; i < ARRAY_LEN(states); i++) {
        const struct store_batch_step step = halt(subject, states[i], why);
        if (store_batch_step(tx, &step, err) < 0 && err->code != ERR_CONFLICT)
            return -1;
    }
    return 0;
}

/* Whoever asked, with the rights of now. ERR_FORBIDDEN. */
static int owner_find(struct run *run, struct store_tx *tx, struct err *err)
{
    struct arena *arena = run->work->arena;
    struct store_user user;
    if (store_user_get(tx, &run->batch.user, arena, &user, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_FORBIDDEN, "user") : -1;
    run->owner = (struct flow_actor){.org = run->work->actor.org,
                                     .user = user.id,
                                     .role = str_z(arena, user.role),
                                     .language = str_eq(user.language, STR("de")) ? "de" : "en",
                                     .request = run->work->actor.request};
    return store_user_present(tx, &user.id, run->owner.role, err) < 0
               ? -1
               : flow_admit(run->work->flow, &run->owner, "write_back", "create", err);
}

/* ---- Writing ---- */

static bool is_away(enum err_code code)
{
    return code == ERR_CRM_DOWN || code == ERR_CRM_QUOTA || code == ERR_BUSY;
}

/* Why the contact is for a person, by the record as it is now; ERR_NONE: it is as it was chosen, and nothing is to be
 * asked. -1 when the CRM could not be asked. */
static int item_judge(const struct run *run, const struct store_batch_item *item, struct flow_look *look,
                      struct flow_plan *ret_plan, struct err *err)
{
    struct arena *arena = run->work->arena;
    const struct flow_picks none = {NULL, 0, flow_region(run->work->flow)};
    struct flow_told told;
    if (!look->has_live)
        return err_set(err, ERR_NOT_FOUND, "record");
    if (look->contact.version != item->contact_version)
        return err_set(err, ERR_STALE, "contact");
    struct flow_sides sides = flow_look_sides(look);
    if (!str_eq(flow_batch_fields(&sides, arena), item->fields))
        return err_set(err, ERR_CRM_CONFLICT, "record");
    if (flow_permit_write(look->crm.row.policy, err) < 0 || flow_plan_make(look, &none, arena, ret_plan, err) < 0 ||
        flow_plan_rehearse(&run->owner, look, ret_plan, arena, &told, err) < 0)
        return -1;
    return told.company || told.refusal || told.left.n > 0 ? err_set(err, ERR_CRM_REFUSED, "question") : 0;
}

static int item_hand_over(struct run *run, const struct store_batch_item *item, const struct flow_look *look,
                          const struct flow_plan *plan, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct arena *arena = run->work->arena;
    struct store_contact contact;
    struct id id;
    if (flow_begin(run->work->flow, &run->owner, &tx, err) < 0)
        return -1;
    if (store_batch_lock(tx, &run->batch.id, "running", err) < 0) {
        run->moved_on = err->code == ERR_CONFLICT;
        return -1;
    }
    if (flow_contact_own(tx, &run->owner, &item->contact, arena, &contact, err) < 0)
        return -1;
    if (contact.version != item->contact_version || contact.deleted_at)
        return err_set(err, ERR_STALE, "contact");
    const struct flow_intent intent = {.contact = &contact,
                                       .connection = look->connection,
                                       .record = look->record,
                                       .plan = json_write(&flow_plan_shape, plan, arena)};
    if (flow_intend(tx, &run->owner, &intent, arena, &id, err) < 0 ||
        store_batch_handed(tx, &run->batch.id, &item->contact, &id, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

/* Left to a person, with the reason. */
static int item_problem(const struct run *run, const struct id *contact, const struct err *why, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_work_begin(run->work, &tx, err) < 0 ||
        store_batch_problem(tx, &run->batch.id, contact, str_c(err_slug(why->code)), err) < 0)
        return -1;
    return store_commit(&tx, err);
}

/* -1: the whole run ends, by what run->away says or by a failure of ours. */
static int item_write(struct run *run, const struct store_batch_item *item, struct err *err)
{
    _cleanup_(flow_look_close) struct flow_look look = {.has_live = false};
    const struct flow_review_query query = {
        .contact = item->contact, .connection = run->batch.connection, .record = item->record};
    struct flow_plan plan;
    struct err why = {.code = ERR_NONE};
    if (flow_look(run->work->flow, &run->owner, &query, run->work->arena, &look, &why) == 0 &&
        item_judge(run, item, &look, &plan, &why) == 0 && item_hand_over(run, item, &look, &plan, &why) == 0)
        return 0;
    if (is_away(why.code) || why.code == ERR_CRM_REAUTHORISE || why.code == ERR_READ_ONLY ||
        why.code == ERR_PROPOSE_ONLY) {
        run->away = why;
        *err = why;
        return -1;
    }
    if (run->moved_on || why.code == ERR_STORE_DOWN || why.code == ERR_INTERNAL) {
        *err = why;
        return -1;
    }
    return item_problem(run, &item->contact, &why, err);
}

static int items_open(const struct run *run, size_t room, struct json_list *ret_items, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct store_batch_filter filter = {.batch = run->batch.id, .state = STR("open")};
    const struct store_page page = {.limit = (int)room};
    if (flow_work_begin(run->work, &tx, err) < 0)
        return -1;
    return store_batch_items(tx, &filter, &page, run->work->arena, ret_items, err);
}

static int write_part(struct run *run, struct err *err)
{
    struct json_list items;
    size_t room = run->batch.under_way < AT_ONCE ? (size_t)(AT_ONCE - run->batch.under_way) : 0;
    if (room == 0)
        return go_on(run, SOON_MS, err);
    if (items_open(run, room, &items, err) < 0)
        return -1;
    const struct store_batch_step finish = {.id = run->batch.id, .from = "running", .to = "done"};
    if (items.n == 0)
        return end(run, &finish, err);
    for (size_t i = 0; i < items.n && !flow_work_hurry(run->work); i++) {
        if (item_write(run, (const struct store_batch_item *)items.items + i, err) == 0)
            continue;
        if (run->moved_on)
            break;
        if (run->away.code == ERR_NONE)
            return -1;
        const struct store_batch_step step = halt(&run->batch.id, FLOW_BATCH_running, &run->away);
        return is_away(run->away.code) ? go_on(run, AWAY_MS, err) : end(run, &step, err);
    }
    return go_on(run, 0, err);
}

/* ---- Taking back ---- */

static int items_written(const struct run *run, struct json_list *ret_items, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_work_begin(run->work, &tx, err) < 0)
        return -1;
    return store_batch_undoable(tx, &run->batch.id, AT_ONCE, run->work->arena, ret_items, err);
}

static int undo_part(struct run *run, struct err *err)
{
    struct json_list items;
    struct flow_write_back ignored;
    struct err why;
    if (items_written(run, &items, err) < 0)
        return -1;
    const struct store_batch_step finish = {.id = run->batch.id, .from = "undoing", .to = "undone"};
    if (items.n == 0)
        return run->batch.under_way > 0 ? go_on(run, SOON_MS, err) : end(run, &finish, err);
    const struct store_batch_item *item = items.items;
    for (size_t i = 0; i < items.n && !flow_work_hurry(run->work); i++)
        if (flow_write_undo(run->work->flow, &run->owner, item[i].write_back, run->work->arena, &ignored, &why) < 0 &&
            item_problem(run, &item[i].contact, &why, err) < 0)
            return -1;
    return go_on(run, 0, err);
}

int flow_work_batch(struct flow_work *work, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct run run = {.work = work};
    if (flow_work_begin(work, &tx, err) < 0 || store_batch_get(tx, &work->subject, work->arena, &run.batch, err) < 0)
        return -1;
    int state = flow_state_of(FLOW_BATCH, run.batch.state);
    if (state != FLOW_BATCH_running && state != FLOW_BATCH_undoing)
        return flow_work_done(work, &tx, err);
    int r = owner_find(&run, tx, err);
    store_rollbackp(&tx); /* no transaction waits for a CRM */
    if (r < 0 && err->code == ERR_FORBIDDEN) {
        const struct store_batch_step step = halt(&run.batch.id, (enum flow_batch_state)state, err);
        return end(&run, &step, err);
    }
    if (r < 0)
        return -1;
    return state == FLOW_BATCH_running ? write_part(&run, err) : undo_part(&run, err);
}

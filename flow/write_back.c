/* Write-backs as people see and ask for them; the sending is flow/work/. See write.h. */
#include "store/write_back.h"
#include "base/limits.h"
#include "flow/audit/audit.h"
#include "flow/common.h"
#include "flow/contacts.h"
#include "flow/crm/crm.h"
#include "flow/crm/policy.h"
#include "flow/idempotency.h"
#include "flow/jobs.h"
#include "flow/plan.h"
#include "flow/states.h"
#include "flow/write.h"
#include "store/contact.h"
#include "store/job.h"
#include "store/keep/purge.h"

static const char *word(enum flow_write_back_state state)
{
    return flow_write_back_words[state];
}

static enum flow_action action_of(const struct store_write_back *row)
{
    int action = str_word(row->action, flow_action_words);
    return action < 0 ? FLOW_ACTION_UPDATE : (enum flow_action)action;
}

/* The same as connectors call it. */
static enum crm_action act_of(enum flow_action action)
{
    return action == FLOW_ACTION_MERGE    ? CRM_ACTION_MERGE
           : action == FLOW_ACTION_CREATE ? CRM_ACTION_CREATE
                                          : CRM_ACTION_UPDATE;
}

/* Why it cannot be undone, in words; absent when it can. */
static struct str not_undoable(const struct flow *flow, const struct flow_actor *actor,
                               const struct store_write_back *row, struct str kind)
{
    int state = flow_state_of(FLOW_WRITE_BACK, row->state);
    enum flow_action action = action_of(row);
    const struct crm_connector *connector = kind.p ? flow_connector_find(flow, kind) : NULL;
    if (state != FLOW_WRITE_BACK_written && state != FLOW_WRITE_BACK_undo_conflict)
        return str_c(flow_say(actor, "Only what was written can be undone.",
                              "Nur was geschrieben wurde, lässt sich rückgängig machen."));
    if (!row->plan.p)
        return str_c(flow_say(actor, "What was there before is kept for 30 days, and those are over.",
                              "Was vorher da war, wird 30 Tage aufbewahrt, und die sind vorbei."));
    if (!connector)
        return str_c(flow_say(actor, "The connection no longer exists.", "Die Verbindung gibt es nicht mehr."));
    if (connector->reversal[act_of(action)].how == CRM_NOT || (action == FLOW_ACTION_CREATE && !connector->remove))
        return str_c(
            flow_say(actor, "This CRM does not let us take it back.", "Dieses CRM lässt es uns nicht zurücknehmen."));
    return STR_NONE;
}

static bool is_parked(const struct store_write_back *row)
{
    return str_eq(row->state, str_c(word(FLOW_WRITE_BACK_uncertain))) &&
           str_eq(row->problem, str_c(err_slug(ERR_CRM_PARKED)));
}

static int connection_ref(struct store_tx *tx, const struct id *id, struct arena *arena,
                          struct flow_connection_ref *ret_ref, struct err *err)
{
    struct store_connection connection = {.state = STR_NONE};
    if (store_connection_get(tx, id, arena, &connection, err) < 0 && err->code != ERR_NOT_FOUND)
        return -1;
    *ret_ref = (struct flow_connection_ref){flow_id_text(id, arena), connection.name, connection.kind};
    return 0;
}

/* What the contact is called now; absent when it has no name, or is gone. */
static int contact_name(struct store_tx *tx, const struct id *id, struct arena *arena, struct str *ret_name,
                        struct err *err)
{
    struct store_contact contact;
    *ret_name = STR_NONE;
    if (store_contact_get(tx, id, arena, &contact, err) < 0)
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    *ret_name = contact_display_name(&contact.contact, arena);
    return 0;
}

/* What every function here works with. */
struct desk {
    const struct flow *flow;
    const struct flow_actor *actor;
    struct store_tx *tx;
    struct arena *arena;
};

static int write_back_of(const struct desk *desk, const struct store_write_back *row, struct flow_write_back *ret,
                         struct err *err)
{
    struct arena *arena = desk->arena;
    struct flow_connection_ref connection;
    struct flow_plan plan = {.action = action_of(row)};
    int state = flow_state_of(FLOW_WRITE_BACK, row->state);
    struct str name = STR_NONE;
    if (connection_ref(desk->tx, &row->connection, arena, &connection, err) < 0 ||
        contact_name(desk->tx, &row->contact, arena, &name, err) < 0 ||
        (row->plan.p && json_read(&flow_plan_shape, row->plan, arena, &plan, err) < 0))
        return -1;
    struct str why_not = not_undoable(desk->flow, desk->actor, row, connection.kind);
    *ret = (struct flow_write_back){
        .id = flow_id_text(&row->id, arena),
        .state = state,
        .action = plan.action,
        .sentence = str_c(flow_state_sentence(FLOW_WRITE_BACK, state, desk->actor->language)),
        .contact_id = flow_id_text(&row->contact, arena),
        .display = name,
        .connection = connection,
        .connection_id = connection.id,
        .remote_id = row->remote_id,
        .changes = plan.changes,
        .rulings = plan.rulings,
        .problem = flow_problem_of(desk->actor, row->problem, row->param, arena),
        .parked = is_parked(row),
        .undoable = !why_not.p,
        .not_undoable = why_not,
        .undoable_until = why_not.p ? STR_NONE : flow_time_text(row->updated_at + STORE_BIN_MS, arena),
        .by = flow_name_of(desk->tx, &row->user, arena),
        .policy = id_none(&row->user) ? str_c(flow_policy_words[FLOW_POLICY_FILL]) : STR_NONE,
        .created_at = flow_time_text(row->created_at, arena),
        .updated_at = flow_time_text(row->updated_at, arena),
        .job_id = flow_id_text(&row->job, arena),
        .version = row->version,
    };
    return 0;
}

/* The write-back, if the actor reaches its contact. */
static int write_back_load(const struct desk *desk, const struct id *id, bool change, struct store_write_back *ret_row,
                           struct err *err)
{
    struct store_write_back row;
    struct store_contact contact;
    if (store_write_back_get(desk->tx, id, desk->arena, &row, err) < 0 ||
        (change ? flow_contact_own : flow_contact_load)(desk->tx, desk->actor, &row.contact, desk->arena, &contact,
                                                        err) < 0)
        return -1;
    *ret_row = row;
    return 0;
}

static int write_back_fresh(const struct desk *desk, const struct id *id, struct flow_write_back *ret, struct err *err)
{
    struct store_write_back row;
    if (store_write_back_get(desk->tx, id, desk->arena, &row, err) < 0)
        return -1;
    return write_back_of(desk, &row, ret, err);
}

/* Hands the write-back to the worker and tells everyone its state. */
static int hand_over(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, const char *kind,
                     const char *state, struct err *err)
{
    struct store_job_spec spec = {
        .kind = kind, .subject = *id, .user = actor->user, .max_attempts = FLOW_WRITE_ATTEMPTS};
    struct id job;
    char action[40];
    struct flow_deed deed = {.action = action, .kind = "write_back", .subject = id, .state = state};
    (void)snprintf(action, sizeof action, "write_back.%s", state);
    if (store_job_add(tx, &spec, &job, err) < 0 || store_write_back_set_job(tx, id, &job, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return 0;
}

int flow_intend(struct store_tx *tx, const struct flow_actor *actor, const struct flow_intent *intent,
                struct arena *arena, struct id *ret_write_back, struct err *err)
{
    const struct store_contact *contact = intent->contact;
    struct flow_plan plan = {.action = 0};
    struct id id;
    int confirmed;
    if (json_read(&flow_plan_shape, intent->plan, arena, &plan, err) < 0)
        return -1;
    if (!flow_state_move(FLOW_CONTACT, flow_state_of(FLOW_CONTACT, contact->state), "confirm", &confirmed))
        return err_set(err, ERR_CONFLICT, "%.*s", STR_ARG(contact->state));
    const struct store_write_back row = {
        .contact = contact->id,
        .connection = intent->connection,
        .record = intent->record,
        .user = actor->user,
        .action = str_c(flow_action_words[plan.action]),
        .plan = intent->plan,
        .remote_id = plan.remote_id,
        .version_seen = plan.version,
        .contact_version = contact->version,
    };
    if (store_write_back_add(tx, &row, &id, err) < 0 ||
        store_contact_move(tx, &contact->id, contact->version, str_z(arena, contact->state),
                           flow_contact_words[confirmed], err) < 0 ||
        hand_over(tx, actor, &id, "write", word(FLOW_WRITE_BACK_intent), err) < 0)
        return -1;
    store_event(tx, "contact", &contact->id, flow_contact_words[confirmed]);
    *ret_write_back = id;
    return 0;
}

/* Commits, together with the answer that a repeated request gets again. */
static int write_back_answer(const struct desk *desk, struct store_tx **tx, const struct flow_write_back *fresh,
                             struct err *err)
{
    bool ended = fresh->state == FLOW_WRITE_BACK_left;
    struct flow_idempotency_answer answer = {
        .status = ended ? 200 : 202,
        .location = ended ? STR_NONE : str_printf(desk->arena, "/v1/write-backs/%.*s", STR_ARG(fresh->id)),
        .body = json_write(&flow_write_back_shape, fresh, desk->arena),
    };
    return flow_once(*tx, desk->actor, &answer, err) < 0 ? -1 : store_commit(tx, err);
}

/* ---- Commit ---- */

/* The preview, if it is still about the contact as it is and as the caller saw it. */
static int commit_preview(const struct desk *desk, const struct flow_write *input, struct store_preview *ret_preview,
                          struct store_contact *ret_contact, struct err *err)
{
    struct store_preview preview = {.contact_version = 0};
    struct store_contact contact;
    struct flow_plan plan;
    if (store_preview_get(desk->tx, &input->preview, desk->arena, &preview, err) < 0 ||
        flow_contact_own(desk->tx, desk->actor, &preview.contact, desk->arena, &contact, err) < 0)
        return -1;
    if (contact.version != input->version || contact.version != preview.contact_version || contact.deleted_at)
        return err_set(err, ERR_STALE, "contact");
    if (json_read(&flow_plan_shape, preview.plan, desk->arena, &plan, err) < 0)
        return -1;
    if (plan.changes.n == 0 && plan.action != FLOW_ACTION_MERGE)
        return err_field(err, ERR_INVALID, "/preview_id", "nothing would change");
    *ret_preview = preview;
    *ret_contact = contact;
    return 0;
}

/* What the connection allows now, by the mapping that the plan was made by. */
static int commit_allowed(const struct desk *desk, const struct store_preview *preview, struct err *err)
{
    struct store_connection connection;
    struct flow_plan plan;
    if (store_connection_get(desk->tx, &preview->connection, desk->arena, &connection, err) < 0 ||
        flow_permit_write(connection.policy, err) < 0 ||
        json_read(&flow_plan_shape, preview->plan, desk->arena, &plan, err) < 0)
        return -1;
    if (plan.action == FLOW_ACTION_MERGE && !connection.native_merge)
        return err_set(err, ERR_MERGE_OFF, "%s", "");
    return plan.mapping == connection.mapping ? 0 : err_set(err, ERR_STALE, "%s", "mapping");
}

int flow_write_commit(const struct flow *flow, const struct flow_actor *actor, const struct flow_write *input,
                      struct arena *arena, struct flow_write_back *ret_write_back, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_preview preview = {.contact_version = 0};
    struct store_contact contact = {.version = 0};
    struct flow_write_back fresh;
    struct id id;
    if (flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    struct desk desk = {flow, actor, tx, arena};
    if (commit_preview(&desk, input, &preview, &contact, err) < 0 || commit_allowed(&desk, &preview, err) < 0)
        return -1;
    const struct flow_intent intent = {&contact, preview.connection, preview.record, preview.plan};
    /* The connection's lock comes first, as in deleting it: that takes its previews along. */
    if (flow_intend(tx, actor, &intent, arena, &id, err) < 0 || store_preview_use(tx, &preview.id, err) < 0 ||
        write_back_fresh(&desk, &id, &fresh, err) < 0 || write_back_answer(&desk, &tx, &fresh, err) < 0)
        return -1;
    *ret_write_back = fresh;
    return 0;
}

/* ---- Look ---- */

int flow_write_get(const struct flow *flow, const struct flow_actor *actor, struct id write_back, struct arena *arena,
                   struct flow_write_back *ret_write_back, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_write_back row;
    if (flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    struct desk desk = {flow, actor, tx, arena};
    if (write_back_load(&desk, &write_back, false, &row, err) < 0)
        return -1;
    flow_read(actor, "write_back", &write_back);
    return write_back_of(&desk, &row, ret_write_back, err);
}

int flow_write_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_write_query *query,
                    struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_page page;
    struct json_list rows;
    struct store_contact contact;
    bool of_contact = !id_none(&query->contact);
    struct store_write_back_filter filter = {.user = of_contact ? NULL : flow_only(actor),
                                             .contact = of_contact ? &query->contact : NULL,
                                             .connection = query->connection,
                                             .by = query->by,
                                             .days = query->days,
                                             .state = query->state < 0 ? STR_NONE
                                                                       : str_c(flow_write_back_words[query->state])};
    if (flow_page_ask(&query->page, &page.before, &page.limit, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        (of_contact && flow_contact_load(tx, actor, &query->contact, arena, &contact, err) < 0) ||
        store_write_back_list(tx, &filter, &page, arena, &rows, err) < 0)
        return -1;
    struct desk desk = {flow, actor, tx, arena};
    size_t n = flow_page_keep(&query->page, rows.n);
    struct flow_write_back *items = arena_array(arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++) {
        const struct store_write_back *row = (const struct store_write_back *)rows.items + i;
        if (write_back_of(&desk, row, &items[i], err) < 0)
            return -1;
        flow_read(actor, "write_back", &row->id);
    }
    *ret_list = (struct flow_list){{items, n}, n < rows.n ? items[n - 1].id : STR_NONE};
    return 0;
}

/* ---- What a person asks for afterwards ---- */

static int undo_allowed(const struct desk *desk, const struct store_write_back *row, struct err *err)
{
    struct flow_connection_ref connection;
    if (connection_ref(desk->tx, &row->connection, desk->arena, &connection, err) < 0)
        return -1;
    struct str why_not = not_undoable(desk->flow, desk->actor, row, connection.kind);
    struct store_connection there;
    if (!why_not.p && (store_connection_get(desk->tx, &row->connection, desk->arena, &there, err) < 0 ||
                       flow_permit_write(there.policy, err) < 0))
        return -1;
    return why_not.p ? err_set(err, ERR_NOT_UNDOABLE, "%.*s", STR_ARG(why_not)) : 0;
}

/* One step of the life cycle that a person asks for. */
static int person_step(const struct desk *desk, const struct store_write_back *row, const char *event,
                       const char **ret_to, struct err *err)
{
    int to;
    int64_t attempt;
    if (!flow_state_move(FLOW_WRITE_BACK, flow_state_of(FLOW_WRITE_BACK, row->state), event, &to))
        return err_set(err, ERR_CONFLICT, "%.*s", STR_ARG(row->state));
    const struct store_step step = {.id = row->id,
                                    .from = str_z(desk->arena, row->state),
                                    .to = word((enum flow_write_back_state)to),
                                    .attempt = row->attempt};
    *ret_to = step.to;
    return store_write_back_step(desk->tx, &step, &attempt, err);
}

/* What a person asks for, in the transaction of the desk: the row becomes what it then is. */
typedef int person_act(const struct desk *desk, const struct store_write_back *row, struct err *err);

static int person_asks(struct desk desk, struct id write_back, person_act *act, struct flow_write_back *ret_write_back,
                       struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_write_back row;
    struct flow_write_back fresh;
    if (flow_begin(desk.flow, desk.actor, &tx, err) < 0)
        return -1;
    desk.tx = tx;
    if (write_back_load(&desk, &write_back, true, &row, err) < 0 || act(&desk, &row, err) < 0 ||
        write_back_fresh(&desk, &write_back, &fresh, err) < 0 || write_back_answer(&desk, &tx, &fresh, err) < 0)
        return -1;
    *ret_write_back = fresh;
    return 0;
}

static int undo_act(const struct desk *desk, const struct store_write_back *row, struct err *err)
{
    const char *to;
    if (undo_allowed(desk, row, err) < 0 || person_step(desk, row, "undo", &to, err) < 0)
        return -1;
    return hand_over(desk->tx, desk->actor, &row->id, "undo", to, err);
}

static int retry_act(const struct desk *desk, const struct store_write_back *row, struct err *err)
{
    int state = flow_state_of(FLOW_WRITE_BACK, row->state);
    bool undoing = state == FLOW_WRITE_BACK_undoing;
    if (!undoing && state != FLOW_WRITE_BACK_waiting && state != FLOW_WRITE_BACK_uncertain)
        return err_set(err, ERR_CONFLICT, "%.*s", STR_ARG(row->state));
    return hand_over(desk->tx, desk->actor, &row->id, undoing ? "undo" : "write",
                     word((enum flow_write_back_state)state), err);
}

static int resend_act(const struct desk *desk, const struct store_write_back *row, struct err *err)
{
    const char *to;
    if (!is_parked(row)) /* before that nobody can know that it is not there */
        return err_set(err, ERR_CONFLICT, "%.*s", STR_ARG(row->state));
    if (person_step(desk, row, "resend", &to, err) < 0)
        return -1;
    return hand_over(desk->tx, desk->actor, &row->id, "write", to, err);
}

static int leave_act(const struct desk *desk, const struct store_write_back *row, struct err *err)
{
    struct flow_deed deed = {.action = "write_back.left", .kind = "write_back", .subject = &row->id};
    const char *to;
    if (!is_parked(row) && !str_eq(row->state, str_c(word(FLOW_WRITE_BACK_waiting))))
        return err_set(err, ERR_CONFLICT, "%.*s", STR_ARG(row->state));
    if (person_step(desk, row, "leave", &to, err) < 0 ||
        flow_contact_follow(desk->tx, &row->contact, "fall_back", desk->arena, err) < 0)
        return -1;
    deed.state = to;
    flow_tell(desk->tx, desk->actor, &deed);
    return 0;
}

int flow_write_undo(const struct flow *flow, const struct flow_actor *actor, struct id write_back, struct arena *arena,
                    struct flow_write_back *ret_write_back, struct err *err)
{
    return person_asks((struct desk){flow, actor, NULL, arena}, write_back, undo_act, ret_write_back, err);
}

int flow_write_retry(const struct flow *flow, const struct flow_actor *actor, struct id write_back, struct arena *arena,
                     struct flow_write_back *ret_write_back, struct err *err)
{
    return person_asks((struct desk){flow, actor, NULL, arena}, write_back, retry_act, ret_write_back, err);
}

int flow_write_resend(const struct flow *flow, const struct flow_actor *actor, struct id write_back,
                      struct arena *arena, struct flow_write_back *ret_write_back, struct err *err)
{
    return person_asks((struct desk){flow, actor, NULL, arena}, write_back, resend_act, ret_write_back, err);
}

int flow_write_leave(const struct flow *flow, const struct flow_actor *actor, struct id write_back, struct arena *arena,
                     struct flow_write_back *ret_write_back, struct err *err)
{
    return person_asks((struct desk){flow, actor, NULL, arena}, write_back, leave_act, ret_write_back, err);
}

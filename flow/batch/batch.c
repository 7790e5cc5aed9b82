/* What people ask of batches: to choose, to judge, to go on or not; see batch.h. */
#include "flow/batch/batch.h"

#include "flow/batch/choose.h"
#include "flow/batch/look.h"
#include "flow/batch/work.h"
#include "flow/common.h"
#include "flow/crm/policy.h"
#include "flow/idempotency.h"
#include "flow/states.h"

static int fresh(const struct flow_batch_desk *desk, const struct id *id, struct flow_batch *ret_batch, struct err *err)
{
    struct store_batch row;
    return store_batch_get(desk->tx, id, desk->arena, &row, err) < 0 ? -1 : flow_batch_view(desk, &row, ret_batch, err);
}

/* ---- Choosing ---- */

static int batch_keep(const struct flow_batch_desk *desk, struct flow_crm *crm, struct id *ret_id, struct err *err)
{
    struct json_list items;
    const struct store_batch batch = {.connection = crm->row.id, .user = desk->actor->user};
    struct flow_deed deed = {.action = "batch.create", .kind = "batch", .subject = ret_id, .state = "sampling"};
    if (flow_batch_choose(desk->tx, desk->actor, crm, desk->arena, &items, err) < 0)
        return -1;
    if (items.n == 0)
        return err_set(err, ERR_NOTHING_OBVIOUS, "%s", "");
    if (store_batch_add(desk->tx, &batch, items.items, items.n, ret_id, err) < 0)
        return -1;
    flow_tell(desk->tx, desk->actor, &deed);
    return 0;
}

/* A transaction waits for no CRM; opening a connection asks none. */
static int batch_open(const struct flow *flow, const struct flow_actor *actor, const struct flow_batch_new *input,
                      struct flow_crm *ret_crm, struct err *err)
{
    struct id connection;
    if (flow_id_read(input->connection_id, "/connection_id", &connection, err) < 0 ||
        flow_crm_open(flow, &actor->org, &connection, ret_crm, err) < 0)
        return -1;
    return flow_permit_write(ret_crm->row.policy, err);
}

int flow_batch_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_batch_new *input,
                      struct arena *arena, struct flow_batch *ret_batch, struct err *err)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct id id;
    if (batch_open(flow, actor, input, &crm, err) < 0 || flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    const struct flow_batch_desk desk = {flow, actor, tx, arena};
    if (batch_keep(&desk, &crm, &id, err) < 0 || fresh(&desk, &id, ret_batch, err) < 0)
        return -1;
    const struct flow_idempotency_answer answer = {.status = 201,
                                                   .location = str_printf(arena, "/v1/batches/%s", id.s),
                                                   .body = json_write(&flow_batch_shape, ret_batch, arena)};
    return flow_once(tx, actor, &answer, err) < 0 ? -1 : store_commit(&tx, err);
}

/* ---- Judging ---- */

/* The first "no": nothing of the batch is written. */
static int stop(const struct flow_batch_desk *desk, const struct id *id, struct err *err)
{
    const struct store_batch_step step = {.id = *id, .from = "sampling", .to = "stopped"};
    return store_batch_step(desk->tx, &step, err) < 0 ? -1 : store_batch_leave(desk->tx, id, err);
}

int flow_batch_judge(const struct flow *flow, const struct flow_actor *actor, const struct flow_batch_judge *judge,
                     struct arena *arena, struct flow_batch *ret_batch, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_batch row;
    struct id contact;
    bool right = judge->judgement.right;
    const struct store_batch_step same = {.id = judge->batch, .from = "sampling", .to = "sampling"};
    struct flow_deed deed = {.action = "batch.judge",
                             .kind = "batch",
                             .subject = &judge->batch,
                             .state = right ? "judged" : "stopped",
                             .note = right ? "yes" : "no",
                             .records = &contact,
                             .n = 1};
    if (flow_id_read(judge->judgement.contact_id, "/contact_id", &contact, err) < 0 ||
        flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    const struct flow_batch_desk desk = {flow, actor, tx, arena};
    if (flow_batch_load(&desk, &judge->batch, &row, err) < 0 || store_batch_step(tx, &same, err) < 0 ||
        store_batch_judge(tx, &judge->batch, &contact, right, err) < 0 ||
        (!right && stop(&desk, &judge->batch, err) < 0) || fresh(&desk, &judge->batch, ret_batch, err) < 0)
        return -1;
    const struct flow_idempotency_answer answer = {.status = 200,
                                                   .body = json_write(&flow_batch_shape, ret_batch, arena)};
    flow_tell(tx, actor, &deed);
    return flow_once(tx, actor, &answer, err) < 0 ? -1 : store_commit(&tx, err);
}

/* ---- Going on, or not ---- */

static const struct turn {
    const char *event, *action; /* of states.def; of the audit trail */
    bool works, leaves;         /* the worker has something to do; what is open goes to review */
} turns[] = {
    {"start", "batch.start", true, false},   {"pause", "batch.pause", false, false},
    {"resume", "batch.resume", true, false}, {"leave", "batch.stop", false, true},
    {"undo", "batch.undo", true, true},
};

/* The step that leads where it is wished, NULL when there is none. */
static const struct turn *turn_find(int from, int wished)
{
    for (size_t i = 0; i < ARRAY_LEN(turns); i++) {
        int to;
        if (flow_state_move(FLOW_BATCH, from, turns[i].event, &to) && to == wished)
            return &turns[i];
    }
    return NULL;
}

static int turn_allowed(const struct flow_batch_desk *desk, const struct store_batch *row, const struct turn *turn,
                        struct err *err)
{
    struct store_connection connection;
    if (!turn)
        return err_set(err, ERR_CONFLICT, "%.*s", STR_ARG(row->state));
    if (strcmp(turn->event, "start") == 0 && row->yes < row->sampled)
        return err_set(err, ERR_SAMPLE_OPEN, "%lld / %lld", (long long)row->yes, (long long)row->sampled);
    if (!turn->works)
        return 0;
    return store_connection_get(desk->tx, &row->connection, desk->arena, &connection, err) < 0
               ? -1
               : flow_permit_write(connection.policy, err);
}

int flow_batch_turn(const struct flow *flow, const struct flow_actor *actor, const struct flow_batch_turn *wish,
                    struct arena *arena, struct flow_batch *ret_batch, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_batch row;
    if (flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    const struct flow_batch_desk desk = {flow, actor, tx, arena};
    if (flow_batch_load(&desk, &wish->batch, &row, err) < 0)
        return -1;
    int from = flow_state_of(FLOW_BATCH, row.state);
    const struct turn *turn = turn_find(from, wish->state);
    if (turn_allowed(&desk, &row, turn, err) < 0)
        return -1;
    const struct store_batch_step step = {
        .id = row.id, .from = flow_batch_words[from], .to = flow_batch_words[wish->state], .version = wish->version};
    struct flow_deed deed = {.action = turn->action, .kind = "batch", .subject = &row.id, .state = step.to};
    if (store_batch_step(tx, &step, err) < 0 || (turn->leaves && store_batch_leave(tx, &row.id, err) < 0) ||
        (turn->works && flow_batch_ask(tx, &row.id, &row.user, 0, err) < 0) ||
        fresh(&desk, &row.id, ret_batch, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

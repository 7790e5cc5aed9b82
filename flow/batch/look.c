/* Looking at batches; see batch.h. */
#include "flow/batch/look.h"

#include "dedupe/model.h"
#include "flow/audit/audit.h"
#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/crm/policy.h"
#include "flow/rules/policy.h"
#include "flow/states.h"
#include "store/contact.h"

int flow_batch_load(const struct flow_batch_desk *desk, const struct id *id, struct store_batch *ret_row,
                    struct err *err)
{
    struct store_batch row;
    if (store_batch_get(desk->tx, id, desk->arena, &row, err) < 0)
        return -1;
    if (!desk->actor->any && !id_eq(&row.user, &desk->actor->user))
        return err_set(err, ERR_NOT_FOUND, "batch");
    *ret_row = row;
    return 0;
}

static int connection_view(const struct flow_batch_desk *desk, const struct id *id,
                           struct flow_review_connection *ret_connection, struct err *err)
{
    struct store_connection row;
    if (store_connection_get(desk->tx, id, desk->arena, &row, err) < 0)
        return -1;
    const struct crm_connector *connector = flow_connector_find(desk->flow, row.kind);
    const struct crm_reversal *way_back = connector ? &connector->reversal[CRM_ACTION_UPDATE] : NULL;
    *ret_connection =
        (struct flow_review_connection){.id = flow_id_text(id, desk->arena),
                                        .name = row.name,
                                        .kind = row.kind,
                                        .reversible = str_c(crm_reversible_words[way_back ? way_back->how : CRM_NOT]),
                                        .reversal = way_back ? str_c(way_back->sentence) : STR_NONE,
                                        .policy = flow_policy_of(row.policy),
                                        .native_merge = row.native_merge};
    return 0;
}

static int rule_say(const struct flow_batch_desk *desk, struct str *ret_rule, struct err *err)
{
    struct flow_policy policy;
    if (flow_policy_active(desk->tx, desk->arena, &policy, err) < 0)
        return -1;
    long sure = (long)(1000 * policy.model->obvious);
    *ret_rule = str_printf(
        desk->arena,
        flow_say(
            desk->actor,
            "Exactly one record counts as the same person (from %ld.%ld %% on, or by a person's decision), nothing "
            "contradicts the card, and only what is missing there is added.",
            "Genau ein Datensatz gilt als dieselbe Person (ab %ld,%ld %% oder durch Entscheidung eines Menschen), "
            "nichts widerspricht der Karte, und nur was dort fehlt, kommt hinzu."),
        sure / 10, sure % 10);
    return 0;
}

static int changes_view(const struct flow_batch_desk *desk, const struct id *id, struct json_list *ret_changes,
                        struct err *err)
{
    struct json_list rows;
    if (store_batch_changes(desk->tx, id, desk->arena, &rows, err) < 0)
        return -1;
    const struct store_batch_change *row = rows.items;
    struct flow_batch_change *items = arena_array(desk->arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++)
        items[i] = (struct flow_batch_change){row[i].field, row[i].n};
    *ret_changes = (struct json_list){items, rows.n};
    return 0;
}

static int view(const struct flow_batch_desk *desk, const struct store_batch *row, struct str rule,
                struct flow_batch *ret_batch, struct err *err)
{
    int state = flow_state_of(FLOW_BATCH, row->state);
    const char *waits = flow_say(desk->actor, "The sample waits to be judged; nothing was written.",
                                 "Die Stichprobe wartet auf ein Urteil; geschrieben wurde nichts.");
    struct flow_batch batch = {
        .id = flow_id_text(&row->id, desk->arena),
        .state = state,
        .sentence =
            str_c(state == FLOW_BATCH_sampling ? waits : flow_state_sentence(FLOW_BATCH, state, desk->actor->language)),
        .by = flow_name_of(desk->tx, &row->user, desk->arena),
        .rule = rule,
        .yours = id_eq(&row->user, &desk->actor->user),
        .total = row->total,
        .sample = row->sampled,
        .judged = row->yes,
        .open = row->open,
        .under_way = row->under_way,
        .written = row->written,
        .failed = row->failed,
        .left = row->left,
        .undone = row->undone,
        .problem = flow_problem_of(desk->actor, row->problem, STR_NONE, desk->arena),
        .created_at = flow_time_text(row->created_at, desk->arena),
        .version = row->version,
    };
    if (connection_view(desk, &row->connection, &batch.connection, err) < 0 ||
        changes_view(desk, &row->id, &batch.changes, err) < 0)
        return -1;
    *ret_batch = batch;
    return 0;
}

int flow_batch_view(const struct flow_batch_desk *desk, const struct store_batch *row, struct flow_batch *ret_batch,
                    struct err *err)
{
    struct str rule;
    return rule_say(desk, &rule, err) < 0 ? -1 : view(desk, row, rule, ret_batch, err);
}

int flow_batch_get(const struct flow *flow, const struct flow_actor *actor, struct id batch, struct arena *arena,
                   struct flow_batch *ret_batch, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_batch row;
    if (flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    const struct flow_batch_desk desk = {flow, actor, tx, arena};
    return flow_batch_load(&desk, &batch, &row, err) < 0 ? -1 : flow_batch_view(&desk, &row, ret_batch, err);
}

int flow_batch_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_page *page,
                    struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_page ask;
    struct json_list rows;
    if (flow_page_ask(page, &ask.before, &ask.limit, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_batch_list(tx, flow_only(actor), &ask, arena, &rows, err) < 0)
        return -1;
    const struct flow_batch_desk desk = {flow, actor, tx, arena};
    size_t n = flow_page_keep(page, rows.n);
    struct flow_batch *items = arena_array(arena, n, sizeof *items);
    struct str rule; /* the same for all */
    if (rule_say(&desk, &rule, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (view(&desk, (const struct store_batch *)rows.items + i, rule, &items[i], err) < 0)
            return -1;
    *ret_list = (struct flow_list){{items, n}, n < rows.n ? items[n - 1].id : STR_NONE};
    return 0;
}

static struct json_list fields_of(struct str words, struct arena *arena)
{
    struct str *items = arena_array(arena, contact_field_count, sizeof *items);
    size_t n = 0;
    while (n < contact_field_count && str_split(&words, ',', &items[n]))
        n++;
    return (struct json_list){items, n};
}

static struct flow_batch_item item_view(const struct flow_batch_desk *desk, const struct store_batch_item *row)
{
    struct store_contact contact;
    struct err ignored;
    struct arena *arena = desk->arena;
    bool seen = flow_contact_load(desk->tx, desk->actor, &row->contact, arena, &contact, &ignored) == 0;
    if (seen)
        flow_read(desk->actor, "contact", &row->contact);
    return (struct flow_batch_item){
        .contact_id = flow_id_text(&row->contact, arena),
        .record_id = flow_id_text(&row->record, arena),
        .display = seen ? contact_display_name(&contact.contact, arena) : STR_NONE,
        .fields = fields_of(row->fields, arena),
        .sampled = row->sampled,
        .judged = str_word(row->judged, flow_judged_words),
        .state = row->state,
        .problem = flow_problem_of(desk->actor, row->problem, STR_NONE, arena),
        .write_back_id = flow_id_text(&row->write_back, arena),
    };
}

int flow_batch_items(const struct flow *flow, const struct flow_actor *actor, const struct flow_batch_query *query,
                     struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_page ask;
    struct store_batch batch;
    struct json_list rows;
    const struct store_batch_filter filter = {query->batch, query->sampled, query->state};
    if (flow_page_ask(&query->page, &ask.before, &ask.limit, err) < 0 || flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    const struct flow_batch_desk desk = {flow, actor, tx, arena};
    if (flow_batch_load(&desk, &query->batch, &batch, err) < 0 ||
        store_batch_items(tx, &filter, &ask, arena, &rows, err) < 0)
        return -1;
    size_t n = flow_page_keep(&query->page, rows.n);
    struct flow_batch_item *items = arena_array(arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = item_view(&desk, (const struct store_batch_item *)rows.items + i);
    *ret_list = (struct flow_list){{items, n}, n < rows.n ? items[n - 1].contact_id : STR_NONE};
    return 0;
}

/* The job "fill": where the policy of a connection says so, empty fields of a record that is obviously the same person
 * are filled from the card, on the way that a confirmed change takes: intent, exactly once, undoable. Once for a
 * contact and a connection: what a person took back stays taken back. */
#include "flow/common.h"
#include "flow/contacts.h"
#include "flow/crm/policy.h"
#include "flow/plan.h"
#include "flow/states.h"
#include "flow/work/work.h"
#include "store/candidate.h"
#include "store/connection.h"
#include "store/contact.h"
#include "store/write_back.h"

/* The one candidate that nobody can mistake, NULL when there is none or a second one; `connection` NULL: any. */
static const struct store_candidate *only_obvious(const struct json_list *candidates, const struct id *connection)
{
    const struct store_candidate *all = candidates->items, *found = NULL;
    for (size_t i = 0; i < candidates->n; i++) {
        if (!id_eq(&all[i].connection, connection) || str_eq(all[i].decided, STR("different")))
            continue;
        if (found || !str_eq(all[i].band, STR("obvious")))
            return NULL;
        found = &all[i];
    }
    return found;
}

/* Whether anything was ever written, or tried, for the contact there. */
static int written_before(struct store_tx *tx, const struct id *contact, const struct id *connection,
                          struct arena *arena, bool *ret_before, struct err *err)
{
    const struct store_write_back_filter filter = {.contact = contact};
    const struct store_page page = {.limit = 200};
    struct json_list rows;
    if (store_write_back_list(tx, &filter, &page, arena, &rows, err) < 0)
        return -1;
    *ret_before = false;
    for (size_t i = 0; i < rows.n; i++)
        *ret_before = *ret_before || id_eq(&((const struct store_write_back *)rows.items)[i].connection, connection);
    return 0;
}

/* What is to be filled: the candidate, if the policy of its connection wants it and nothing was written there before.
 */
static int fill_choose(struct store_tx *tx, const struct store_contact *contact, struct arena *arena,
                       struct store_candidate *ret_candidate, struct err *err)
{
    struct json_list connections, candidates;
    *ret_candidate = (struct store_candidate){.weight = 0};
    if (contact->deleted_at || !str_eq(contact->state, str_c(flow_contact_words[FLOW_CONTACT_matched])))
        return 0;
    if (store_connection_list(tx, arena, &connections, err) < 0 ||
        store_candidates_of(tx, &contact->id, arena, &candidates, err) < 0)
        return -1;
    for (size_t i = 0; i < connections.n; i++) {
        const struct store_connection *row = (const struct store_connection *)connections.items + i;
        const struct store_candidate *candidate =
            flow_policy_of(row->policy) == FLOW_POLICY_FILL ? only_obvious(&candidates, &row->id) : NULL;
        bool before = true;
        if (candidate && written_before(tx, &contact->id, &row->id, arena, &before, err) < 0)
            return -1;
        if (before)
            continue;
        *ret_candidate = *candidate;
        return 0;
    }
    return 0;
}

int flow_work_fill_ask(struct store_tx *tx, const struct id *contact, struct arena *arena, struct err *err)
{
    const struct store_job_spec spec = {.kind = "fill", .subject = *contact, .max_attempts = FLOW_WRITE_ATTEMPTS};
    struct store_contact row;
    struct store_candidate candidate;
    struct id job;
    if (store_contact_get(tx, contact, arena, &row, err) < 0 || fill_choose(tx, &row, arena, &candidate, err) < 0)
        return -1;
    return id_none(&candidate.id) ? 0 : store_job_add(tx, &spec, &job, err);
}

/* Only what the record has nothing of at all comes from the card, and only where its reading is beyond doubt: nobody
 * looks. */
static struct flow_picks fill_picks(const struct flow_work *work, const struct flow_look *look)
{
    struct flow_sides sides = flow_look_sides(look);
    struct flow_row *rows;
    size_t n = flow_rows(&sides, work->arena, &rows);
    struct flow_pick *picks = arena_array(work->arena, n + 1, sizeof *picks);
    for (size_t i = 0; i < n; i++) {
        bool fill = rows[i].group == FLOW_GROUP_ADDITION && rows[i].proposal == FLOW_TAKE_CARD;
        picks[i] = (struct flow_pick){.field = rows[i].field, .take = fill ? FLOW_TAKE_CARD : FLOW_TAKE_CRM};
    }
    return (struct flow_picks){picks, n, flow_region(work->flow), .by_policy = true};
}

/* The intent, unless the contact has moved on since it was looked at. */
static int fill_intend(struct flow_work *work, struct store_tx *tx, const struct flow_look *look,
                       const struct flow_plan *plan, struct err *err)
{
    const struct flow_intent intent = {.contact = &look->contact,
                                       .connection = look->connection,
                                       .record = look->record,
                                       .plan = json_write(&flow_plan_shape, plan, work->arena)};
    struct store_contact now;
    struct id id;
    if (store_contact_get(tx, &work->subject, work->arena, &now, err) < 0)
        return -1;
    return now.version == look->contact.version ? flow_intend(tx, &work->actor, &intent, work->arena, &id, err) : 0;
}

static int fill(struct flow_work *work, const struct store_candidate *candidate, struct err *err)
{
    _cleanup_(flow_look_close) struct flow_look look = {.has_live = false};
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct flow_review_query query = {
        .contact = work->subject, .connection = candidate->connection, .record = candidate->record};
    struct flow_plan plan = {.action = FLOW_ACTION_UPDATE};
    if (flow_look(work->flow, &work->actor, &query, work->arena, &look, err) < 0)
        return -1;
    if (look.has_live) {
        struct flow_picks picks = fill_picks(work, &look);
        if (flow_plan_make(&look, &picks, work->arena, &plan, err) < 0)
            return -1;
    }
    if (flow_work_begin(work, &tx, err) < 0 || (plan.changes.n > 0 && fill_intend(work, tx, &look, &plan, err) < 0))
        return -1;
    return flow_work_done(work, &tx, err);
}

int flow_work_fill(struct flow_work *work, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_contact contact;
    struct store_candidate candidate;
    if (flow_work_begin(work, &tx, err) < 0 || store_contact_get(tx, &work->subject, work->arena, &contact, err) < 0 ||
        fill_choose(tx, &contact, work->arena, &candidate, err) < 0)
        return -1;
    if (id_none(&candidate.id))
        return flow_work_done(work, &tx, err);
    store_rollbackp(&tx); /* no transaction waits for a CRM */
    return fill(work, &candidate, err);
}

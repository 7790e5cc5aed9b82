/* See look.h. */
#include "flow/look.h"

#include "flow/audit/audit.h"
#include "flow/candidates.h"
#include "flow/common.h"
#include "flow/rules/policy.h"

/* The candidate to show: for the wanted record; else the one decided the same, else the heaviest not ruled out. */
static const struct store_candidate *look_candidate(const struct json_list *rows, const struct flow_review_query *query)
{
    const struct store_candidate *best = NULL;
    for (size_t i = 0; i < rows->n; i++) {
        const struct store_candidate *row = (const struct store_candidate *)rows->items + i;
        if (!id_none(&query->connection) && !id_eq(&row->connection, &query->connection))
            continue;
        if (!id_none(&query->record)) {
            if (id_eq(&row->record, &query->record))
                return row;
            continue;
        }
        if (str_eq(row->decided, STR("same")))
            return row;
        if (!best && !row->decided.p)
            best = row;
    }
    return best;
}

/* Without a candidate and without a wish: the organisation's first connection. */
static int look_connection(struct store_tx *tx, struct flow_look *look, struct arena *arena, struct err *err)
{
    struct json_list all;
    if (!id_none(&look->connection))
        return 0;
    if (store_connection_list(tx, arena, &all, err) < 0)
        return -1;
    if (all.n == 0)
        return err_set(err, ERR_NOT_FOUND, "connection");
    look->connection = ((const struct store_connection *)all.items)->id;
    return 0;
}

static int look_record(struct store_tx *tx, struct flow_look *look, struct arena *arena, struct err *err)
{
    struct store_record row;
    if (id_none(&look->record))
        return 0;
    if (store_record_get(tx, &look->record, arena, &row, err) < 0)
        return -1;
    if (!id_none(&look->connection) && !id_eq(&row.connection, &look->connection))
        return err_set(err, ERR_NOT_FOUND, "record of this connection");
    look->connection = row.connection;
    look->remote_id = row.remote_id;
    return 0;
}

static int look_choose(struct store_tx *tx, const struct flow_actor *actor, const struct flow_review_query *query,
                       struct arena *arena, struct flow_look *look, struct err *err)
{
    struct json_list candidates;
    if (flow_contact_load(tx, actor, &query->contact, arena, &look->contact, err) < 0 ||
        store_candidates_of(tx, &query->contact, arena, &candidates, err) < 0)
        return -1;
    struct flow_policy policy;
    if (flow_policy_active(tx, arena, &policy, err) < 0)
        return -1;
    look->survivorship = policy.survivorship;
    look->reading = flow_reading_of(look->contact.reading, arena);
    look->connection = query->connection;
    look->record = query->record;
    const struct store_candidate *candidate = look_candidate(&candidates, query);
    if (candidate)
        look->candidate = *candidate;
    if (candidate && !query->create)
        look->record = candidate->record;
    return look_record(tx, look, arena, err) < 0 ? -1 : look_connection(tx, look, arena, err);
}

/* The mirror follows what was just seen. Its failure is no reason to show nothing. */
static void look_mirror(struct flow_look *look)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct err ignored;
    struct id id;
    struct crm_record mapped = flow_crm_mapped(&look->crm, &look->live);
    if (look->crm.lent.book || store_begin(look->crm.flow->store, &look->crm.org, &tx, &ignored) < 0)
        return;
    int r = look->has_live ? flow_mirror_put(tx, &look->connection, &mapped, &id, &ignored)
                           : store_record_bury(tx, &look->connection, look->remote_id, &ignored);
    if (r == 0)
        (void)store_commit(&tx, &ignored);
}

int flow_look(const struct flow *flow, const struct flow_actor *actor, const struct flow_review_query *query,
              struct arena *arena, struct flow_look *ret_look, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    bool gone = false;
    *ret_look = (struct flow_look){.has_live = false};
    if (flow_begin(flow, actor, &tx, err) < 0 || look_choose(tx, actor, query, arena, ret_look, err) < 0)
        return -1;
    flow_read(actor, "contact", &query->contact);
    flow_read(actor, "record", &ret_look->record);
    store_rollbackp(&tx); /* no transaction waits for a CRM */
    if (flow_crm_open(flow, &actor->org, &ret_look->connection, &ret_look->crm, err) < 0)
        return -1;
    if (id_none(&ret_look->record))
        return 0;
    if (flow_crm_fetch(&ret_look->crm, ret_look->remote_id, &ret_look->live, &gone, err) < 0)
        return -1;
    ret_look->has_live = !gone;
    look_mirror(ret_look);
    return 0;
}

void flow_look_close(struct flow_look *look)
{
    if (look->crm.flow)
        flow_crm_close(&look->crm);
}

struct flow_sides flow_look_sides(const struct flow_look *look)
{
    bool moved = !id_none(&look->candidate.id) && flow_candidate_moved(&look->candidate);
    return (struct flow_sides){.card = &look->contact.contact,
                               .crm = look->has_live ? &look->live.contact : NULL,
                               .moved = moved,
                               .survivorship = &look->survivorship,
                               .claims = &look->reading.claims,
                               .mapped = flow_crm_maps,
                               .mapped_self = &look->crm};
}

const struct crm_reversal *flow_look_reversal(const struct flow_look *look)
{
    enum crm_action action = look->has_live ? CRM_ACTION_UPDATE : CRM_ACTION_CREATE;
    return &look->crm.connector->reversal[action];
}

/* See records.h. */
#include "flow/merge/records.h"

#include "flow/audit/audit.h"
#include "flow/candidates.h"
#include "flow/common.h"
#include "flow/crm/book.h"
#include "flow/crm/crm.h"
#include "flow/shape/rows.h"
#include "store/record.h"

enum { SHORTEST_TEXT = 2, LONGEST_TEXT = 200 };

static const struct json_field flow_found_record_rows[] = {
    TEXT(flow_found_record, record_id, "The record in our mirror, for the review."),
    TEXT(flow_found_record, remote_id, "The CRM's own id."),
    TEXT(flow_found_record, display, "Name and organisation."),
};
SHAPE(flow_found_record, "FoundRecord");

/* Ours of what the CRM found: the built-in book's records are the mirror's. */
static int keep(struct store_tx *tx, const struct flow_crm *crm, const struct crm_record *record, struct id *ret_id,
                struct err *err)
{
    struct crm_record mapped = flow_crm_mapped(crm, record);
    struct store_record row = {.kind = STR_NONE};
    if (!crm->lent.book)
        return flow_mirror_put(tx, &crm->row.id, &mapped, ret_id, err);
    if (store_record_find(tx, &crm->row.id, record->remote_id, crm->arena, &row, err) < 0)
        return -1;
    *ret_id = row.id;
    return 0;
}

int flow_records(const struct flow *flow, const struct flow_actor *actor, const struct flow_record_query *query,
                 struct arena *arena, struct json_list *ret_records, struct err *err)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct crm_result result = {.outcome = CRM_NONE};
    struct str text = str_trim(query->text);
    if (flow_crm_open(flow, &actor->org, &query->connection, &crm, err) < 0)
        return -1;
    if (text.n < SHORTEST_TEXT || text.n > LONGEST_TEXT)
        return err_field(err, ERR_INVALID, "/q", "%d to %d bytes", SHORTEST_TEXT, LONGEST_TEXT);
    if (crm.connector->search(&crm.lent, text, crm.arena, &result, err) < 0)
        return -1;
    flow_crm_note(&crm, &result, NULL);
    if (flow_crm_judge(&result, err) < 0 || flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    const struct crm_record *found = result.records.items;
    struct flow_found_record *records = arena_array(arena, result.records.n, sizeof *records);
    size_t n = 0;
    for (size_t i = 0; i < result.records.n; i++) {
        struct id id;
        if (found[i].kind == CRM_COMPANY)
            continue;
        if (keep(tx, &crm, &found[i], &id, err) < 0)
            return -1;
        flow_read(actor, "record", &id);
        records[n++] = (struct flow_found_record){.record_id = flow_id_text(&id, arena),
                                                  .remote_id = str_dup(arena, found[i].remote_id),
                                                  .display = flow_record_display(&found[i].contact, arena)};
    }
    *ret_records = (struct json_list){records, n};
    return store_commit(&tx, err);
}

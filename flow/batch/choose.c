/* See choose.h. */
#include "flow/batch/choose.h"

#include "base/crypto.h"
#include "base/limits.h"
#include "flow/batch/batch.h"
#include "flow/candidates.h"
#include "flow/common.h"
#include "flow/rules/policy.h"

struct str flow_batch_fields(const struct flow_sides *sides, struct arena *arena)
{
    struct flow_row *rows;
    struct strbuf fields = {.arena = arena};
    size_t n = flow_rows(sides, arena, &rows);
    for (size_t i = 0; i < n; i++) {
        bool addition = rows[i].group == FLOW_GROUP_ADDITION;
        if (rows[i].group == FLOW_GROUP_CONFLICT || (addition && rows[i].proposal == FLOW_TAKE_CRM))
            return STR_NONE;
        if (addition)
            strbuf_printf(&fields, "%s%s", fields.n ? "," : "", rows[i].field->name);
    }
    return fields.n ? strbuf_str(&fields) : STR("");
}

static uint32_t dice(uint32_t below)
{
    uint32_t number;
    crypto_random(&number, sizeof number);
    return number % below; /* of 2^32 throws at most 500 more for one side than for another */
}

/* Every contact has the same chance: each place of the sample takes one of those that are left. */
static void sample_draw(struct store_batch_item *items, size_t n)
{
    for (size_t i = 0; i < n && i < FLOW_BATCH_SAMPLE; i++) {
        size_t other = i + dice((uint32_t)(n - i));
        struct store_batch_item taken = items[other];
        items[other] = items[i];
        items[i] = taken;
        items[i].sampled = true;
    }
}

/* Everything that choosing one contact looks at. */
struct chooser {
    struct store_tx *tx;
    const struct flow_actor *actor;
    struct flow_crm *crm;
    struct flow_policy policy;
};

/* 1 = taken, 0 = not for a batch. */
static int item_choose(const struct chooser *chooser, struct store_batch_item *item, struct arena *arena,
                       struct err *err)
{
    _cleanup_(arena_freep) struct arena *scratch = arena_new(LIMIT_ARENA_REQUEST);
    struct store_contact contact;
    struct store_record record;
    struct json_list candidates;
    bool moved = false;
    if (flow_contact_own(chooser->tx, chooser->actor, &item->contact, scratch, &contact, err) < 0)
        return err->code == ERR_FORBIDDEN || err->code == ERR_NOT_FOUND ? 0 : -1;
    if (store_record_get(chooser->tx, &item->record, scratch, &record, err) < 0 ||
        store_candidates_of(chooser->tx, &item->contact, scratch, &candidates, err) < 0)
        return -1;
    for (size_t i = 0; i < candidates.n; i++) {
        const struct store_candidate *candidate = (const struct store_candidate *)candidates.items + i;
        moved = moved || (id_eq(&candidate->record, &item->record) && flow_candidate_moved(candidate));
    }
    const struct flow_reading reading = flow_reading_of(contact.reading, scratch);
    const struct flow_sides sides = {.card = &contact.contact,
                                     .crm = &record.contact,
                                     .moved = moved,
                                     .survivorship = &chooser->policy.survivorship,
                                     .claims = &reading.claims,
                                     .mapped = flow_crm_maps,
                                     .mapped_self = chooser->crm};
    struct str fields = flow_batch_fields(&sides, scratch);
    if (str_empty(fields))
        return 0;
    item->contact_version = contact.version;
    item->fields = str_dup(arena, fields);
    return 1;
}

int flow_batch_choose(struct store_tx *tx, const struct flow_actor *actor, struct flow_crm *crm, struct arena *arena,
                      struct json_list *ret_items, struct err *err)
{
    struct chooser chooser = {.tx = tx, .actor = actor, .crm = crm};
    const struct store_batch_choose choose = {
        .connection = crm->row.id, .user = flow_only(actor), .most = FLOW_BATCH_MOST};
    if (flow_policy_active(tx, arena, &chooser.policy, err) < 0 ||
        store_batch_choose(tx, &choose, arena, ret_items, err) < 0)
        return -1;
    struct store_batch_item *items = (struct store_batch_item *)(uintptr_t)ret_items->items;
    size_t n = 0;
    for (size_t i = 0; i < ret_items->n; i++) {
        int taken = item_choose(&chooser, &items[i], arena, err);
        if (taken < 0)
            return -1;
        if (taken)
            items[n++] = items[i];
    }
    sample_draw(items, n);
    ret_items->n = n;
    return 0;
}

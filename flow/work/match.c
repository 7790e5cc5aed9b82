/* The job "match": keys -> records that share some -> scores with reasons -> candidates. */
#include "flow/candidates.h"
#include "flow/rules/near.h"
#include "flow/rules/policy.h"
#include "flow/states.h"
#include "flow/work/work.h"
#include "store/journal.h"
#include "store/match/index.h"

/* A contact that waited becomes matched. Others stay where they are, so that nobody's review goes stale by it. */
static int contact_matched(struct store_tx *tx, const struct store_contact *contact, struct err *err)
{
    const char *read = flow_contact_words[FLOW_CONTACT_read], *matched = flow_contact_words[FLOW_CONTACT_matched];
    bool waited = str_eq(contact->state, str_c(read));
    if (waited && store_contact_move(tx, &contact->id, contact->version, read, matched, err) < 0)
        return -1;
    store_event(tx, "contact", &contact->id, waited ? matched : "rematched");
    return 0;
}

int flow_work_match(struct flow_work *work, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_keys keys;
    struct store_contact contact;
    struct json_list candidates;
    struct flow_policy policy;
    if (flow_work_begin(work, &tx, err) < 0 || store_contact_get(tx, &work->subject, work->arena, &contact, err) < 0)
        return -1;
    if (contact.deleted_at)
        return flow_work_done(work, &tx, err);
    if (flow_keys_of(tx, &contact.contact, &keys, err) < 0 ||
        store_match_keys_set(tx, STORE_CONTACT, &contact.id, keys.hash, keys.n, err) < 0 ||
        flow_policy_active(tx, work->arena, &policy, err) < 0)
        return -1;
    struct flow_near near = {policy.model, &contact.contact, &keys};
    if (flow_near_records(tx, &near, work->arena, &candidates, err) < 0)
        return -1;
    if (store_candidates_set(tx, &contact.id, candidates.items, flow_near_shown(&candidates), err) < 0 ||
        contact_matched(tx, &contact, err) < 0 || flow_work_fill_ask(tx, &contact.id, work->arena, err) < 0)
        return -1;
    return flow_work_done(work, &tx, err);
}

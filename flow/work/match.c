/* The job "match": keys -> records that share some -> scores with reasons -> candidates. */
#include "base/limits.h"
#include "flow/candidates.h"
#include "flow/common.h"
#include "flow/crm/book.h"
#include "flow/states.h"
#include "flow/work/work.h"
#include "store/match_key.h"
#include "store/record.h"

enum {
    COMMON_KEY = 200,     /* keys that more records carry say nothing */
    MOST_RECORDS = 200,   /* scored for one contact */
    MOST_CANDIDATES = 10, /* kept for one contact */
};

static int keys_keep(struct store_tx *tx, const struct store_contact *contact, int64_t *ret_hashes, size_t *ret_n,
                     struct err *err)
{
    int64_t all[DEDUPE_KEYS_MAX];
    size_t n;
    if (flow_key_hashes(tx, &contact->contact, DEDUPE_FOR_MATCH | DEDUPE_FOR_SEARCH, all, &n, err) < 0 ||
        store_match_keys_set(tx, STORE_CONTACT, &contact->id, all, n, err) < 0)
        return -1;
    return flow_key_hashes(tx, &contact->contact, DEDUPE_FOR_MATCH, ret_hashes, ret_n, err);
}

static int records_near(struct store_tx *tx, const int64_t *hashes, size_t n, struct arena *arena,
                        struct json_list *ret_records, struct err *err)
{
    struct store_meet meet = {.kind = STORE_RECORD, .keys = hashes, .n = n, .cap = COMMON_KEY, .limit = MOST_RECORDS};
    struct json_list met;
    if (n == 0) {
        *ret_records = (struct json_list){NULL, 0};
        return 0;
    }
    if (store_match_keys_meet(tx, &meet, arena, &met, err) < 0)
        return -1;
    struct id *ids = arena_array(arena, met.n, sizeof *ids);
    for (size_t i = 0; i < met.n; i++)
        ids[i] = ((const struct store_meeting *)met.items)[i].id;
    return store_record_get_many(tx, ids, met.n, arena, ret_records, err);
}

static struct str reasons_kept(const struct dedupe_verdict *verdict, struct arena *arena)
{
    struct flow_kept_reasons kept = {(int)verdict->outcome, {(void *)(uintptr_t)verdict->reasons, verdict->n}};
    return json_write(&flow_kept_reasons_shape, &kept, arena);
}

static int heavier_first(const void *a, const void *b)
{
    double left = ((const struct store_candidate *)a)->weight, right = ((const struct store_candidate *)b)->weight;
    return (left < right) - (left > right);
}

static struct json_list candidates_of(const struct contact *contact, const struct json_list *records,
                                      struct arena *arena)
{
    struct store_candidate *found = arena_array(arena, records->n, sizeof *found);
    struct dedupe_record *left = dedupe_prepare(contact, arena);
    size_t n = 0;
    for (size_t i = 0; i < records->n; i++) {
        const struct store_record *record = (const struct store_record *)records->items + i;
        struct dedupe_verdict verdict;
        dedupe_score(dedupe_model_default(), left, dedupe_prepare(&record->contact, arena), arena, &verdict);
        if (verdict.band == DEDUPE_NONE)
            continue;
        found[n++] = (struct store_candidate){.record = record->id,
                                              .weight = verdict.weight,
                                              .probability = verdict.probability,
                                              .band = str_c(dedupe_band_words[verdict.band]),
                                              .reasons = reasons_kept(&verdict, arena)};
    }
    qsort(found, n, sizeof *found, heavier_first);
    return (struct json_list){found, n > MOST_CANDIDATES ? MOST_CANDIDATES : n};
}

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
    int64_t hashes[DEDUPE_KEYS_MAX];
    struct store_contact contact;
    struct json_list records;
    size_t n;
    if (flow_work_begin(work, &tx, err) < 0 || store_contact_get(tx, &work->subject, work->arena, &contact, err) < 0)
        return -1;
    if (contact.deleted_at)
        return flow_work_done(work, &tx, err);
    if (keys_keep(tx, &contact, hashes, &n, err) < 0 || records_near(tx, hashes, n, work->arena, &records, err) < 0)
        return -1;
    struct json_list candidates = candidates_of(&contact.contact, &records, work->arena);
    if (store_candidates_set(tx, &contact.id, candidates.items, candidates.n, err) < 0 ||
        contact_matched(tx, &contact, err) < 0)
        return -1;
    return flow_work_done(work, &tx, err);
}

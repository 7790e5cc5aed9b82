/* See near.h. */
#include "flow/rules/near.h"

#include "contact/diff.h"
#include "dedupe/steps.h"
#include "flow/candidates.h"
#include "store/match/index.h"
#include "store/record.h"

#include <stdlib.h>

int flow_near_meet(struct store_tx *tx, const struct flow_keys *keys, struct arena *arena,
                   struct json_list *ret_records, struct err *err)
{
    struct store_meet meet = {.kind = STORE_RECORD,
                              .keys = keys->hash,
                              .n = keys->matching,
                              .cap = FLOW_NEAR_COMMON,
                              .limit = FLOW_NEAR_SCORED};
    struct json_list met;
    if (store_match_keys_meet(tx, &meet, arena, &met, err) < 0)
        return -1;
    struct id *ids = arena_array(arena, met.n, sizeof *ids);
    for (size_t i = 0; i < met.n; i++)
        ids[i] = ((const struct store_meeting *)met.items)[i].id;
    return store_record_get_many(tx, ids, met.n, arena, ret_records, err);
}

struct scored {
    const struct store_record *record;
    const struct dedupe_record *prepared;
    struct dedupe_verdict verdict;
};

static int heavier_first(const void *a, const void *b)
{
    double left = ((const struct scored *)a)->verdict.weight, right = ((const struct scored *)b)->verdict.weight;
    return (left < right) - (left > right);
}

/* Names of the comparisons that speak for it. */
static struct json_list speaks_for(const struct dedupe_verdict *verdict, struct arena *arena)
{
    struct str *names = arena_array(arena, verdict->n, sizeof *names);
    size_t n = 0;
    for (size_t i = 0; i < verdict->n; i++)
        if (verdict->reasons[i].weight > 0)
            names[n++] = verdict->reasons[i].field;
    return (struct json_list){names, n};
}

/* How much there is to decide, and to gain: as the merge view counts, without a mapping. */
static void count(const struct contact *contact, const struct contact *record, struct arena *arena,
                  struct store_candidate *candidate)
{
    struct contact_diff_row *rows;
    size_t n = contact_diff(contact, record, arena, &rows);
    for (size_t i = 0; i < n; i++) {
        candidate->conflicts += rows[i].state == CONTACT_DIFF_CONFLICT;
        candidate->additions += rows[i].state == CONTACT_DIFF_ADDITION;
    }
}

/* Reasons are kept of those only that may be shown. */
static struct store_candidate candidate_of(struct scored *scored, bool shown, const struct dedupe_record *left,
                                           struct arena *arena)
{
    if (shown)
        dedupe_steps(&scored->verdict, left, scored->prepared, arena);
    return (struct store_candidate){.record = scored->record->id,
                                    .weight = scored->verdict.weight,
                                    .probability = scored->verdict.probability,
                                    .band = str_c(dedupe_band_words[scored->verdict.band]),
                                    .moved = scored->verdict.outcome == DEDUPE_MOVED,
                                    .speaks_for = speaks_for(&scored->verdict, arena),
                                    .reasons = shown ? flow_reasons_kept(&scored->verdict, arena) : STR_NONE};
}

int flow_near_records(struct store_tx *tx, const struct flow_near *near, struct arena *arena,
                      struct json_list *ret_candidates, struct err *err)
{
    struct json_list records;
    if (flow_near_meet(tx, near->keys, arena, &records, err) < 0)
        return -1;
    struct scored *scored = arena_array(arena, records.n, sizeof *scored);
    const struct dedupe_record *left = dedupe_prepare(near->contact, arena);
    for (size_t i = 0; i < records.n; i++) {
        scored[i].record = (const struct store_record *)records.items + i;
        scored[i].prepared = dedupe_prepare(&scored[i].record->contact, arena);
        dedupe_score(near->model, left, scored[i].prepared, arena, &scored[i].verdict);
    }
    qsort(scored, records.n, sizeof *scored, heavier_first);
    struct store_candidate *found = arena_array(arena, records.n, sizeof *found);
    for (size_t i = 0; i < records.n; i++)
        found[i] = candidate_of(&scored[i], i < FLOW_NEAR_CANDIDATES, left, arena);
    for (size_t i = 0; i < records.n && i < FLOW_NEAR_CANDIDATES; i++)
        count(near->contact, &scored[i].record->contact, arena, &found[i]);
    *ret_candidates = (struct json_list){found, records.n};
    return 0;
}

size_t flow_near_shown(const struct json_list *candidates)
{
    const struct store_candidate *candidate = candidates->items;
    size_t n = 0;
    while (n < candidates->n && n < FLOW_NEAR_CANDIDATES &&
           !str_eq(candidate[n].band, str_c(dedupe_band_words[DEDUPE_NONE])))
        n++;
    return n;
}

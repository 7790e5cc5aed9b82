/* The job "simulate": what other matching rules would change, on past decisions and on the whole stock of contacts
 * against the mirror. Page by page, each kept with where it ended: an interruption costs one page. Nothing but the
 * result is written. */
#include "base/limits.h"
#include "flow/common.h"
#include "flow/merge/plan.h"
#include "flow/rules/near.h"
#include "flow/rules/policy.h"
#include "flow/rules/rules.h"
#include "flow/work/work.h"
#include "store/candidate.h"
#include "store/contact.h"
#include "store/record.h"

enum { PAGE = 50, MOST_DECISIONS = 5000 };

/* Before: the rules that hold; after: those that are simulated. */
struct simulating {
    struct flow_policy before, after;
    struct store_rules rules;
    struct flow_simulation found;
    int64_t changed[FLOW_SURVIVORSHIP_FIELDS]; /* contacts whose proposal for the field changes */
};

/* What people decided about a record, of the candidates of its contact: 1 the same, -1 not, 0 nothing. */
static int decided(const struct json_list *candidates, const struct id *record)
{
    const struct store_candidate *row = candidates->items;
    for (size_t i = 0; i < candidates->n; i++)
        if (id_eq(&row[i].record, record) && row[i].decided.p)
            return str_eq(row[i].decided, STR("same")) ? 1 : -1;
    return 0;
}

static void proposals_compare(struct simulating *sim, const struct contact *card, const struct contact *crm, bool moved,
                              struct arena *arena)
{
    struct flow_sides before = {.card = card, .crm = crm, .moved = moved, .survivorship = &sim->before.survivorship};
    struct flow_sides after = before;
    struct flow_row *left, *right;
    after.survivorship = &sim->after.survivorship;
    size_t n = flow_rows(&before, arena, &left);
    (void)flow_rows(&after, arena, &right); /* the rules change proposals, not rows or their order */
    for (size_t i = 0; i < n; i++)
        sim->changed[left[i].field - contact_fields] += left[i].proposal != right[i].proposal;
}

static void pair_count(struct simulating *sim, enum dedupe_band before, enum dedupe_band after, int decision)
{
    struct flow_simulation *found = &sim->found;
    bool more = before == DEDUPE_NONE && after != DEDUPE_NONE, fewer = before != DEDUPE_NONE && after == DEDUPE_NONE;
    found->obvious_before += before == DEDUPE_OBVIOUS;
    found->obvious_after += after == DEDUPE_OBVIOUS;
    found->possible_before += before == DEDUPE_POSSIBLE;
    found->possible_after += after == DEDUPE_POSSIBLE;
    found->more += more;
    found->more_different += more && decision < 0;
    found->fewer += fewer;
    found->fewer_same += fewer && decision > 0;
}

static int contact_simulate(struct simulating *sim, struct store_tx *tx, const struct store_contact *contact,
                            struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct flow_keys keys;
    struct json_list records, candidates;
    if (flow_keys_of(tx, &contact->contact, &keys, err) < 0 || flow_near_meet(tx, &keys, arena, &records, err) < 0 ||
        store_candidates_of(tx, &contact->id, arena, &candidates, err) < 0)
        return -1;
    struct dedupe_record *left = dedupe_prepare(&contact->contact, arena);
    for (size_t i = 0; i < records.n; i++) {
        const struct store_record *record = (const struct store_record *)records.items + i;
        struct dedupe_record *right = dedupe_prepare(&record->contact, arena);
        struct dedupe_verdict before, after;
        int decision = decided(&candidates, &record->id);
        dedupe_score(sim->before.model, left, right, arena, &before);
        dedupe_score(sim->after.model, left, right, arena, &after);
        pair_count(sim, before.band, after.band, decision);
        if (decision > 0 || (decision == 0 && after.band == DEDUPE_OBVIOUS))
            proposals_compare(sim, &contact->contact, &record->contact, after.outcome == DEDUPE_MOVED, arena);
    }
    sim->found.contacts++;
    return 0;
}

/* A decision that the lane speaks against: the same, but not shown; not the same, but preselected. */
static bool against(enum dedupe_band band, bool same)
{
    return same ? band == DEDUPE_NONE : band == DEDUPE_OBVIOUS;
}

static int decision_simulate(struct simulating *sim, struct store_tx *tx, const struct store_decision *row,
                             struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_contact contact;
    struct store_record record;
    struct dedupe_verdict before, after;
    if (store_contact_get(tx, &row->contact, arena, &contact, err) < 0 ||
        store_record_get(tx, &row->record, arena, &record, err) < 0)
        return -1;
    struct dedupe_record *left = dedupe_prepare(&contact.contact, arena);
    struct dedupe_record *right = dedupe_prepare(&record.contact, arena);
    dedupe_score(sim->before.model, left, right, arena, &before);
    dedupe_score(sim->after.model, left, right, arena, &after);
    sim->found.decisions++;
    sim->found.against_before += against(before.band, row->same);
    sim->found.against_after += against(after.band, row->same);
    return 0;
}

static int decisions_simulate(struct simulating *sim, struct store_tx *tx, struct arena *arena, struct err *err)
{
    struct json_list rows;
    if (store_decisions(tx, MOST_DECISIONS, arena, &rows, err) < 0 ||
        store_contact_count(tx, &sim->found.total, err) < 0)
        return -1;
    for (size_t i = 0; i < rows.n; i++)
        if (decision_simulate(sim, tx, (const struct store_decision *)rows.items + i, err) < 0)
            return -1;
    return 0;
}

static int page_simulate(struct simulating *sim, struct store_tx *tx, struct arena *arena, struct err *err)
{
    struct store_contact_filter filter = {.user = NULL};
    struct store_page page = {.limit = PAGE};
    struct json_list rows;
    (void)(sim->found.cursor.p && id_parse(sim->found.cursor, &page.before));
    if (store_contact_list(tx, &filter, &page, arena, &rows, err) < 0)
        return -1;
    const struct store_contact *contact = rows.items;
    for (size_t i = 0; i < rows.n; i++)
        if (contact_simulate(sim, tx, &contact[i], err) < 0)
            return -1;
    sim->found.complete = rows.n < PAGE;
    sim->found.cursor = sim->found.complete ? STR_NONE : str_dup(arena, id_str(&contact[rows.n - 1].id));
    return 0;
}

/* Where the last page ended; a change of either rules since then begins from the start. */
static int simulation_load(struct simulating *sim, struct store_tx *tx, const struct id *rules, struct arena *arena,
                           struct err *err)
{
    struct err unreadable;
    if (store_rules_get(tx, rules, arena, &sim->rules, err) < 0 ||
        flow_policy_read(sim->rules.policy, arena, &sim->after, err) < 0 ||
        flow_policy_active(tx, arena, &sim->before, err) < 0)
        return -1;
    struct str kept = sim->rules.simulation;
    if (!kept.p || json_read(&flow_simulation_shape, kept, arena, &sim->found, &unreadable) < 0)
        sim->found = (struct flow_simulation){.contacts = 0};
    const struct flow_proposals_changed *rows = sim->found.proposals.items;
    for (size_t i = 0; i < sim->found.proposals.n && i < FLOW_SURVIVORSHIP_FIELDS; i++)
        sim->changed[i] = rows[i].contacts;
    return 0;
}

static struct str simulation_json(const struct simulating *sim, struct arena *arena)
{
    struct flow_simulation found = sim->found;
    struct flow_proposals_changed *rows = arena_array(arena, FLOW_SURVIVORSHIP_FIELDS, sizeof *rows);
    for (size_t i = 0; i < FLOW_SURVIVORSHIP_FIELDS; i++)
        rows[i] = (struct flow_proposals_changed){str_c(contact_fields[i].name), sim->changed[i]};
    found.proposals = (struct json_list){rows, FLOW_SURVIVORSHIP_FIELDS};
    return json_write(&flow_simulation_shape, &found, arena);
}

/* One transaction: the next page and where it ended. The job settles in that of the last page. */
static int step(struct flow_work *work, bool *ret_settled, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct simulating sim = {.found = {.contacts = 0}};
    if (flow_work_begin(work, &tx, err) < 0 || simulation_load(&sim, tx, &work->subject, arena, err) < 0)
        return -1;
    *ret_settled = sim.found.complete || sim.rules.activated_at;
    if (*ret_settled) /* done by an earlier attempt, or of no use any more */
        return flow_work_done(work, &tx, err);
    bool first = sim.found.contacts == 0 && !sim.found.cursor.p;
    if ((first && decisions_simulate(&sim, tx, arena, err) < 0) || page_simulate(&sim, tx, arena, err) < 0)
        return -1;
    *ret_settled = sim.found.complete;
    if (store_rules_simulated(tx, &sim.rules, simulation_json(&sim, arena), sim.found.complete, err) < 0)
        return -1;
    if (!*ret_settled)
        return store_commit(&tx, err);
    store_event(tx, "matching_rule", &work->subject, "simulated");
    return flow_work_done(work, &tx, err);
}

static int simulate_later(struct flow_work *work, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct err busy = {.code = ERR_BUSY};
    return flow_work_begin(work, &tx, err) < 0 ? -1 : flow_work_later(work, &tx, &busy, 0, err);
}

int flow_work_simulate(struct flow_work *work, struct err *err)
{
    bool settled = false;
    while (!settled) {
        if (flow_work_hurry(work))
            return simulate_later(work, err);
        if (step(work, &settled, err) < 0)
            return -1;
    }
    return 0;
}

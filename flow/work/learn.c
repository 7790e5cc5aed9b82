/* The job "learn": what people decided so far -> a draft of weights with the shipped ones as prior. Nothing becomes
 * active by it. */
#include "dedupe/weights/weights.h"
#include "flow/common.h"
#include "flow/rules/policy.h"
#include "flow/rules/rules.h"
#include "flow/work/work.h"
#include "store/contact.h"
#include "store/record.h"

enum { MOST_DECISIONS = 20000 }; /* the newest: what people think of a pair changes with the stock */

/* A contact or record that is gone meanwhile teaches nothing. */
static int decision_of(struct store_tx *tx, const struct store_decision *row, struct arena *arena,
                       struct dedupe_decision *ret_decision, bool *ret_there, struct err *err)
{
    struct store_contact *contact = arena_one(arena, struct store_contact);
    struct store_record *record = arena_one(arena, struct store_record);
    *ret_there = false;
    if (store_contact_get(tx, &row->contact, arena, contact, err) < 0 ||
        store_record_get(tx, &row->record, arena, record, err) < 0)
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    *ret_decision = (struct dedupe_decision){.left = dedupe_prepare(&contact->contact, arena),
                                             .right = dedupe_prepare(&record->contact, arena),
                                             .same = row->same};
    *ret_there = true;
    return 0;
}

static int decisions_load(struct store_tx *tx, struct arena *arena, struct dedupe_decision **ret_decisions,
                          size_t *ret_n, struct err *err)
{
    struct json_list rows;
    if (store_decisions(tx, MOST_DECISIONS, arena, &rows, err) < 0)
        return -1;
    struct dedupe_decision *decisions = arena_array(arena, rows.n, sizeof *decisions);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        bool there;
        if (decision_of(tx, (const struct store_decision *)rows.items + i, arena, &decisions[n], &there, err) < 0)
            return -1;
        n += there;
    }
    *ret_decisions = decisions;
    *ret_n = n;
    return 0;
}

static struct str lesson_json(const struct dedupe_lesson *found, struct arena *arena)
{
    struct flow_lesson lesson = {.same = (int64_t)found->same,
                                 .different = (int64_t)found->different,
                                 .kept = found->freedom == 0,
                                 .surprise_before = found->surprise_before,
                                 .surprise_after = found->surprise_after,
                                 .largest_change = found->largest_change,
                                 .field = found->field,
                                 .level = found->level};
    return json_write(&flow_lesson_shape, &lesson, arena);
}

int flow_work_learn(struct flow_work *work, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)1 << 30); /* of 20,000 pairs, prepared */
    struct dedupe_decision *decisions;
    struct dedupe_lesson lesson;
    struct flow_policy policy;
    struct id id;
    struct flow_deed deed = {
        .action = "matching_rule.learned", .kind = "matching_rule", .subject = &id, .state = "draft"};
    size_t n;
    if (flow_work_begin(work, &tx, err) < 0 || decisions_load(tx, arena, &decisions, &n, err) < 0 ||
        flow_policy_active(tx, arena, &policy, err) < 0)
        return -1;
    policy.model = dedupe_weights_learn(dedupe_model_default(), decisions, n, arena, &lesson);
    struct store_rules draft = {.origin = STR("learned"),
                                .policy = flow_policy_write(&policy, arena),
                                .lesson = lesson_json(&lesson, arena),
                                .author = work->actor.user};
    if (store_rules_add(tx, &draft, &id, err) < 0)
        return -1;
    flow_tell(tx, &work->actor, &deed);
    return flow_work_done(work, &tx, err);
}

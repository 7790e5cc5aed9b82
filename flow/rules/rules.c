/* See rules.h. */
#include "flow/rules/rules.h"

#include "base/limits.h"
#include "dedupe/model.h"
#include "dedupe/steps.h"
#include "flow/candidates.h"
#include "flow/common.h"
#include "flow/idempotency.h"
#include "flow/jobs.h"
#include "flow/rules/policy.h"
#include "flow/states.h"
#include "store/job.h"

/* Stands for the rules that Kartei ships, which no row holds. */
static const struct id shipped_id = {"00000000-0000-0000-0000-000000000000"};

/* ---- As people see them ---- */

/* The sentence of a level without the two values. */
static struct str level_sentence(const struct dedupe_level_text *text, const char *language, struct arena *arena)
{
    struct str sentence = str_c(language && language[0] == 'd' ? text->sentence_de : text->sentence_en);
    ptrdiff_t values = str_find(sentence, STR(": {"), 0);
    return str_dup(arena, values < 0 ? sentence : str_slice(sentence, 0, (size_t)values));
}

static struct json_list weights_of(const struct flow_actor *actor, const struct dedupe_model *model,
                                   struct arena *arena)
{
    struct flow_weight *weights = arena_array(arena, DEDUPE_LEVELS, sizeof *weights);
    const struct dedupe_model *shipped = dedupe_model_default();
    size_t n = 0;
    for (size_t i = 1; i < DEDUPE_LEVELS; i++) {
        const struct dedupe_level_text *text = &dedupe_level_texts[i];
        weights[n++] = (struct flow_weight){.field = str_c(text->field),
                                            .level = str_c(text->level),
                                            .sentence = level_sentence(text, actor->language, arena),
                                            .bits = model->bits[i],
                                            .shipped = shipped->bits[i]};
    }
    return (struct json_list){weights, n};
}

static struct flow_lesson *lesson_of(const struct flow_actor *actor, struct str kept, struct arena *arena)
{
    struct flow_lesson *lesson = arena_one(arena, struct flow_lesson);
    struct err unreadable;
    if (!kept.p || json_read(&flow_lesson_shape, kept, arena, lesson, &unreadable) < 0)
        return NULL;
    const char *words =
        lesson->kept ? flow_say(actor, "%lld decisions teach nothing new: the weights stay as shipped.",
                                "%lld Entscheidungen lehren nichts Neues: Die Gewichte bleiben wie ausgeliefert.")
                     : flow_say(actor, "Learned from %lld decisions.", "Aus %lld Entscheidungen gelernt.");
    lesson->sentence = str_printf(arena, words, (long long)lesson->same + (long long)lesson->different);
    return lesson;
}

static struct flow_simulation *simulation_of(const struct flow_actor *actor, struct str kept, struct arena *arena)
{
    struct flow_simulation *simulation = arena_one(arena, struct flow_simulation);
    struct err unreadable;
    if (!kept.p || json_read(&flow_simulation_shape, kept, arena, simulation, &unreadable) < 0)
        return NULL;
    const char *words = flow_say(
        actor,
        "%lld pairs more, %lld of them decided \"not the same\" so far; %lld fewer, %lld of them decided \"the same\".",
        "%lld Paare mehr, davon %lld bisher \u201ekein Duplikat\u201c; %lld weniger, davon %lld bisher \u201edieselbe "
        "Person\u201c.");
    simulation->sentence = str_printf(arena, words, (long long)simulation->more, (long long)simulation->more_different,
                                      (long long)simulation->fewer, (long long)simulation->fewer_same);
    simulation->cursor = STR_NONE;
    return simulation;
}

static void policy_show(const struct flow_actor *actor, const struct flow_policy *policy, struct arena *arena,
                        struct flow_rules *rules)
{
    rules->possible = policy->model->possible;
    rules->obvious = policy->model->obvious;
    rules->weights = weights_of(actor, policy->model, arena);
    rules->survivorship = flow_survivorship_rows(&policy->survivorship, arena);
}

static struct flow_rules rules_of(struct store_tx *tx, const struct flow_actor *actor, const struct store_rules *row,
                                  struct arena *arena)
{
    struct flow_policy policy = flow_policy_shipped();
    struct err unreadable;
    struct flow_rules rules = {
        .id = flow_id_text(&row->id, arena),
        .number = row->number,
        .state = flow_state_of(FLOW_RULES, row->state),
        .origin = str_eq(row->origin, STR("learned")) ? FLOW_RULES_LEARNED : FLOW_RULES_EDITED,
        .author = flow_name_of(tx, &row->author, arena),
        .activated_by = flow_name_of(tx, &row->activated_by, arena),
        .created_at = flow_time_text(row->created_at, arena),
        .simulated_at = flow_time_text(row->simulated_at, arena),
        .activated_at = flow_time_text(row->activated_at, arena),
        .lesson = lesson_of(actor, row->lesson, arena),
        .simulation = simulation_of(actor, row->simulation, arena),
        .outdated = flow_policy_read(row->policy, arena, &policy, &unreadable) < 0,
        .version = row->version,
    };
    policy_show(actor, &policy, arena, &rules);
    return rules;
}

static struct flow_rules rules_shipped(const struct flow_actor *actor, bool active, struct arena *arena)
{
    struct flow_policy policy = flow_policy_shipped();
    struct flow_rules rules = {.id = str_c(shipped_id.s),
                               .state = active ? FLOW_RULES_active : FLOW_RULES_retired,
                               .origin = FLOW_RULES_SHIPPED,
                               .version = 1};
    policy_show(actor, &policy, arena, &rules);
    return rules;
}

static int nothing_active(struct store_tx *tx, struct arena *arena, bool *ret_shipped, struct err *err)
{
    struct store_rules active;
    *ret_shipped = store_rules_active(tx, arena, &active, err) < 0;
    return *ret_shipped && err->code != ERR_NOT_FOUND ? -1 : 0;
}

static int rules_fresh(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                       struct flow_rules *ret_rules, struct err *err)
{
    struct store_rules row;
    bool shipped;
    if (id_eq(id, &shipped_id)) {
        if (nothing_active(tx, arena, &shipped, err) < 0)
            return -1;
        *ret_rules = rules_shipped(actor, shipped, arena);
        return 0;
    }
    if (store_rules_get(tx, id, arena, &row, err) < 0)
        return -1;
    *ret_rules = rules_of(tx, actor, &row, arena);
    return 0;
}

int flow_rules_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                    struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    bool shipped;
    if (flow_may(flow, actor, "matching_rule", "list", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_rules_list(tx, arena, &rows, err) < 0 || nothing_active(tx, arena, &shipped, err) < 0)
        return -1;
    struct flow_rules *items = arena_array(arena, rows.n + 1, sizeof *items);
    for (size_t i = 0; i < rows.n; i++)
        items[i] = rules_of(tx, actor, (const struct store_rules *)rows.items + i, arena);
    items[rows.n] = rules_shipped(actor, shipped, arena);
    for (size_t i = 0; i <= rows.n; i++)
        items[i].weights = items[i].survivorship = (struct json_list){NULL, 0};
    *ret_list = (struct flow_list){{items, rows.n + 1}, STR_NONE};
    return 0;
}

int flow_rules_get(const struct flow *flow, const struct flow_actor *actor, struct id id, struct arena *arena,
                   struct flow_rules *ret_rules, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_may(flow, actor, "matching_rule", "read", err) < 0 || flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    return rules_fresh(tx, actor, &id, arena, ret_rules, err);
}

/* ---- Changing ---- */

static int policy_load(struct store_tx *tx, const struct id *id, struct arena *arena, struct flow_policy *ret_policy,
                       struct err *err)
{
    struct store_rules row;
    if (id_eq(id, &shipped_id)) {
        *ret_policy = flow_policy_shipped();
        return 0;
    }
    return store_rules_get(tx, id, arena, &row, err) < 0 ? -1 : flow_policy_read(row.policy, arena, ret_policy, err);
}

/* The index of a level, 0 when there is none. */
static size_t level_find(const struct flow_weight *weight)
{
    for (size_t i = 1; i < DEDUPE_LEVELS; i++)
        if (str_eq(weight->field, str_c(dedupe_level_texts[i].field)) &&
            str_eq(weight->level, str_c(dedupe_level_texts[i].level)))
            return i;
    return 0;
}

/* Writing and reading again applies the judgements of dedupe/weights to what a person typed. */
static int policy_change(struct flow_policy *policy, const struct flow_rules_input *input, struct arena *arena,
                         struct err *err)
{
    struct dedupe_model *model = arena_one(arena, struct dedupe_model);
    *model = *policy->model;
    model->possible = input->possible != 0 ? input->possible : model->possible;
    model->obvious = input->obvious != 0 ? input->obvious : model->obvious;
    if (model->moved > model->obvious)
        model->moved = model->obvious;
    if (model->moved < model->possible)
        model->moved = model->possible;
    for (size_t i = 0; i < input->weights.n; i++) {
        const struct flow_weight *weight = (const struct flow_weight *)input->weights.items + i;
        size_t level = level_find(weight);
        if (level == 0)
            return err_field(err, ERR_INVALID, str_z(arena, str_printf(arena, "/weights/%zu", i)),
                             "there is no such field and level");
        model->bits[level] = weight->bits;
    }
    policy->model = model;
    return flow_survivorship_apply(&input->survivorship, &policy->survivorship, &policy->survivorship, err) < 0
               ? -1
               : flow_policy_read(flow_policy_write(policy, arena), arena, policy, err);
}

static int base_load(struct store_tx *tx, struct str base, struct arena *arena, struct flow_policy *ret_policy,
                     struct err *err)
{
    struct id id;
    if (!base.p)
        return flow_policy_active(tx, arena, ret_policy, err);
    return flow_id_read(base, "/base_id", &id, err) < 0 ? -1 : policy_load(tx, &id, arena, ret_policy, err);
}

int flow_rules_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_rules_input *input,
                      struct arena *arena, struct flow_rules *ret_rules, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_policy policy;
    struct flow_rules fresh;
    struct id id;
    struct flow_deed deed = {
        .action = "matching_rule.create", .kind = "matching_rule", .subject = &id, .state = "draft"};
    if (flow_may(flow, actor, "matching_rule", "create", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        base_load(tx, input->base_id, arena, &policy, err) < 0 || policy_change(&policy, input, arena, err) < 0)
        return -1;
    struct store_rules row = {
        .origin = STR("edited"), .policy = flow_policy_write(&policy, arena), .author = actor->user};
    if (store_rules_add(tx, &row, &id, err) < 0 || rules_fresh(tx, actor, &id, arena, &fresh, err) < 0)
        return -1;
    struct flow_idempotency_answer answer = {.status = 201,
                                             .location = str_printf(arena, "/v1/rules/%s", id.s),
                                             .body = json_write(&flow_rules_shape, &fresh, arena)};
    flow_tell(tx, actor, &deed);
    if (flow_once(tx, actor, &answer, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_rules = fresh;
    return 0;
}

int flow_rules_patch(const struct flow *flow, const struct flow_actor *actor, const struct flow_rules_patch *patch,
                     struct arena *arena, struct flow_rules *ret_rules, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_policy policy;
    struct store_rules row;
    struct flow_deed deed = {
        .action = "matching_rule.update", .kind = "matching_rule", .subject = &patch->rules, .state = "draft"};
    if (patch->input.base_id.p)
        return err_field(err, ERR_INVALID, "/base_id", "only new rules have a base");
    if (flow_may(flow, actor, "matching_rule", "update", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_rules_get(tx, &patch->rules, arena, &row, err) < 0 ||
        flow_policy_read(row.policy, arena, &policy, err) < 0 ||
        policy_change(&policy, &patch->input, arena, err) < 0 ||
        store_rules_save(tx, &patch->rules, patch->version, flow_policy_write(&policy, arena), err) < 0 ||
        rules_fresh(tx, actor, &patch->rules, arena, ret_rules, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

/* ---- Simulating, learning, activating, testing ---- */

static int job_ask(struct store_tx *tx, const struct flow_actor *actor, const char *kind, const struct id *subject,
                   struct id *ret_job, struct err *err)
{
    struct store_job_spec spec = {.kind = kind, .subject = *subject, .user = actor->user};
    return store_job_add(tx, &spec, ret_job, err);
}

int flow_rules_simulate(const struct flow *flow, const struct flow_actor *actor, struct id id, struct id *ret_job,
                        struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_rules row;
    struct flow_policy policy;
    struct flow_deed deed = {.action = "matching_rule.simulate", .kind = "matching_rule", .subject = &id};
    if (flow_may(flow, actor, "matching_rule", "simulate", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_rules_get(tx, &id, arena, &row, err) < 0 || flow_policy_read(row.policy, arena, &policy, err) < 0)
        return -1;
    if (row.activated_at)
        return err_set(err, ERR_CONFLICT, "these rules were active");
    if (store_rules_simulated(tx, &row, STR_NONE, false, err) < 0 ||
        job_ask(tx, actor, "simulate", &id, ret_job, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_rules_learn(const struct flow *flow, const struct flow_actor *actor, struct id *ret_job, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {.action = "matching_rule.learn", .kind = "matching_rule", .subject = &actor->org};
    if (flow_may(flow, actor, "matching_rule", "learn", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        job_ask(tx, actor, "learn", &actor->org, ret_job, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_rules_activate(const struct flow *flow, const struct flow_actor *actor, const struct flow_rules_at *at,
                        struct arena *arena, struct flow_rules *ret_rules, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    static const struct id none = {""};
    struct flow_rules now;
    struct flow_deed deed = {
        .action = "matching_rule.activate", .kind = "matching_rule", .subject = &at->rules, .state = "active"};
    bool shipped = id_eq(&at->rules, &shipped_id);
    if (flow_may(flow, actor, "matching_rule", "activate", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        rules_fresh(tx, actor, &at->rules, arena, &now, err) < 0)
        return -1;
    if (now.state == FLOW_RULES_active || now.outdated)
        return err_set(err, ERR_CONFLICT, "%s", now.outdated ? "weights of an earlier Kartei" : "active already");
    if (store_rules_activate(tx, shipped ? &none : &at->rules, at->version, &actor->user, err) < 0 ||
        store_contacts_rematch(tx, FLOW_MATCH_ATTEMPTS, err) < 0 ||
        rules_fresh(tx, actor, &at->rules, arena, ret_rules, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_rules_test(const struct flow *flow, const struct flow_actor *actor, const struct flow_rules_question *question,
                    struct arena *arena, struct flow_pair_verdict *ret_verdict, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_policy policy;
    struct contact left = question->pair->left, right = question->pair->right;
    struct dedupe_verdict verdict;
    if (flow_may(flow, actor, "matching_rule", "test", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        policy_load(tx, &question->rules, arena, &policy, err) < 0 ||
        contact_clean(&left, flow_region(flow), arena, err) < 0 ||
        contact_clean(&right, flow_region(flow), arena, err) < 0)
        return -1;
    const struct dedupe_record *a = dedupe_prepare(&left, arena), *b = dedupe_prepare(&right, arena);
    dedupe_score(policy.model, a, b, arena, &verdict);
    dedupe_steps(&verdict, a, b, arena);
    const struct store_candidate row = {.weight = verdict.weight,
                                        .probability = verdict.probability,
                                        .band = str_c(dedupe_band_words[verdict.band]),
                                        .reasons = flow_reasons_kept(&verdict, arena)};
    struct json_list reasons;
    struct flow_why why = flow_why_of(actor, &row, arena, &reasons);
    *ret_verdict = (struct flow_pair_verdict){
        .weight = verdict.weight,
        .probability = verdict.probability,
        .band = (int)verdict.band,
        .outcome = (int)verdict.outcome,
        .sentence = dedupe_verdict_sentence(&verdict, actor->language, arena),
        .reasons = reasons,
        .why = why,
    };
    return 0;
}

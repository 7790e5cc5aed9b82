/* See flow/self_test.h. */
#include "flow/self_test.h"

#include "base/clock.h"
#include "base/limits.h"
#include "flow/common.h"
#include "flow/connection/found.h"
#include "flow/crm/fields.h"
#include "flow/crm/form.h"
#include "store/crm/test.h"

enum { PATIENCE_MS = 30 * 1000 };

/* One self-test under way. */
struct asking {
    struct flow_crm *crm;
    struct self_test *found;
    int64_t ends_mono_ms;
    bool over; /* the CRM no longer answers: nothing else is asked */
};

/* Whether the next question may be asked; else how it ended. */
static bool may_ask(const struct asking *asking, bool can, int *ret_told)
{
    bool late = asking->over || clock_mono_ms() > asking->ends_mono_ms;
    *ret_told = !can ? SELF_TEST_UNSAID : SELF_TEST_LEFT;
    return can && !late;
}

int flow_self_told(const struct flow_crm *crm, int r, const struct crm_result *result, struct err *failure,
                   struct str *ret_words)
{
    if (r == 0 && flow_crm_judge(result, failure) == 0)
        return SELF_TEST_ASKED;
    *ret_words = str_dup(crm->arena, str_c(failure->param));
    return SELF_TEST_REFUSED;
}

static int told_of(struct asking *asking, int r, const struct crm_result *result, struct err *failure,
                   struct str *ret_words)
{
    int told = flow_self_told(asking->crm, r, result, failure, ret_words);
    asking->over = told == SELF_TEST_REFUSED && failure->code != ERR_CRM_REFUSED;
    return told;
}

/* Whom and where we are there; who may not know it is still somebody. */
static void ask_who(struct asking *asking)
{
    struct flow_crm *crm = asking->crm;
    struct crm_who who = {.sandbox = false};
    struct crm_result result;
    struct err failure = {.code = ERR_NONE};
    struct str words;
    int told;
    if (!may_ask(asking, crm->connector->who != NULL, &told))
        return;
    int r = crm->connector->who(&crm->lent, crm->arena, &who, &result, &failure);
    if (told_of(asking, r, &result, &failure, &words) != SELF_TEST_ASKED)
        return;
    asking->found->user = who.user;
    asking->found->organisation = who.organisation;
    asking->found->sandbox = who.sandbox;
}

static bool is_of_rights(enum crm_misfit misfit)
{
    return misfit == CRM_MISFIT_GONE || misfit == CRM_MISFIT_READ_ONLY || misfit == CRM_MISFIT_NEW_ONLY ||
           misfit == CRM_MISFIT_NEEDED;
}

/* Which fields of the mapping may not be read or written, by the CRM's own description for this user. */
static void judge_fields(struct asking *asking, const struct crm_mapping_doc *doc, struct json_list fields)
{
    struct self_test *found = asking->found;
    const struct crm_judging judging = {asking->crm->connector, doc, fields, {NULL, 0}};
    struct json_list findings = crm_mapping_check(&judging, asking->crm->arena);
    const struct crm_finding *all = findings.items;
    struct self_test_field *missing = arena_array(asking->crm->arena, findings.n + 1, sizeof *missing);
    found->fields_n = (int64_t)doc->rows.n;
    found->missing = (struct json_list){missing, 0};
    for (size_t i = 0; i < findings.n; i++)
        if (is_of_rights(all[i].misfit))
            missing[found->missing.n++] = (struct self_test_field){all[i].theirs, all[i].label, all[i].misfit};
}

static void ask_fields(struct asking *asking)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_crm *crm = asking->crm;
    struct self_test *found = asking->found;
    struct flow_mapping_kept kept;
    struct json_list fields = {NULL, 0};
    struct crm_result result;
    struct err failure = {.code = ERR_NONE};
    if (!may_ask(asking, crm->connector->fields != NULL, &found->fields))
        return;
    int r = crm->connector->fields(&crm->lent, crm->arena, &result, &fields, &failure);
    found->fields = told_of(asking, r, &result, &failure, &found->fields_words);
    const struct flow_mapping_at at = {crm->connector, crm->row.id, crm->row.mapping};
    if (found->fields != SELF_TEST_ASKED)
        return;
    if (store_begin(crm->flow->store, &crm->org, &tx, &failure) == 0 &&
        flow_mapping_load(tx, &at, crm->arena, &kept, &failure) == 0)
        judge_fields(asking, &kept.doc, fields);
    else
        found->fields = SELF_TEST_LEFT;
}

static void ask_rules(struct asking *asking)
{
    struct flow_crm *crm = asking->crm;
    struct self_test *found = asking->found;
    struct crm_rules rules = {.off = false};
    struct crm_result result;
    struct err failure = {.code = ERR_NONE};
    if (!may_ask(asking, crm->connector->rules != NULL, &found->rules))
        return;
    int r = crm->connector->rules(&crm->lent, crm->arena, &rules, &result, &failure);
    found->rules = told_of(asking, r, &result, &failure, &found->rules_words);
    struct self_test_rule *list = arena_array(crm->arena, rules.list.n + 1, sizeof *list);
    for (size_t i = 0; i < rules.list.n; i++) {
        const struct crm_rule *rule = (const struct crm_rule *)rules.list.items + i;
        list[i] = (struct self_test_rule){rule->name, rule->mode};
    }
    found->rules_off = rules.off;
    found->rule_list = (struct json_list){list, rules.list.n};
}

/* The search that every card begins with, for somebody who does not exist. */
static void ask_query(struct asking *asking)
{
    struct flow_crm *crm = asking->crm;
    struct self_test *found = asking->found;
    struct contact_value mail = {.value = STR(SELF_TEST_NOBODY), .kind = CONTACT_WORK};
    const struct contact nobody = {.emails = {&mail, 1}};
    struct crm_result result;
    struct err failure = {.code = ERR_NONE};
    if (!may_ask(asking, crm_map_find(&crm->mapping.map, STR("emails")) != NULL, &found->query))
        return;
    int64_t before = crm->lent.http ? crm_http_use(crm->lent.http).requests : 0;
    int64_t begun = clock_mono_ms();
    int r = crm->connector->find_exact(&crm->lent, &nobody, crm->arena, &result, &failure);
    found->query_ms = clock_mono_ms() - begun;
    found->query_requests = crm->lent.http ? crm_http_use(crm->lent.http).requests - before : 0;
    found->query = told_of(asking, r, &result, &failure, &found->query_words);
}

/* Everything; the test of the connection itself comes first and decides whether anything else is asked. */
static void ask_all(struct flow_crm *crm, struct self_test *found, struct err *failure)
{
    struct asking asking = {.crm = crm, .found = found, .ends_mono_ms = clock_mono_ms() + PATIENCE_MS};
    struct crm_result result;
    crm->calls_for = "test";
    int r = crm->connector->test(&crm->lent, crm->arena, &result, failure);
    flow_crm_note(crm, &result, r < 0 ? failure : NULL);
    if (r == 0)
        r = flow_crm_judge(&result, failure);
    found->version = str_c(crm->connector->version);
    if (r < 0)
        return;
    ask_who(&asking);
    ask_fields(&asking);
    ask_rules(&asking);
    ask_query(&asking);
    if (may_ask(&asking, true, &found->write))
        flow_self_write(crm, found);
    found->quota_left = crm->quota.left;
    found->quota_limit = crm->quota.limit;
}

/* What the CRM means rather than us: a result of the test. */
static bool is_of_the_crm(const struct err *failure)
{
    return failure->code == ERR_CRM_REAUTHORISE || failure->code == ERR_CRM_DOWN || failure->code == ERR_CRM_QUOTA ||
           failure->code == ERR_CRM_UNCERTAIN || failure->code == ERR_HOST_REFUSED;
}

static int keep(const struct flow *flow, const struct flow_actor *actor, const struct id *connection,
                const struct self_test *found, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    const struct store_test test = {.user = actor->user, .result = json_write(&self_test_shape, found, arena)};
    if (flow_begin(flow, actor, &tx, err) < 0 || store_test_put(tx, connection, &test, err) < 0)
        return -1;
    store_event(tx, "connection", connection, "tested");
    return store_commit(&tx, err);
}

int flow_connection_test(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                         struct arena *arena, struct flow_connection_test *ret_test, struct err *err)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    struct self_test found = {.quota_left = -1, .quota_limit = -1};
    struct err failure = {.code = ERR_NONE};
    if (flow_may(flow, actor, "connection", "test", err) < 0)
        return -1;
    int r = flow_crm_open(flow, &actor->org, &connection, &crm, err);
    if (r < 0 && (!crm.row.kind.p || !is_of_the_crm(err)))
        return -1;
    if (r < 0)
        failure = *err;
    if (flow_form_need_crm(crm.row.kind, err) < 0)
        return -1;
    if (r == 0)
        ask_all(&crm, &found, &failure);
    if (failure.code != ERR_NONE) {
        found.problem = str_c(err_slug(failure.code));
        found.param = str_c(failure.param);
    }
    if (keep(flow, actor, &connection, &found, err) < 0)
        return -1;
    return flow_connection_tested(flow, actor, connection, arena, ret_test, err);
}

int flow_connection_tested(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                           struct arena *arena, struct flow_connection_test *ret_test, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_test row;
    struct self_test found;
    if (flow_may(flow, actor, "connection", "test", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_test_get(tx, &connection, arena, &row, err) < 0 ||
        json_read(&self_test_shape, row.result, arena, &found, err) < 0)
        return -1;
    struct str by = flow_name_of(tx, &row.user, arena);
    store_rollbackp(&tx);
    *ret_test = (struct flow_connection_test){
        .ok = true, .at = flow_time_text(row.at, arena), .by = by, .steps = flow_self_test_steps(actor, &found, arena)};
    for (size_t i = 0; i < ret_test->steps.n; i++)
        ret_test->ok = ret_test->ok && ((const struct flow_test_step *)ret_test->steps.items)[i].ok;
    return flow_connection_get(flow, actor, connection, arena, &ret_test->connection, err);
}

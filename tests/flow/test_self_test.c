/* The self-test through the use cases: what the CRM says is kept as facts and read in everybody's own language; what it
 * does not say is said, too; a CRM that stops answering is asked nothing more. */
#include "flow/policy.h"
#include "flow/self_test.h"

#include "crm-connectors/address_book.h"
#include "tests/flow/world.h"

#define W(state) struct world *w = *(state)

/* A CRM that says a lot: "fake" with more to tell. */
static struct {
    int whos, ruleses, searches; /* questions that reached it */
    enum crm_outcome who, rules; /* how it answers */
    bool rules_off, production;
    int64_t left;
} said;

static int outcome(enum crm_outcome outcome, struct crm_result *ret)
{
    *ret = (struct crm_result){.outcome = outcome, .not_sent = true};
    if (outcome == CRM_REJECTED)
        ret->sentence = STR("Rechte fehlen dem Benutzer anna@muster.example.");
    return 0;
}

static int tell_who(struct crm_lent *lent, struct arena *arena _unused_, struct crm_who *ret_who,
                    struct crm_result *ret, struct err *err _unused_)
{
    said.whos++;
    *lent->quota = (struct crm_quota){said.left, 15000};
    *ret_who = (struct crm_who){STR("Kartei Integration"), STR("Muster AG"), !said.production};
    return outcome(said.who, ret);
}

static int tell_rules(struct crm_lent *lent _unused_, struct arena *arena, struct crm_rules *ret_rules,
                      struct crm_result *ret, struct err *err _unused_)
{
    struct crm_rule *rules = arena_array(arena, 3, sizeof *rules);
    said.ruleses++;
    rules[0] = (struct crm_rule){STR("Gleiche Mail"), CRM_RULE_BLOCKS};
    rules[1] = (struct crm_rule){STR("Gleicher Name"), CRM_RULE_WARNS};
    rules[2] = (struct crm_rule){STR("Gleiche Firma"), CRM_RULE_NOTES};
    *ret_rules = (struct crm_rules){said.rules_off, {rules, 3}};
    return outcome(said.rules, ret);
}

static int (*search)(struct crm_lent *, const struct contact *, struct arena *, struct crm_result *, struct err *);

static int count_searches(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                          struct crm_result *ret, struct err *err)
{
    said.searches++;
    return search(lent, probe, arena, ret, err);
}

static struct crm_connector telling;
static const struct crm_connector *const connectors[] = {&crm_address_book, &telling, NULL};

static int setup(void **state)
{
    if (world_setup(state) != 0)
        return -1;
    W(state);
    telling = *fake_connectors[1];
    search = telling.find_exact;
    telling.who = tell_who;
    telling.rules = tell_rules;
    telling.find_exact = count_searches;
    telling.version = "v7";
    w->flow.connectors = connectors;
    return 0;
}

static void fresh(void)
{
    memset(&said, 0, sizeof said);
    said.left = 14982;
    fake_crm->gone[0] = '\0';
}

static struct flow_connection_test test(struct world *w)
{
    struct flow_connection_test test;
    struct flow_actor german = w->admin;
    german.language = "de";
    MUST(w, flow_connection_test(&w->flow, &german, w->fake, w->arena, &test, &w->err));
    return test;
}

static const struct flow_test_step *step_of(const struct flow_connection_test *test, const char *name)
{
    const struct flow_test_step *steps = test->steps.items;
    for (size_t i = 0; i < test->steps.n; i++)
        if (str_eq(steps[i].name, str_c(name)))
            return &steps[i];
    return NULL;
}

static void says(const struct flow_connection_test *test, const char *name, int weight, const char *words)
{
    const struct flow_test_step *step = step_of(test, name);
    if (!step)
        fail_msg("no step %s", name);
    else if (step->weight != weight || str_find(step->sentence, str_c(words), 0) < 0)
        fail_msg("%s says “%.*s”, weight %d", name, STR_ARG(step->sentence), step->weight);
}

static bool has_item(const struct flow_test_step *step, const char *words)
{
    for (size_t i = 0; i < step->items.n; i++)
        if (str_find(((const struct str *)step->items.items)[i], str_c(words), 0) >= 0)
            return true;
    return false;
}

static void what_was_found_is_kept_and_read_in_the_readers_language(void **state)
{
    W(state);
    struct flow_actor german = w->admin, english = w->admin;
    struct flow_connection_test now, later;
    german.language = "de";
    english.language = "en";
    fresh();
    MUST(w, flow_connection_test(&w->flow, &english, w->fake, w->arena, &now, &w->err));
    assert_true(now.ok && now.at.p && now.by.p && str_eq(now.at, now.connection.tested_at));
    says(&now, "identity", FLOW_STEP_PLAIN, "Kartei Integration in the organisation “Muster AG”, a sandbox.");
    says(&now, "version", FLOW_STEP_PLAIN, "v7");
    says(&now, "quota", FLOW_STEP_PLAIN, "14,982 of 15,000 calls a day");
    says(&now, "fields", FLOW_STEP_PLAIN, "All 8 fields");
    says(&now, "rules", FLOW_STEP_PLAIN, "3 duplicate rules");
    says(&now, "query", FLOW_STEP_PLAIN, " ms");
    assert_true(has_item(step_of(&now, "rules"), "“Gleiche Mail”: refuses"));
    int asked = said.whos + said.ruleses + said.searches;
    MUST(w, flow_connection_tested(&w->flow, &german, w->fake, w->arena, &later, &w->err));
    assert_int_equal(said.whos + said.ruleses + said.searches, asked); /* reading asks nobody */
    says(&later, "quota", FLOW_STEP_PLAIN, "14.982 von 15.000 Aufrufen am Tag");
    says(&later, "rules", FLOW_STEP_PLAIN, "3 Dublettenregeln");
    assert_true(has_item(step_of(&later, "rules"), "„Gleicher Name“: fragt Menschen"));
    assert_true(str_eq(later.at, now.at) && str_eq(later.by, now.by) && later.ok);
}

static void what_is_missing_is_named_by_field_and_what_runs_out_is_marked(void **state)
{
    W(state);
    fresh();
    said.left = 1499;
    said.rules_off = true;
    (void)snprintf(fake_crm->gone, sizeof fake_crm->gone, "job");
    struct flow_connection_test now = test(w);
    assert_true(now.ok);
    says(&now, "quota", FLOW_STEP_WARNING, "1.499");
    says(&now, "fields", FLOW_STEP_WARNING, ": 1.");
    assert_true(has_item(step_of(&now, "fields"), "job"));
    says(&now, "rules", FLOW_STEP_PLAIN, "abgeschaltet");
    assert_int_equal(step_of(&now, "rules")->items.n, 0);
}

static void what_the_crm_does_not_say_is_said(void **state)
{
    W(state);
    fresh();
    said.who = said.rules = CRM_REJECTED;
    said.left = -1;
    struct flow_connection_test now = test(w);
    assert_true(now.ok);
    says(&now, "identity", FLOW_STEP_UNSAID, "sagt nicht");
    says(&now, "quota", FLOW_STEP_UNSAID, "sagt nicht");
    says(&now, "rules", FLOW_STEP_WARNING, "Rechte fehlen dem Benutzer …");
    assert_false((str_find(step_of(&now, "rules")->sentence, STR("anna"), 0) >= 0));
    telling.rules = NULL;
    now = test(w);
    telling.rules = tell_rules;
    says(&now, "rules", FLOW_STEP_UNSAID, "sagt nicht, welche Dublettenregeln");
}

static void a_crm_that_stops_answering_is_asked_nothing_more(void **state)
{
    W(state);
    fresh();
    said.who = CRM_DOWN;
    struct flow_connection_test now = test(w);
    assert_int_equal(said.whos, 1);
    assert_int_equal(said.ruleses + said.searches, 0);
    assert_false(now.ok);
    says(&now, "rules", FLOW_STEP_WARNING, "Nicht gefragt");
    assert_false(step_of(&now, "query")->ok);
    fresh();
    assert_true(test(w).ok); /* the next one takes its place */
}

static void only_who_may_test_reads_it_and_it_goes_with_the_connection(void **state)
{
    W(state);
    struct flow_connection_test now;
    struct flow_connection connection;
    fresh();
    struct id other = world_connect(w, "fake");
    FAILS(w, ERR_NOT_FOUND, flow_connection_tested(&w->flow, &w->admin, other, w->arena, &now, &w->err));
    MUST(w, flow_connection_test(&w->flow, &w->admin, other, w->arena, &now, &w->err));
    FAILS(w, ERR_FORBIDDEN, flow_connection_tested(&w->flow, &w->user, other, w->arena, &now, &w->err));
    MUST(w, flow_connection_get(&w->flow, &w->admin, other, w->arena, &connection, &w->err));
    MUST(w, flow_connection_delete(&w->flow, &w->admin, other, connection.version, &w->err));
    FAILS(w, ERR_NOT_FOUND, flow_connection_tested(&w->flow, &w->admin, other, w->arena, &now, &w->err));
    FAILS(w, ERR_NOT_FOUND, flow_connection_test(&w->flow, &w->admin, other, w->arena, &now, &w->err));
}

/* ---- What is written ---- */

static int refuse_removal(struct crm_lent *lent _unused_, const struct crm_update *update _unused_,
                          struct arena *arena _unused_, struct crm_result *ret, struct err *err _unused_)
{
    return outcome(CRM_REJECTED, ret);
}

static int living(void)
{
    int n = 0;
    for (int i = 0; i < FAKE_RECORDS; i++)
        n += fake_crm->records[i].used && !fake_crm->records[i].deleted;
    return n;
}

static void in_a_sandbox_a_record_is_written_and_taken_back(void **state)
{
    W(state);
    int before = living(), entries = fake_crm->entries;
    fresh();
    struct flow_connection_test now = test(w);
    says(&now, "write", FLOW_STEP_PLAIN, "angelegt, geändert und entfernt");
    assert_int_equal(fake_crm->entries, entries + 3);
    assert_int_equal(living(), before);
}

static void elsewhere_nothing_is_written(void **state)
{
    W(state);
    int entries = fake_crm->entries, seen = fake_crm->writes_seen;
    fresh();
    said.production = true;
    struct flow_connection_test now = test(w);
    says(&now, "write", FLOW_STEP_UNSAID, "nur in einer Sandbox");
    fresh();
    said.who = CRM_REJECTED; /* it does not say what it is */
    now = test(w);
    says(&now, "write", FLOW_STEP_UNSAID, "nur in einer Sandbox");
    fresh();
    world_policy(w, w->fake, FLOW_POLICY_PROPOSE);
    now = test(w);
    world_policy(w, w->fake, FLOW_POLICY_CONFIRM);
    says(&now, "write", FLOW_STEP_UNSAID, "darf nicht schreiben");
    assert_true(now.ok);
    assert_int_equal(fake_crm->entries, entries);
    assert_int_equal(fake_crm->writes_seen, seen);
}

static void what_fails_or_stays_there_is_told(void **state)
{
    W(state);
    int before = living();
    fresh();
    fake_crm->fault = FAKE_REFUSED;
    struct flow_connection_test now = test(w);
    says(&now, "write", FLOW_STEP_WARNING, "anzulegen schlug fehl");
    assert_true(now.ok && str_find(step_of(&now, "write")->sentence, STR("noch da"), 0) < 0);
    fresh();
    fake_crm->fault = FAKE_LOST_AFTER;
    now = test(w);
    says(&now, "write", FLOW_STEP_WARNING, "noch da: nach „Kartei self-test“ suchen");
    assert_int_equal(living(), before + 1);
    fresh();
    int (*remove)(struct crm_lent *, const struct crm_update *, struct arena *, struct crm_result *, struct err *) =
        telling.remove;
    telling.remove = refuse_removal;
    now = test(w);
    telling.remove = remove;
    says(&now, "write", FLOW_STEP_WARNING, "angelegt und geändert. Er ist vielleicht noch da");
    assert_int_equal(living(), before + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_found_is_kept_and_read_in_the_readers_language),
        cmocka_unit_test(what_is_missing_is_named_by_field_and_what_runs_out_is_marked),
        cmocka_unit_test(what_the_crm_does_not_say_is_said),
        cmocka_unit_test(a_crm_that_stops_answering_is_asked_nothing_more),
        cmocka_unit_test(only_who_may_test_reads_it_and_it_goes_with_the_connection),
        cmocka_unit_test(in_a_sandbox_a_record_is_written_and_taken_back),
        cmocka_unit_test(elsewhere_nothing_is_written),
        cmocka_unit_test(what_fails_or_stays_there_is_told),
    };
    return cmocka_run_group_tests(tests, setup, world_teardown);
}

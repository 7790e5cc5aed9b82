/* Warnings of settings and drills: at which day which level, how they rise with age and version, and nothing where all
 * is well. */
#include "tests/unit/unit.h"

#include "base/clock.h"
#include "flow/proof/facts.h"

#define NOW    "2027-01-01T00:00:00Z"
#define DAY_MS (24LL * 3600 * 1000)

/* An instance about which there is nothing to say. */
static struct proof_facts well(void)
{
    struct proof_facts facts = {.contact = STR("mailto:security@muster.example"),
                                .expires = STR("2027-06-30T00:00:00Z"),
                                .ends = STR("2027-06-30T00:00:00Z"),
                                .program = STR("0.1.0"),
                                .now_ms = clock_parse(STR(NOW))};
    for (size_t i = 0; i < PROOF_DRILLS; i++) {
        facts.ran[i] = true;
        facts.drills[i] = (struct store_drill){.at = facts.now_ms - DAY_MS, .passed = true};
    }
    return facts;
}

static struct proof_warned warned(struct proof_facts facts, struct arena *arena)
{
    struct proof_warned all = {.arena = arena};
    flow_proof_warn_of(&all, &facts);
    return all;
}

static void nothing_is_said_where_all_is_well(void **state)
{
    assert_int_equal(warned(well(), *state).n, 0);
}

static void the_nearer_the_end_the_graver(void **state)
{
    static const struct {
        const char *end;
        int level; /* -1: none */
    } ends[] = {
        {"2027-01-31T00:00:00Z", -1},
        {"2027-01-30T23:59:59Z", FLOW_WARNING_WARNING},
        {"2027-01-08T00:00:00Z", FLOW_WARNING_WARNING},
        {"2027-01-07T23:59:59Z", FLOW_WARNING_CRITICAL},
        {"2026-12-31T00:00:00Z", FLOW_WARNING_CRITICAL},
        {"soon", FLOW_WARNING_CRITICAL},
    };
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        struct proof_facts facts = well();
        facts.expires = facts.ends = str_c(ends[i].end);
        struct proof_warned all = warned(facts, *state);
        assert_int_equal(all.n, ends[i].level < 0 ? 0 : 2);
        for (size_t k = 0; k < all.n; k++)
            assert_int_equal(all.items[k].level, ends[i].level);
    }
}

static void what_is_missing_or_lowered_is_told(void **state)
{
    struct proof_facts facts = well();
    facts.contact = STR_NONE;
    facts.private = STR(" 10.0.0.1:5232 ");
    facts.smtp = STR("SMTP.office365.com");
    struct proof_warned all = warned(facts, *state);
    assert_int_equal(all.n, 4);
    assert_int_equal(all.items[0].kind, FLOW_WARN_CONTACT);
    assert_int_equal(all.items[1].kind, FLOW_WARN_PRIVATE);
    assert_text(all.items[1].subject, "10.0.0.1:5232");
    assert_int_equal(all.items[2].kind, FLOW_WARN_UNREASONED);
    assert_int_equal(all.items[3].kind, FLOW_WARN_PASSWORD);
    facts.reason = STR("The ERP has no certificate yet.");
    assert_int_equal(warned(facts, *state).n, 3);
    facts = well();
    facts.clear = STR("*:80");
    all = warned(facts, *state);
    assert_int_equal(all.n, 2);
    assert_int_equal(all.items[0].kind, FLOW_WARN_CLEAR);
    assert_int_equal(all.items[1].kind, FLOW_WARN_UNREASONED);
}

static void drills_that_failed_or_are_long_ago_are_told(void **state)
{
    struct proof_facts facts = well();
    facts.drills[PROOF_RESTORE].passed = false;
    facts.drills[PROOF_BACKUP].at = facts.now_ms - 3 * DAY_MS;
    facts.ran[PROOF_CANARY] = false;
    struct proof_warned all = warned(facts, *state);
    assert_int_equal(all.n, 3);
    assert_int_equal(all.items[0].kind, FLOW_WARN_BACKUP);
    assert_int_equal(all.items[1].kind, FLOW_WARN_FAILED);
    assert_text(all.items[1].subject, "restore");
    assert_int_equal(all.items[1].level, FLOW_WARNING_CRITICAL);
    assert_int_equal(all.items[2].kind, FLOW_WARN_CANARY);
}

static void levels_rise_with_age_and_version_and_never_fall(void **state)
{
    static const struct flow_warning_rule rule = {
        .level = FLOW_WARNING_INFO, .days = {30, 90}, .version = {"1.0.0", "2.0.0"}};
    static const struct flow_warning_rule still = {.level = FLOW_WARNING_INFO, .version = {"", ""}};
    static const struct {
        int64_t days;
        const char *program;
        int level;
    } cases[] = {
        {0, "0.9.9", FLOW_WARNING_INFO},      {29, "0.9.9", FLOW_WARNING_INFO},
        {30, "0.9.9", FLOW_WARNING_WARNING},  {89, "0.1.0", FLOW_WARNING_WARNING},
        {90, "0.1.0", FLOW_WARNING_CRITICAL}, {0, "1.0.0", FLOW_WARNING_WARNING},
        {0, "1.10.0", FLOW_WARNING_WARNING},  {0, "2.0.0-rc1", FLOW_WARNING_CRITICAL},
        {90, "1.0.0", FLOW_WARNING_CRITICAL}, {0, "bare", FLOW_WARNING_INFO},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t age = cases[i].days * DAY_MS;
        struct str program = str_c(cases[i].program);
        assert_int_equal(flow_warning_rise(&rule, rule.level, age, program), cases[i].level);
        assert_int_equal(flow_warning_rise(&rule, FLOW_WARNING_CRITICAL, age, program), FLOW_WARNING_CRITICAL);
        assert_int_equal(flow_warning_rise(&still, still.level, age, program), FLOW_WARNING_INFO);
    }
}

/* Rows of warnings.def: words in both languages, rises in order, versions that can be read. */
static void every_rule_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < FLOW_WARNING_KINDS; i++) {
        const struct flow_warning_rule *rule = &flow_warning_rules[i];
        assert_non_null(rule->kind);
        for (int k = 0; k < 2; k++) {
            assert_true(strlen(rule->effect[k]) > 20 && strlen(rule->fix[k]) > 20);
            assert_true(!rule->version[k][0] || flow_version_reached(STR("99.0.0"), str_c(rule->version[k])));
        }
        assert_true(rule->days[0] == 0 || rule->days[1] == 0 || rule->days[0] < rule->days[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(nothing_is_said_where_all_is_well),
        unit_with_arena(the_nearer_the_end_the_graver),
        unit_with_arena(what_is_missing_or_lowered_is_told),
        unit_with_arena(drills_that_failed_or_are_long_ago_are_told),
        unit_with_arena(levels_rise_with_age_and_version_and_never_fall),
        unit_with_arena(every_rule_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

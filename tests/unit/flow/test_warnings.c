/* Warnings of settings: at which day which level, and nothing where all is well. */
#include "tests/unit/unit.h"

#include "flow/proof.h"

#include "base/clock.h"

#define NOW "2027-01-01T00:00:00Z"

static size_t warned(struct arena *arena, struct flow_warning_facts facts, struct flow_warning ret[3])
{
    facts.now_ms = clock_parse(STR(NOW));
    facts.language = "en";
    return flow_warnings_of(&facts, arena, ret);
}

static void nothing_is_said_where_all_is_well(void **state)
{
    struct flow_warning got[FLOW_WARNINGS_OF_SETTINGS];
    assert_int_equal(warned(*state,
                            (struct flow_warning_facts){.contact = STR("mailto:security@muster.example"),
                                                        .expires = STR("2027-06-30T00:00:00Z"),
                                                        .ends = STR("2027-06-30T00:00:00Z")},
                            got),
                     0);
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
        struct flow_warning got[FLOW_WARNINGS_OF_SETTINGS];
        size_t n = warned(*state,
                          (struct flow_warning_facts){.contact = STR("mailto:a@muster.example"),
                                                      .expires = str_c(ends[i].end),
                                                      .ends = str_c(ends[i].end)},
                          got);
        assert_int_equal(n, ends[i].level < 0 ? 0 : 2);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(got[k].level, ends[i].level);
    }
}

static void what_is_missing_or_lowered_is_told(void **state)
{
    struct flow_warning got[FLOW_WARNINGS_OF_SETTINGS];
    size_t n = warned(*state, (struct flow_warning_facts){.private = STR(" 10.0.0.1:5232 ")}, got);
    assert_int_equal(n, 2);
    assert_text(got[0].kind, "security-contact");
    assert_text(got[1].kind, "egress-private");
    assert_text(got[1].subject, "10.0.0.1:5232");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(nothing_is_said_where_all_is_well),
        unit_with_arena(the_nearer_the_end_the_graver),
        unit_with_arena(what_is_missing_or_lowered_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

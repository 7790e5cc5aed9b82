/* Times as people's systems write them. */
#include "tests/unit/unit.h"

#include "base/clock.h"

static void what_is_written_is_read_again(void **state)
{
    assert_int_equal(clock_parse(clock_text(1795328809123, *state)), 1795328809123);
    assert_int_equal(clock_parse(clock_text(0, *state)), 0);
}

static void offsets_and_decimals_are_understood(void **state)
{
    (void)state;
    const int64_t noon = clock_parse(STR("2026-11-22T12:00:00Z"));
    assert_true(noon > 0);
    assert_int_equal(clock_parse(STR("2026-11-22T12:00:00.000+0000")), noon);
    assert_int_equal(clock_parse(STR("2026-11-22T13:30:00+01:30")), noon);
    assert_int_equal(clock_parse(STR("2026-11-22T11:00:00-0100")), noon);
    assert_int_equal(clock_parse(STR("2026-11-22T12:00:00.1Z")), noon + 100);
    assert_int_equal(clock_parse(STR("2026-11-22T12:00:00.1234567Z")), noon + 123);
    assert_int_equal(clock_parse(STR("2026-12-31T23:59:60Z")), clock_parse(STR("2026-12-31T23:59:59Z")));
}

static void everything_else_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "2026",
                                        "2026-11-22",
                                        "2026-11-22T12:00:00",
                                        "2026-11-22 12:00:00Z",
                                        "2026-13-22T12:00:00Z",
                                        "2026-11-32T12:00:00Z",
                                        "2026-11-22T24:00:00Z",
                                        "2026-11-22T12:60:00Z",
                                        "2026-11-22T12:00:00Zx",
                                        "2026-11-22T12:00:00+1",
                                        "2026-11-22T12:00:00+24:00",
                                        "x026-11-22T12:00:00Z"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(clock_parse(str_c(wrong[i])), -1);
    assert_int_equal(clock_parse(STR_NONE), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(what_is_written_is_read_again),
        unit_with_arena(offsets_and_decimals_are_understood),
        unit_with_arena(everything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Whose a record is: what strangers say is repaired, or left out. */
#include "contact/custody.h"
#include "tests/unit/unit.h"

static void names_are_trimmed_and_moments_in_utc(void **state)
{
    struct arena *arena = *state;
    struct contact_custody custody =
        contact_custody_of(STR("  Petra\xC2\xA0 Ku\xCC\x88hn "), STR("2026-10-12T10:00:00.5+0200"), STR("Team"), arena);
    assert_text(custody.owner, "Petra Kühn");
    assert_text(custody.changed_at, "2026-10-12T08:00:00.500Z");
    assert_text(custody.changed_by, "Team");
    assert_false(contact_custody_none(&custody));
}

static void what_is_no_name_and_no_moment_is_absent(void **state)
{
    struct arena *arena = *state;
    static const char *const names[] = {"", "   ", "a\x01b", "\xff\xfe"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct contact_custody custody = contact_custody_of(str_c(names[i]), STR("yesterday"), str_c(names[i]), arena);
        assert_true(contact_custody_none(&custody));
    }
    char longest[202];
    memset(longest, 'x', sizeof longest);
    assert_int_equal(contact_custody_of((struct str){longest, 200}, STR_NONE, STR_NONE, arena).owner.n, 200);
    assert_null(contact_custody_of((struct str){longest, 201}, STR_NONE, STR_NONE, arena).owner.p);
}

static void a_copy_leaves_absent_what_is_absent(void **state)
{
    struct arena *arena = *state;
    const struct contact_custody custody = {.changed_by = STR("J. Weber")};
    struct contact_custody copy = contact_custody_copy(&custody, arena);
    assert_null(copy.owner.p);
    assert_null(copy.changed_at.p);
    assert_text(copy.changed_by, "J. Weber");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(names_are_trimmed_and_moments_in_utc),
        unit_with_arena(what_is_no_name_and_no_moment_is_absent),
        unit_with_arena(a_copy_leaves_absent_what_is_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

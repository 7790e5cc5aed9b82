/* Telephone numbers through the shim. Numbers are from ranges for drama where a country has them. */
#include "contact/phone.h"
#include "tests/unit/unit.h"

static void printed_forms_become_e164(void **state)
{
    static const struct {
        const char *text, *region, *e164;
    } rows[] = {
        {"+49 (0)30 23125 000", "", "+493023125000"}, {"030 / 23 125-000", "DE", "+493023125000"},
        {"0049 30 23125000", "DE", "+493023125000"},  {"(202) 555-0123", "US", "+12025550123"},
        {"+44 (0)20 7946 0018", "", "+442079460018"}, {"01 99 00 12 34", "FR", "+33199001234"},
    };
    struct contact_phone phone;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_true(contact_phone_parse(str_c(rows[i].text), rows[i].region, *state, &phone));
        assert_text(phone.e164, rows[i].e164);
    }
}

static void kind_region_and_extension_are_told(void **state)
{
    struct contact_phone phone;
    assert_true(contact_phone_parse(STR("0151 23456789"), "DE", *state, &phone));
    assert_true(phone.valid && phone.type == CONTACT_PHONE_MOBILE && phone.country_code == 49);
    assert_string_equal(phone.region, "DE");
    assert_true(contact_phone_parse(STR("(202) 555-0123 ext. 111"), "US", *state, &phone));
    assert_text(phone.extension, "111");
}

static void what_is_no_number_is_refused(void **state)
{
    struct contact_phone phone;
    assert_false(contact_phone_parse(STR("Anna"), "DE", *state, &phone));
    assert_false(contact_phone_parse(STR(""), "DE", *state, &phone));
    assert_false(contact_phone_parse(STR("030 123456"), "", *state, &phone));
    assert_false(contact_phone_parse(STR("\xFF\xFE 030"), "DE", *state, &phone));
    assert_false(contact_phone_parse(STR("12345678901234567890123"), "DE", *state, &phone));
}

static void display_is_national_at_home_only(void **state)
{
    assert_text(contact_phone_display(STR("+493023125000"), "DE", *state), "030 23125000");
    assert_text(contact_phone_display(STR("+493023125000"), "FR", *state), "+49 30 23125000");
    assert_text(contact_phone_display(STR("junk"), "FR", *state), "junk");
}

static void calling_codes_and_regions_meet(void **state)
{
    (void)state;
    assert_int_equal(contact_phone_country_code("AT"), 43);
    assert_string_equal(contact_phone_region(41), "CH");
    assert_string_equal(contact_phone_region(999), "");
}

/* The short way says what the library says, for all lengths and beginnings. */
static void numbers_written_plainly_are_what_the_library_says(void **state)
{
    static const char *const codes[] = {"+49", "+43", "+41", "+44", "+4", "+"};
    static const char digits[] = "7391582640173958264";
    uint32_t dice = 1;
    for (size_t c = 0; c < ARRAY_LEN(codes); c++)
        for (int k = 0; k < 600; k++) {
            dice = dice * 1664525 + 1013904223;
            int n = (int)(dice >> 16) % 16;
            struct str text = str_printf(*state, "%s%c%.*s", codes[c], '0' + (int)(dice >> 8) % 10, n, digits + k % 3);
            struct contact_phone phone;
            bool known = contact_phone_parse(text, "DE", *state, &phone);
            struct str e164 = contact_phone_e164(text, "DE", *state);
            if (known != (e164.p != NULL) || (known && !str_eq(e164, phone.e164)))
                fail_msg("%.*s: %.*s", STR_ARG(text), STR_ARG(e164));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(printed_forms_become_e164),
        unit_with_arena(kind_region_and_extension_are_told),
        unit_with_arena(what_is_no_number_is_refused),
        unit_with_arena(display_is_national_at_home_only),
        unit_with_arena(calling_codes_and_regions_meet),
        unit_with_arena(numbers_written_plainly_are_what_the_library_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

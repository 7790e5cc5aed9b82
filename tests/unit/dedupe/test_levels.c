/* Every level of every comparison is reachable, by the pair it is meant for, from both sides. */
#include "tests/unit/dedupe/people.h"
#include "tests/unit/unit.h"

#include "dedupe/compare.h"
#include "dedupe/model.h"

#define ANNA .given = "Anna", .family = "Schmidt"

static const struct {
    enum dedupe_comparison comparison;
    enum dedupe_level level;
    struct person a, b;
} rows[] = {
    {DEDUPE_NAME, DEDUPE_NAME_GENERATION, {"Karl jun.", "Koch"}, {"Karl", "Koch"}},
    {DEDUPE_NAME, DEDUPE_NAME_SAME, {"Anna", "Müller"}, {"ANNA", "Mueller"}},
    {DEDUPE_NAME, DEDUPE_NAME_SAME, {"Anna", "Müller"}, {"Anna", "Muller"}},
    {DEDUPE_NAME, DEDUPE_NAME_SWAPPED, {"Anna", "Schmidt"}, {"Schmidt", "Anna"}},
    {DEDUPE_NAME, DEDUPE_NAME_GIVEN_PART, {"Hans Peter", "Koch"}, {"Peter", "Koch"}},
    {DEDUPE_NAME, DEDUPE_NAME_NICKNAME, {"Andreas", "Koch"}, {"Andi", "Koch"}},
    {DEDUPE_NAME, DEDUPE_NAME_INITIAL, {"Andreas", "Koch"}, {"A.", "Koch"}},
    {DEDUPE_NAME, DEDUPE_NAME_GIVEN_CLOSE, {"Sebastian", "Koch"}, {"Sebastain", "Koch"}},
    {DEDUPE_NAME, DEDUPE_NAME_FAMILY_CLOSE, {"Anna", "Meyer"}, {"Anna", "Maier"}},
    {DEDUPE_NAME, DEDUPE_NAME_FAMILY_CLOSE, {"Anna", "Bernd"}, {"Anna", "Bemd"}},
    {DEDUPE_NAME, DEDUPE_NAME_BOTH_CLOSE, {"Stephan", "Meyer"}, {"Stefan", "Maier"}},
    {DEDUPE_NAME, DEDUPE_NAME_DOUBLE_NAME, {"Anna", "Schmidt-Lehmann"}, {"Anna", "Schmidt"}},
    {DEDUPE_NAME, DEDUPE_NAME_IN_MAIL, {"Anna", "Vogel", .mail = "anna.schmidt@x.de"}, {"Anna", "Schmidt"}},
    {DEDUPE_NAME, DEDUPE_NAME_FAMILY_ONLY, {NULL, "Schmidt"}, {"Anna", "Schmidt"}},
    {DEDUPE_NAME, DEDUPE_NAME_FAMILY_VAGUE, {NULL, "Schmitt"}, {"Anna", "Schmidt"}},
    {DEDUPE_NAME, DEDUPE_NAME_GIVEN_ONLY, {"Anna", NULL}, {"Anna", "Schmidt"}},
    {DEDUPE_NAME, DEDUPE_NAME_FAMILY_OTHER, {"Anna", "Vogel"}, {"Anna", "Schmidt"}},
    {DEDUPE_NAME, DEDUPE_NAME_GIVEN_OTHER, {"Bernd", "Schmidt"}, {"Anna", "Schmidt"}},
    {DEDUPE_NAME, DEDUPE_NAME_GIVEN_OTHER, {"Daniel", "Schmidt"}, {"Daniela", "Schmidt"}},
    {DEDUPE_NAME, DEDUPE_NAME_OTHER, {"Bernd", "Vogel"}, {"Anna", "Schmidt"}},

    {DEDUPE_EMPLOYER,
     DEDUPE_EMPLOYER_DOMAIN_COMPANY,
     {.company = "Muster GmbH", .mail = "a@muster.de"},
     {.company = "Muster", .mail = "info@muster.de"}},
    {DEDUPE_EMPLOYER,
     DEDUPE_EMPLOYER_DOMAIN_CLOSE,
     {.company = "Muster Bau GmbH", .url = "https://www.muster.de/x"},
     {.company = "Muster", .mail = "b@muster.de"}},
    {DEDUPE_EMPLOYER, DEDUPE_EMPLOYER_DOMAIN, {.mail = "a@muster.de"}, {.company = "Muster", .mail = "b@muster.de"}},
    {DEDUPE_EMPLOYER,
     DEDUPE_EMPLOYER_DOMAIN_OTHER,
     {.company = "Alpha", .mail = "a@muster.de"},
     {.company = "Omega", .mail = "b@muster.de"}},
    {DEDUPE_EMPLOYER, DEDUPE_EMPLOYER_COMPANY, {.company = "Muster Bau GmbH"}, {.company = "MUSTER-BAU"}},
    {DEDUPE_EMPLOYER, DEDUPE_EMPLOYER_COMPANY_CLOSE, {.company = "Muster Maschinenbau"}, {.company = "MM GmbH"}},
    {DEDUPE_EMPLOYER, DEDUPE_EMPLOYER_COMPANY_DOMAIN, {.company = "Muster Bau"}, {.mail = "a@muster-bau.de"}},
    {DEDUPE_EMPLOYER,
     DEDUPE_EMPLOYER_COMPANY_SITE_OTHER,
     {.company = "Muster", .mail = "a@muster.de"},
     {.company = "Muster", .mail = "a@holding.com"}},
    {DEDUPE_EMPLOYER,
     DEDUPE_EMPLOYER_SWITCHBOARD,
     {.company = "Alpha", .phone = "+49931123450"},
     {.company = "Omega", .phone = "+4993112345678"}},
    {DEDUPE_EMPLOYER,
     DEDUPE_EMPLOYER_PLACE,
     {.company = "Alpha", .street = "Hauptstraße 5", .city = "Ulm"},
     {.company = "Omega", .street = "Hauptstr. 5", .city = "Ulm"}},
    {DEDUPE_EMPLOYER, DEDUPE_EMPLOYER_OTHER, {.company = "Alpha"}, {.company = "Omega"}},

    {DEDUPE_EMAIL, DEDUPE_EMAIL_SAME, {ANNA, .mail = "anna.schmidt@x.de"}, {ANNA, .mail = "Anna_Schmidt@X.de"}},
    {DEDUPE_EMAIL, DEDUPE_EMAIL_SAME_HALF, {ANNA, .mail = "schmidt@x.de"}, {ANNA, .mail = "schmidt@x.de"}},
    {DEDUPE_EMAIL, DEDUPE_EMAIL_TYPO, {ANNA, .mail = "anna.schmidt@x.de"}, {ANNA, .mail = "anna.schmdit@x.de"}},
    {DEDUPE_EMAIL, DEDUPE_EMAIL_NUMBERED, {ANNA, .mail = "anna.schmidt@x.de"}, {ANNA, .mail = "anna.schmidt2@x.de"}},
    {DEDUPE_EMAIL,
     DEDUPE_EMAIL_SAME_MAILBOX,
     {ANNA, .mail = "anna.schmidt@muster.de"},
     {ANNA, .mail = "anna.schmidt@gmx.de"}},
    {DEDUPE_EMAIL, DEDUPE_EMAIL_OTHER_HERE, {ANNA, .mail = "anna.schmidt@x.de"}, {ANNA, .mail = "bernd.vogel@x.de"}},
    {DEDUPE_EMAIL, DEDUPE_EMAIL_OTHER, {ANNA, .mail = "anna.schmidt@x.de"}, {ANNA, .mail = "bernd.vogel@muster.de"}},

    {DEDUPE_PHONE, DEDUPE_PHONE_SAME, {.phone = "+4993112345678"}, {.phone = "+4993112345678"}},
    {DEDUPE_PHONE, DEDUPE_PHONE_CENTRAL, {.phone = "+49931123450"}, {.phone = "+49931123450"}},
    {DEDUPE_PHONE, DEDUPE_PHONE_ONE_DIGIT, {.phone = "+4993112345678"}, {.phone = "+4993112945678"}},
    {DEDUPE_PHONE, DEDUPE_PHONE_EXTENSION, {.phone = "+49931123450"}, {.phone = "+499311234567"}},
    {DEDUPE_PHONE, DEDUPE_PHONE_OTHER_EXTENSION, {.phone = "+4993112345678"}, {.phone = "+4993112345612"}},
    {DEDUPE_PHONE, DEDUPE_PHONE_OTHER, {.phone = "+4993112345678"}, {.phone = "+493012345678"}},

    {DEDUPE_MOBILE, DEDUPE_MOBILE_SAME, {.mobile = "+491711234567"}, {.phone = "+491711234567"}},
    {DEDUPE_MOBILE, DEDUPE_MOBILE_ONE_DIGIT, {.mobile = "+491711234567"}, {.mobile = "+491711234568"}},
    {DEDUPE_MOBILE, DEDUPE_MOBILE_OTHER, {.mobile = "+491711234567"}, {.mobile = "+491719999999"}},

    {DEDUPE_ADDRESS,
     DEDUPE_ADDRESS_SAME,
     {.street = "Hauptstrasse 5", .city = "Ulm"},
     {.street = "Hauptstr. 5", .city = "Ulm"}},
    {DEDUPE_ADDRESS, DEDUPE_ADDRESS_TOWN, {.city = "Würzburg"}, {.city = "Wurzburg"}},
    {DEDUPE_ADDRESS, DEDUPE_ADDRESS_OTHER, {.postal_code = "97076"}, {.postal_code = "10115"}},

    {DEDUPE_BIRTH, DEDUPE_BIRTH_SAME, {.birth = "1971-06-24"}, {.birth = "1971-06-24"}},
    {DEDUPE_BIRTH, DEDUPE_BIRTH_CLOSE, {.birth = "1971-06-24"}, {.birth = "1971-05-24"}},
    {DEDUPE_BIRTH, DEDUPE_BIRTH_OTHER, {.birth = "1971-06-24"}, {.birth = "1980-01-01"}},
};

static void each_pair_gives_its_level_from_both_sides(void **state)
{
    struct arena *arena = *state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct dedupe_finding there[DEDUPE_COMPARISONS], back[DEDUPE_COMPARISONS];
        const struct dedupe_record *a = person_record(&rows[i].a, arena), *b = person_record(&rows[i].b, arena);
        dedupe_compare(a, b, there);
        dedupe_compare(b, a, back);
        enum dedupe_level level = there[rows[i].comparison].level;
        if (level != rows[i].level)
            print_message("row %zu: %s instead of %s\n", i, level ? dedupe_level_texts[level].level : "nothing",
                          dedupe_level_texts[rows[i].level].level);
        assert_int_equal(level, rows[i].level);
        for (size_t k = 0; k < DEDUPE_COMPARISONS; k++)
            assert_int_equal(there[k].level, back[k].level);
    }
}

static void no_level_is_left_out(void **state)
{
    (void)state;
    bool reached[DEDUPE_LEVELS] = {[DEDUPE_LEVEL_NONE] = true};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        reached[rows[i].level] = true;
    for (size_t i = 0; i < DEDUPE_LEVELS; i++)
        assert_true(reached[i]);
}

static void missing_values_are_no_evidence(void **state)
{
    struct arena *arena = *state;
    static const struct person nobody = {0}, anna = {ANNA,
                                                     .company = "Muster",
                                                     .mail = "anna@muster.de",
                                                     .phone = "+499311234567",
                                                     .mobile = "+491711234567",
                                                     .city = "Ulm",
                                                     .birth = "1971-06-24"};
    struct dedupe_finding found[DEDUPE_COMPARISONS];
    dedupe_compare(person_record(&nobody, arena), person_record(&anna, arena), found);
    for (size_t i = 0; i < DEDUPE_COMPARISONS; i++)
        assert_int_equal(found[i].level, DEDUPE_LEVEL_NONE);
    struct dedupe_verdict verdict = person_score(&nobody, &anna, arena);
    assert_int_equal(verdict.n, 0);
    assert_int_equal(verdict.band, DEDUPE_NONE);
}

static void an_office_address_is_not_counted_beside_the_employer(void **state)
{
    struct arena *arena = *state;
    static const struct person a = {ANNA, .company = "Muster", .street = "Hauptstr. 5", .city = "Ulm"};
    struct dedupe_finding found[DEDUPE_COMPARISONS];
    dedupe_compare(person_record(&a, arena), person_record(&a, arena), found);
    assert_int_equal(found[DEDUPE_EMPLOYER].level, DEDUPE_EMPLOYER_COMPANY);
    assert_int_equal(found[DEDUPE_ADDRESS].level, DEDUPE_LEVEL_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(each_pair_gives_its_level_from_both_sides),
        cmocka_unit_test(no_level_is_left_out),
        unit_with_arena(missing_values_are_no_evidence),
        unit_with_arena(an_office_address_is_not_counted_beside_the_employer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

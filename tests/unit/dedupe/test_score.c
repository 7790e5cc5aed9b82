/* Verdicts: what is obvious, what never is, and that the reasons carry the weight. */
#include "tests/unit/dedupe/people.h"
#include "tests/unit/unit.h"

#include <math.h>
#include <string.h>

#define OFFICE .company = "Muster Maschinenbau GmbH", .phone = "+49931123450"

/* The same person as the card and as the CRM have her. */
static const struct person card = {
    "Anna",           "Schmidt-Lehmann", "Muster Maschinenbau GmbH & Co. KG", "anna.schmidt@muster.de",
    "+4993112345678", "+491711234567"};
static const struct person stored = {"Anna", "Schmidt", "Muster Maschinenbau", "anna.schmidt@muster.de",
                                     "+4993112345678"};

static void the_same_person_is_obvious(void **state)
{
    struct arena *arena = *state;
    struct dedupe_verdict verdict = person_score(&card, &stored, arena);
    assert_int_equal(verdict.band, DEDUPE_OBVIOUS);
    assert_int_equal(verdict.outcome, DEDUPE_SAME);
    assert_true(verdict.probability > 0.9 && verdict.probability < 1.0);
}

static void slips_of_pen_and_camera_stay_obvious(void **state)
{
    struct arena *arena = *state;
    static const struct person a = {"Bernd", "Hofstetter", OFFICE, .mail = "bernd.hofstetter@muster.de"};
    static const struct person b = {"Bemd", "Hofstetter", .company = "Muster Maschinenbau",
                                    .mail = "bernd.hofstetter@muster.de"};
    assert_int_equal(person_score(&a, &b, arena).band, DEDUPE_OBVIOUS);
}

static void a_name_alone_is_never_obvious(void **state)
{
    struct arena *arena = *state;
    static const struct person a = {"Xaveria", "Unterholzinger"}, b = {"Xaveria", "Unterholzinger"};
    static const struct person elsewhere = {"Xaveria", "Unterholzinger", "Omega AG", "xaveria.unterholzinger@omega.ch"};
    static const struct person here = {"Xaveria", "Unterholzinger", OFFICE, .mail = "xaveria.unterholzinger@muster.de"};
    assert_int_not_equal(person_score(&a, &b, arena).band, DEDUPE_OBVIOUS);
    assert_int_equal(person_score(&here, &elsewhere, arena).band, DEDUPE_POSSIBLE);
}

/* Different people who share much, as real stocks have them. */
static const struct trap {
    const char *what;
    struct person a, b;
    enum dedupe_outcome outcome; /* what must be said below obvious; DEDUPE_SAME = nothing in particular */
} traps[] = {
    {"father and son, marked",
     {"Karl", "Koch", OFFICE, .mail = "karl.koch@muster.de"},
     {"Karl jun.", "Koch", OFFICE, .mail = "karl.koch@muster.de"},
     DEDUPE_SAME},
    {"father and son, numbered mailbox",
     {"Karl", "Koch", OFFICE, .mail = "karl.koch@muster.de"},
     {"Karl", "Koch", OFFICE, .mail = "karl.koch2@muster.de"},
     DEDUPE_COLLEAGUE},
    {"father and son, other given names",
     {"Karl", "Koch", OFFICE, .mail = "karl.koch@muster.de"},
     {"Kurt", "Koch", OFFICE, .mail = "kurt.koch@muster.de"},
     DEDUPE_COLLEAGUE},
    {"colleagues with one surname", {"Anna", "Schmidt", OFFICE}, {"Petra", "Schmidt", OFFICE}, DEDUPE_COLLEAGUE},
    {"shared mailbox and switchboard",
     {"Anna", "Vogel", OFFICE, .mail = "info@muster.de"},
     {"Bernd", "Kaiser", OFFICE, .mail = "info@muster.de"},
     DEDUPE_COLLEAGUE},
    {"shared mailbox, no company",
     {"Anna", "Vogel", .mail = "info@muster.de"},
     {"Bernd", "Kaiser", .mail = "info@muster.de"},
     DEDUPE_COLLEAGUE},
    {"a desk's number handed on",
     {"Anna", "Vogel", .phone = "+4993112345678"},
     {"Bernd", "Kaiser", .phone = "+4993112345678"},
     DEDUPE_SAME},
    {"spouses with one mobile",
     {"Anna", "Vogel", .mobile = "+491711234567"},
     {"Bernd", "Vogel", .mobile = "+491711234567"},
     DEDUPE_SAME},
    {"spouses with one mailbox",
     {"Anna", "Vogel", .mail = "vogel@gmx.de"},
     {"Bernd", "Vogel", .mail = "vogel@gmx.de"},
     DEDUPE_SAME},
    {"namesakes elsewhere",
     {"Thomas", "Müller", OFFICE, .mail = "thomas.mueller@muster.de"},
     {"Thomas", "Müller", "Omega AG", "thomas.mueller@omega.ch"},
     DEDUPE_SAME},
    {"namesakes in one company",
     {"Thomas", "Müller", OFFICE, .mobile = "+491711234567"},
     {"Thomas", "Müller", OFFICE, .mobile = "+491759876543"},
     DEDUPE_SAME},
    {"Andrea and Andreas",
     {"Andrea", "Koch", OFFICE, .mail = "koch@muster.de"},
     {"Andreas", "Koch", OFFICE, .mail = "koch@muster.de"},
     DEDUPE_SAME},
    {"two dates of birth",
     {"Anna", "Vogel", .city = "Ulm", .birth = "1971-06-24"},
     {"Anna", "Vogel", .city = "Ulm", .birth = "1989-11-02"},
     DEDUPE_SAME},
};

static void traps_stay_below_obvious(void **state)
{
    struct arena *arena = *state;
    for (size_t i = 0; i < ARRAY_LEN(traps); i++) {
        struct dedupe_verdict verdict = person_score(&traps[i].a, &traps[i].b, arena);
        if (verdict.band == DEDUPE_OBVIOUS || (traps[i].outcome != DEDUPE_SAME && verdict.outcome != traps[i].outcome))
            print_message("%s: %s, %s, %.3f\n", traps[i].what, dedupe_band_words[verdict.band],
                          dedupe_outcome_words[verdict.outcome], verdict.probability);
        assert_int_not_equal(verdict.band, DEDUPE_OBVIOUS);
        if (traps[i].outcome != DEDUPE_SAME)
            assert_int_equal(verdict.outcome, traps[i].outcome);
    }
}

static void who_changed_the_employer_has_moved(void **state)
{
    struct arena *arena = *state;
    static const struct person before = {"Thomas", "Müller", OFFICE, .mail = "thomas.mueller@muster.de",
                                         .mobile = "+491711234567"};
    static const struct person after = {"Thomas", "Müller", "Omega AG", "thomas.mueller@omega.ch",
                                        .mobile = "+491711234567"};
    struct dedupe_verdict verdict = person_score(&before, &after, arena);
    assert_int_equal(verdict.outcome, DEDUPE_MOVED);
    assert_int_equal(verdict.band, DEDUPE_OBVIOUS);
}

static void rare_names_weigh_more_than_common_ones(void **state)
{
    struct arena *arena = *state;
    static const struct person common = {"Thomas", "Müller", "Muster"}, rare = {"Xaveria", "Unterholzinger", "Muster"};
    assert_true(person_score(&rare, &rare, arena).weight > person_score(&common, &common, arena).weight + 2.0);
}

/* Every pair of the tests above, and its mirror. */
static void check_sums(const struct person *a, const struct person *b, struct arena *arena)
{
    struct dedupe_verdict there = person_score(a, b, arena), back = person_score(b, a, arena);
    double sum = 0.0;
    for (size_t i = 0; i < there.n; i++) {
        sum += there.reasons[i].weight;
        assert_true(i == 0 || fabs(there.reasons[i - 1].weight) >= fabs(there.reasons[i].weight));
        assert_true(str_eq(there.reasons[i].field, back.reasons[i].field));
        assert_true(str_eq(there.reasons[i].level, back.reasons[i].level));
        assert_true(str_eq(there.reasons[i].left, back.reasons[i].right));
    }
    assert_true(fabs(sum - there.weight) < 1e-9);
    assert_true(fabs(there.weight - back.weight) < 1e-9);
    assert_true(fabs(there.probability - back.probability) < 1e-12);
    assert_int_equal(there.n, back.n);
    assert_int_equal(there.band, back.band);
    assert_int_equal(there.outcome, back.outcome);
}

static void reasons_sum_to_the_weight_from_both_sides(void **state)
{
    struct arena *arena = *state;
    check_sums(&card, &stored, arena);
    for (size_t i = 0; i < ARRAY_LEN(traps); i++) {
        check_sums(&traps[i].a, &traps[i].b, arena);
        for (size_t j = 0; j < ARRAY_LEN(traps); j++)
            check_sums(&traps[i].a, &traps[j].b, arena);
    }
}

static void reasons_are_sentences_in_both_languages(void **state)
{
    struct arena *arena = *state;
    struct dedupe_reason reason = {STR("email"), STR("same"), 4.6, STR("a@x.de"), STR("a@x.de")};
    assert_text(dedupe_reason_sentence(&reason, "en", arena), "Same e-mail address: a@x.de");
    assert_text(dedupe_reason_sentence(&reason, "de", arena), "Gleiche E-Mail-Adresse: a@x.de");
    reason.left = STR_NONE;
    assert_text(dedupe_reason_sentence(&reason, NULL, arena), "Same e-mail address: (none)");
    reason.level = STR("of_tomorrow");
    assert_text(dedupe_reason_sentence(&reason, "de", arena), "email: of_tomorrow");
    struct dedupe_verdict verdict = {.band = DEDUPE_OBVIOUS, .outcome = DEDUPE_MOVED};
    assert_text(dedupe_verdict_sentence(&verdict, "en", arena),
                "Very likely the same person, now with another employer.");
    for (int band = DEDUPE_NONE; band <= DEDUPE_OBVIOUS; band++) {
        for (int outcome = DEDUPE_DIFFERENT; outcome <= DEDUPE_SAME; outcome++) {
            verdict = (struct dedupe_verdict){.band = (enum dedupe_band)band, .outcome = (enum dedupe_outcome)outcome};
            assert_false(str_empty(dedupe_verdict_sentence(&verdict, "de", arena)));
        }
    }
}

static void reasons_survive_storage_as_json(void **state)
{
    struct arena *arena = *state;
    struct dedupe_verdict verdict = person_score(&card, &stored, arena);
    struct dedupe_reason back;
    struct err err;
    struct str json = json_write(&dedupe_reason_shape, &verdict.reasons[0], arena);
    assert_int_equal(json_read(&dedupe_reason_shape, json, arena, &back, &err), 0);
    assert_true(str_eq(back.level, verdict.reasons[0].level) && str_eq(back.left, verdict.reasons[0].left));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(the_same_person_is_obvious),
        unit_with_arena(slips_of_pen_and_camera_stay_obvious),
        unit_with_arena(a_name_alone_is_never_obvious),
        unit_with_arena(traps_stay_below_obvious),
        unit_with_arena(who_changed_the_employer_has_moved),
        unit_with_arena(rare_names_weigh_more_than_common_ones),
        unit_with_arena(reasons_sum_to_the_weight_from_both_sides),
        unit_with_arena(reasons_are_sentences_in_both_languages),
        unit_with_arena(reasons_survive_storage_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Verdicts: what is obvious, what never is, and that the reasons carry the weight. */
#include "tests/unit/dedupe/people.h"
#include "tests/unit/unit.h"

#include "dedupe/batch.h"
#include "dedupe/explain.h"
#include "dedupe/glance.h"
#include "dedupe/model.h"
#include "dedupe/record.h"
#include "dedupe/steps.h"

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

static void the_best_rival_is_named(void **state)
{
    struct arena *arena = *state;
    static const struct {
        struct person a, b;
        enum dedupe_rival rival;
        bool likelier;
    } rows[] = {
        {{"Anna", "Schmidt", OFFICE, .mail = "anna.schmidt@muster.de"},
         {"Petra", "Kaiser", OFFICE, .mail = "petra.kaiser@muster.de"},
         DEDUPE_RIVAL_COLLEAGUE,
         true},
        {{"Thomas", "Müller", OFFICE, .mail = "thomas.mueller@muster.de"},
         {"Thomas", "Müller", "Omega AG", "thomas.mueller@omega.ch"},
         DEDUPE_RIVAL_NAMESAKE,
         true},
        {{"Karl", "Koch", OFFICE, .mail = "karl.koch@muster.de"},
         {"Karl jun.", "Koch", OFFICE, .mail = "karl.koch2@muster.de"},
         DEDUPE_RIVAL_RELATIVE,
         true},
        {{"Anna", "Vogel", "Alpha AG", "a.vogel@alpha.de", .mobile = "+491711234567"},
         {"Bernd", "Kaiser", "Omega AG", "b.kaiser@omega.ch", .mobile = "+491751234567"},
         DEDUPE_RIVAL_STRANGER,
         true},
        {{"Anna", "Vogel", OFFICE, .mail = "anna.vogel@muster.de"},
         {"Anna", "Vogel", OFFICE, .mail = "anna.vogel@muster.de"},
         DEDUPE_RIVAL_RELATIVE,
         false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct dedupe_verdict verdict = person_score(&rows[i].a, &rows[i].b, arena);
        assert_int_equal(verdict.rival, rows[i].rival);
        assert_int_equal(verdict.rival_bits > 0.0, rows[i].likelier);
    }
    struct dedupe_verdict colleagues = person_score(&rows[0].a, &rows[0].b, arena);
    colleagues.rival_bits = 3.8;
    assert_text(dedupe_rival_sentence(&colleagues, "en", arena),
                "For: Same company and same internet domain; Same number of a switchboard. Against: Different names; "
                "Different e-mail addresses at the same domain. More likely a colleague than the same person (14:1).");
    assert_text(
        dedupe_rival_sentence(&colleagues, "de", arena),
        "Dafür: Gleiche Firma und gleiche Internetdomain; Gleiche Nummer einer Telefonzentrale. Dagegen: "
        "Verschiedene Namen; Verschiedene E-Mail-Adressen derselben Domain. Eher eine Kollegin oder ein Kollege als "
        "dieselbe Person (14:1).");
}

static void the_counterfactual_takes_the_pillar_away(void **state)
{
    struct arena *arena = *state;
    static const struct person before = {"Thomas", "Müller", OFFICE, .mobile = "+491711234567"};
    static const struct person after = {"Thomas", "Müller", "Omega AG", .mobile = "+491711234567"};
    struct dedupe_verdict verdict = person_score(&before, &after, arena);
    struct str sentence = dedupe_counterfactual_sentence(&verdict, "en", arena);
    assert_true(str_starts(sentence, STR("Without “Same mobile number” it would be ")));
    verdict = (struct dedupe_verdict){.prior = 0.0, .weight = 4.0, .n = 1};
    verdict.reasons[0] = (struct dedupe_reason){.field = STR("mobile"), .level = STR("same"), .weight = 4.0};
    assert_text(dedupe_counterfactual_sentence(&verdict, "de", arena),
                "Ohne „Gleiche Mobilnummer“ wären es 54 % statt 96 %.");
    verdict.n = 0;
    assert_true(str_empty(dedupe_counterfactual_sentence(&verdict, "de", arena)));
    struct dedupe_reason name = {.rarity = 2.06};
    assert_text(dedupe_rarity_sentence(&name, "en", arena), "The names are rarer than most (+2.1 bits).");
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

/* People made of a few parts each, so that every level comes up. */
static struct person anybody(uint32_t *state)
{
    static const char *const given[] = {"Anna", "Anne", "A.", "Hans Peter", "Peter", "Bob", "Robert", NULL};
    static const char *const family[] = {"Vogel", "Fogel",  "Schmidt-Lehmann", "Lehmann",
                                         "Peter", "Müller", "Hofstetter jun.", NULL};
    static const char *const company[] = {"Muster GmbH", "Muster Maschinenbau", "MM AG", "Alpha", NULL, NULL, NULL,
                                          NULL};
    static const char *const mail[] = {"anna.vogel@muster.de",
                                       "vogel@muster.de",
                                       "info@muster.de",
                                       "anna.vogel2@muster.de",
                                       "peter@gmx.de",
                                       "anna.vogel@alpha.de",
                                       NULL,
                                       NULL};
    static const char *const phone[] = {"+4993112345678", "+4993112345679", "+49931123450", NULL};
    static const char *const mobile[] = {"+491711234567", "+491711234568", NULL, NULL};
    static const char *const city[] = {"Ulm", "Würzburg", NULL, NULL};
    uint32_t r[8];
    for (size_t i = 0; i < ARRAY_LEN(r); i++) {
        *state = *state * 1664525u + 1013904223u;
        r[i] = *state >> 20;
    }
    return (struct person){
        given[r[0] % 8], family[r[1] % 8], company[r[2] % 8],      mail[r[3] % 8],
        phone[r[4] % 4], mobile[r[5] % 4], .city = city[r[6] % 4], .birth = r[7] % 8 == 0 ? "1971-06-24" : NULL};
}

static void random_people_weigh_what_their_reasons_say(void **state)
{
    struct arena *arena = *state;
    uint32_t random = 1;
    const struct dedupe_model *model = dedupe_model_for(1000000, arena);
    const struct dedupe_scorer *scorer = dedupe_scorer_new(model, arena);
    for (size_t round = 0; round < 4000; round++) {
        struct person a = anybody(&random), b = anybody(&random);
        struct dedupe_record *left = person_record(&a, arena), *right = person_record(&b, arena);
        struct dedupe_verdict there, back;
        double sum = 0.0, weight = 0.0;
        dedupe_score(model, left, right, arena, &there);
        dedupe_score(model, right, left, arena, &back);
        for (size_t i = 0; i < there.n; i++)
            sum += there.reasons[i].weight;
        assert_true(fabs(sum - there.weight) < 1e-9);
        assert_true(fabs(there.weight - back.weight) < 1e-9);
        assert_true(fabs(dedupe_weigh(scorer, left, right, &weight) - there.probability) < 1e-9);
        assert_true(fabs(weight - there.weight) < 1e-9);
        assert_true(there.band != DEDUPE_OBVIOUS || there.probability > 0.9);
        /* the rival is one of those who are not one person, and the same from both sides */
        double odds = dedupe_calibrated(there.prior + there.weight);
        assert_true(fabs(1.0 / (1.0 + exp2(-odds)) - there.probability) < 1e-9 || there.n == 0);
        assert_true(there.rival_bits <= 1e-9 - odds && there.rival_bits >= -odds - 2.0 - 1e-9);
        assert_true(there.rival == back.rival && fabs(there.rival_bits - back.rival_bits) < 1e-9);
    }
}

/* A glance may take strangers for promising, but never the other way round, whatever the weights. */
static void a_glance_never_loses_a_pair(void **state)
{
    struct arena *arena = *state;
    static const double leasts[] = {0.01, 0.05, 0.5, 0.95};
    uint32_t random = 11;
    size_t promising = 0, passed = 0;
    struct dedupe_model *odd = arena_one(arena, struct dedupe_model);
    *odd = *dedupe_model_default();
    for (size_t i = 1; i < DEDUPE_LEVELS; i++) /* weights in no order at all */
        odd->bits[i] = (double)(i * 7919 % 23) - 11.0;
    const struct dedupe_model *models[] = {dedupe_model_for(1000000, arena), odd};
    for (size_t round = 0; round < 6000; round++) {
        struct person a = anybody(&random), b = anybody(&random);
        struct dedupe_record *left = person_record(&a, arena), *right = person_record(&b, arena);
        const struct dedupe_model *model = models[round & 1];
        double weight, least = leasts[round % 4];
        struct dedupe_glance glances[2];
        dedupe_glance_at(left, &glances[0]);
        dedupe_glance_at(right, &glances[1]);
        bool found = dedupe_promising(dedupe_bounds_new(model, least, arena), &glances[0], &glances[1]);
        bool right_way = dedupe_weigh(dedupe_scorer_new(model, arena), left, right, &weight) < least || found;
        if (!right_way)
            print_message("round %zu: %.3f bits\n", round, weight);
        assert_true(right_way);
        promising += found;
        passed++;
    }
    assert_true(promising < passed * 9 / 10); /* it does sort out */
}

/* A pool changes what a record shares, not what it says. */
static void pooled_records_weigh_the_same(void **state)
{
    struct arena *arena = *state;
    uint32_t random = 7;
    struct dedupe_pool *pool = dedupe_pool_new(arena);
    const struct dedupe_scorer *scorer = dedupe_scorer_new(dedupe_model_default(), arena);
    for (size_t round = 0; round < 1500; round++) {
        struct person a = anybody(&random), b = anybody(&random);
        struct dedupe_record *left = person_record(&a, arena), *right = person_record(&b, arena);
        struct dedupe_record *lean_left = dedupe_prepare_lean(pool, left->contact);
        struct dedupe_record *lean_right = dedupe_prepare_lean(pool, right->contact);
        double weight, lean;
        dedupe_set_birth(lean_left, str_c(a.birth));
        dedupe_set_birth(lean_right, str_c(b.birth));
        assert_true(fabs(dedupe_weigh(scorer, left, right, &weight) -
                         dedupe_weigh(scorer, lean_left, lean_right, &lean)) < 1e-12);
        assert_true(fabs(weight - lean) < 1e-12);
        uint64_t hashes[DEDUPE_HASHES_MAX], lean_hashes[DEDUPE_HASHES_MAX];
        size_t n = dedupe_match_hashes(left, hashes);
        assert_int_equal(n, dedupe_match_hashes(lean_left, lean_hashes));
        assert_memory_equal(hashes, lean_hashes, n * sizeof hashes[0]);
    }
    dedupe_pool_done(pool);
}

/* By the name alone two are less likely one among a million; what ties them otherwise counts as before. */
static void a_big_stock_has_more_namesakes(void **state)
{
    struct arena *arena = *state;
    static const struct person here = {"Anna", "Vogel", "Muster GmbH", .mobile = "+491711234567"};
    static const struct person elsewhere = {"Anna", "Vogel", "Alpha AG"},
                               moved = {"Anna", "Vogel", "Alpha AG", .mobile = "+491711234567"};
    const struct dedupe_scorer *small = dedupe_scorer_new(dedupe_model_for(1000, arena), arena);
    const struct dedupe_scorer *big = dedupe_scorer_new(dedupe_model_for(1000000, arena), arena);
    double less, more;
    (void)dedupe_weigh(small, person_record(&here, arena), person_record(&elsewhere, arena), &more);
    (void)dedupe_weigh(big, person_record(&here, arena), person_record(&elsewhere, arena), &less);
    assert_true(fabs(more - less - log2(10.0)) < 1e-9);
    (void)dedupe_weigh(small, person_record(&here, arena), person_record(&moved, arena), &more);
    (void)dedupe_weigh(big, person_record(&here, arena), person_record(&moved, arena), &less);
    assert_true(fabs(more - less) < 1e-12);
}

static void calibration_changes_no_order_and_goes_back(void **state)
{
    double last = -INFINITY;
    (void)state;
    for (double bits = -40.0; bits <= 40.0; bits += 0.01) {
        double odds = dedupe_calibrated(bits);
        assert_true(odds > last);
        assert_true(fabs(dedupe_uncalibrated(odds) - bits) < 1e-9);
        last = odds;
    }
}

static bool step_is(const struct json_list *steps, size_t i, const char *word, const char *text)
{
    const struct dedupe_step *step = steps->items;
    return i < steps->n && str_eq(step[i].step, str_c(word)) && str_eq(step[i].text, str_c(text));
}

static void steps_tell_what_was_done_to_a_value(void **state)
{
    struct arena *arena = *state;
    static const struct person a = {"Dr. J\xc3\xb6rg", "von M\xc3\xbcller", .company = "M\xc3\xbcller Maschinenb. GmbH",
                                    .mail = "Joerg.Mueller@mueller.de", .phone = "+4993112345678"};
    static const struct person b = {"jorg", "muller", .company = "Muller Maschinenbau",
                                    .mail = "joerg.mueller@mueller.de", .phone = "+4993112345678"};
    struct dedupe_verdict verdict;
    const struct dedupe_record *one = person_record(&a, arena), *other = person_record(&b, arena);
    dedupe_score(dedupe_model_default(), one, other, arena, &verdict);
    dedupe_steps(&verdict, one, other, arena);
    int seen = 0;
    for (size_t i = 0; i < verdict.n; i++) {
        const struct dedupe_reason *reason = &verdict.reasons[i];
        const struct json_list *steps = &reason->left_steps;
        if (str_eq(reason->field, STR("name"))) {
            seen++;
            assert_true(step_is(steps, 0, "fold", "dr joerg von mueller"));
            assert_true(step_is(steps, 1, "parts", "joerg mueller"));
            assert_true(step_is(steps, 2, "plain", "jorg muller"));
            assert_int_equal(reason->right_steps.n, 0);
            struct str said = dedupe_step_sentence((const struct dedupe_step *)steps->items + 1, "de", arena);
            assert_true(str_eq(said, STR("ohne Titel und Zus\xc3\xa4tze, in fester Folge: joerg mueller")));
        }
        if (str_eq(reason->field, STR("email"))) {
            seen++;
            assert_true(step_is(steps, 0, "fold", "joerg.mueller@mueller.de"));
            assert_true(step_is(steps, 1, "mailbox", "jorgmuller"));
        }
        if (str_eq(reason->field, STR("phone"))) {
            seen++;
            assert_true(step_is(steps, 0, "number", "4993112345678"));
        }
    }
    assert_int_equal(seen, 3);
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
        unit_with_arena(the_best_rival_is_named),
        unit_with_arena(the_counterfactual_takes_the_pillar_away),
        unit_with_arena(reasons_survive_storage_as_json),
        unit_with_arena(calibration_changes_no_order_and_goes_back),
        unit_with_arena(steps_tell_what_was_done_to_a_value),
        unit_with_arena(random_people_weigh_what_their_reasons_say),
        unit_with_arena(a_glance_never_loses_a_pair),
        unit_with_arena(pooled_records_weigh_the_same),
        unit_with_arena(a_big_stock_has_more_namesakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

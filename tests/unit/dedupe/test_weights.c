/* Weights: the same after writing and reading, what is refused, and what decisions teach. */
#include "tests/unit/dedupe/people.h"
#include "tests/unit/unit.h"

#include "dedupe/model.h"
#include "dedupe/weights/weights.h"

#include <math.h>
#include <string.h>

static void written_weights_are_read_again(void **state)
{
    struct arena *arena = *state;
    const struct dedupe_model *read = NULL;
    struct err err;
    struct str text = dedupe_weights_write(dedupe_model_default(), arena);
    assert_int_equal(dedupe_weights_read(text, arena, &read, &err), 0);
    for (size_t i = 0; i < DEDUPE_LEVELS; i++)
        assert_true(fabs(read->bits[i] - dedupe_model_default()->bits[i]) < 5e-5);
    struct str again = dedupe_weights_write(read, arena);
    assert_true(str_eq(text, again));
}

static void what_is_no_weights_is_refused(void **state)
{
    struct arena *arena = *state;
#define HEAD                                                                                                           \
    "\"prior\":-3,\"possible\":0.1,\"obvious\":0.97,\"moved\":0.9,\"family_frequency\":0.5,\"given_frequency\":0.3,"
    static const struct {
        const char *text, *pointer;
    } rows[] = {
        {"", ""},
        {"[]", ""},
        {"{\"format\":2,\"basis\":1," HEAD "\"weights\":[]}", "/format"},
        {"{\"format\":1,\"basis\":0," HEAD "\"weights\":[]}", "/basis"},
        {"{\"format\":1,\"basis\":1," HEAD "\"weights\":[],\"surprise\":1}", ""},
        {"{\"format\":1,\"basis\":1,\"decisions\":-1," HEAD "\"weights\":[]}", "/decisions"},
        {"{\"format\":1,\"basis\":1," HEAD "\"weights\":[{\"field\":\"name\",\"level\":\"none\",\"bits\":1}]}",
         "/weights/0"},
        {"{\"format\":1,\"basis\":1," HEAD "\"weights\":[{\"field\":\"name\",\"level\":\"same\",\"bits\":41}]}",
         "/weights/0"},
        {"{\"format\":1,\"basis\":1," HEAD "\"weights\":[{\"field\":\"name\",\"level\":\"same\",\"bits\":1},"
         "{\"field\":\"name\",\"level\":\"same\",\"bits\":1}]}",
         "/weights/1"},
        {"{\"format\":1,\"basis\":1,\"prior\":-3,\"possible\":0.98,\"obvious\":0.97,\"moved\":0.9,\"family_frequency\":"
         "0.5,\"given_frequency\":0.3,\"weights\":[]}",
         "/possible"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct dedupe_model *read = NULL;
        struct err err = {0};
        assert_int_equal(dedupe_weights_read(str_c(rows[i].text), arena, &read, &err), -1);
        assert_null(read);
        if (rows[i].pointer[0])
            assert_string_equal(err.pointer, rows[i].pointer);
    }
    const struct dedupe_model *read = NULL;
    struct err err;
    assert_int_equal(dedupe_weights_read(STR("{\"format\":1,\"basis\":1," HEAD "\"weights\":[]}"), arena, &read, &err),
                     0);
    assert_true(read->bits[DEDUPE_EMAIL_SAME] == dedupe_model_default()->bits[DEDUPE_EMAIL_SAME]);
}

/* An organisation where one number rings for many: pairs of `n` people whose mobiles agree, `odd` of every ten of
 * which are two people. */
static size_t decide(struct dedupe_decision *decisions, size_t n, size_t odd, struct arena *arena)
{
    static const char *const given[] = {"Anna", "Bernd", "Clara", "Dieter", "Eva", "Falk", "Gerda", "Hugo"};
    static const char *const family[] = {"Vogel", "Kaiser", "Hofer", "Lehner", "Unterholzinger", "Baumgart", "Seidl"};
    for (size_t i = 0; i < n; i++) {
        bool same = i % 10 >= odd;
        const char *mobile = str_z(arena, str_printf(arena, "+4917112%05zu", i));
        struct person a = {given[i % 8], family[i / 8 % 7], "Muster GmbH", .mobile = mobile}, b = a;
        b.given = same ? a.given : given[(i + 1) % 8];
        decisions[i] = (struct dedupe_decision){person_record(&a, arena), person_record(&b, arena), same};
    }
    return n;
}

static void decisions_move_the_weights_their_way(void **state)
{
    struct arena *arena = *state;
    enum { MANY = 600 };
    struct dedupe_decision decisions[MANY], mirrored[MANY];
    struct dedupe_lesson lesson, other;
    const struct dedupe_model *prior = dedupe_model_default();
    size_t n = decide(decisions, MANY, 5, arena);
    /* Where colleagues share a number, another given name says more against one person than it does elsewhere. */
    const struct dedupe_model *learned = dedupe_weights_learn(prior, decisions, n, arena, &lesson);
    assert_true(lesson.freedom > 0.0 && lesson.surprise_after < lesson.surprise_before);
    assert_int_equal(lesson.same + lesson.different, MANY);
    assert_int_equal(learned->decisions, MANY);
    assert_true(learned->bits[DEDUPE_NAME_GIVEN_OTHER] < prior->bits[DEDUPE_NAME_GIVEN_OTHER]);
    assert_true(learned->bits[DEDUPE_BIRTH_SAME] == prior->bits[DEDUPE_BIRTH_SAME]); /* nobody decided about it */
    for (size_t i = 0; i < n; i++)
        mirrored[n - 1 - i] = (struct dedupe_decision){decisions[i].right, decisions[i].left, decisions[i].same};
    const struct dedupe_model *again = dedupe_weights_learn(prior, mirrored, n, arena, &other);
    assert_true(str_eq(dedupe_weights_write(learned, arena), dedupe_weights_write(again, arena)));
}

static void few_or_one_sided_decisions_change_nothing(void **state)
{
    struct arena *arena = *state;
    struct dedupe_decision decisions[40];
    struct dedupe_lesson lesson;
    const struct dedupe_model *prior = dedupe_model_default();
    struct str before = dedupe_weights_write(prior, arena);
    static const size_t cases[][2] = {{0, 0}, {12, 5}, {40, 0}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t n = decide(decisions, cases[i][0], cases[i][1], arena);
        const struct dedupe_model *learned = dedupe_weights_learn(prior, decisions, n, arena, &lesson);
        assert_true(lesson.freedom <= 0.0 && str_empty(lesson.field));
        assert_true(str_eq(before, dedupe_weights_write(learned, arena)));
    }
}

/* Answers that have nothing to do with the records must not be learned. */
static void answers_at_random_change_nothing_much(void **state)
{
    struct arena *arena = *state;
    struct dedupe_decision decisions[400];
    struct dedupe_lesson lesson;
    size_t n = decide(decisions, 400, 5, arena);
    const struct dedupe_model *learned = dedupe_weights_learn(dedupe_model_default(), decisions, n, arena, &lesson);
    double wise = lesson.surprise_after;
    uint32_t random = 5;
    for (size_t i = 0; i < n; i++) {
        random = random * 1664525u + 1013904223u;
        decisions[i].same = random >> 31;
    }
    learned = dedupe_weights_learn(dedupe_model_default(), decisions, n, arena, &lesson);
    assert_non_null(learned);
    assert_true(wise < 0.9 && lesson.surprise_after > 0.97); /* no rule predicts a coin */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(written_weights_are_read_again),
        unit_with_arena(what_is_no_weights_is_refused),
        unit_with_arena(decisions_move_the_weights_their_way),
        unit_with_arena(few_or_one_sided_decisions_change_nothing),
        unit_with_arena(answers_at_random_change_nothing_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The tables of states.def hold together. */
#include "tests/unit/unit.h"

#include "flow/states.h"

static const enum flow_machine machines[] = {FLOW_SCAN, FLOW_CONTACT, FLOW_WRITE_BACK,
                                             FLOW_JOB,  FLOW_RULES,   FLOW_BATCH};

struct move {
    const char *from, *event, *to;
};

static const struct move allowed[] = {
#define STATE(...)
#define MOVE(machine, from, event, to, en, de) {#from, #event, #to},
#include "flow/states.def"
#undef MOVE
};
static const struct move sentences[] = {
#define MOVE(machine, from, event, to, en, de) {en, #machine, de},
#include "flow/states.def"
#undef MOVE
#undef STATE
};

static void every_step_leads_from_a_state_to_a_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(allowed); i++) {
        bool known = false;
        for (size_t m = 0; m < ARRAY_LEN(machines); m++) {
            int from = flow_state_of(machines[m], str_c(allowed[i].from)), to;
            known = known || (from >= 0 && flow_state_move(machines[m], from, allowed[i].event, &to) && to >= 0);
        }
        assert_true(known);
    }
}

static void every_step_has_sentences_in_two_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
        assert_true(strlen(sentences[i].from) > 4 && strlen(sentences[i].to) > 4);
        assert_string_not_equal(sentences[i].from, sentences[i].to);
    }
}

static void nothing_uncertain_is_ever_sent_without_a_look(void **state)
{
    (void)state;
    int to;
    assert_false(flow_state_move(FLOW_WRITE_BACK, FLOW_WRITE_BACK_uncertain, "send", &to));
    assert_false(flow_state_move(FLOW_WRITE_BACK, FLOW_WRITE_BACK_uncertain, "resume", &to));
    assert_false(flow_state_move(FLOW_WRITE_BACK, FLOW_WRITE_BACK_sending, "send", &to));
    assert_true(flow_state_move(FLOW_WRITE_BACK, FLOW_WRITE_BACK_uncertain, "look_absent", &to));
    assert_int_equal(to, FLOW_WRITE_BACK_intent);
}

/* Every state of a machine can be come to from its first one. */
static void no_state_is_an_island(void **state)
{
    (void)state;
    for (size_t m = 0; m < ARRAY_LEN(machines); m++) {
        const char *const *words = flow_state_words(machines[m]);
        bool reached[16] = {true};
        for (int round = 0; round < 16; round++)
            for (size_t i = 0; i < ARRAY_LEN(allowed); i++) {
                int from = flow_state_of(machines[m], str_c(allowed[i].from)), to;
                if (from >= 0 && reached[from] && flow_state_move(machines[m], from, allowed[i].event, &to))
                    reached[to] = true;
            }
        for (int i = 0; words[i]; i++)
            assert_true(reached[i]);
    }
}

static void an_unknown_word_is_no_state(void **state)
{
    (void)state;
    assert_int_equal(flow_state_of(FLOW_SCAN, STR("lost")), -1);
    assert_int_equal(flow_state_of(FLOW_SCAN, STR_NONE), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_leads_from_a_state_to_a_state),
        cmocka_unit_test(every_step_has_sentences_in_two_languages),
        cmocka_unit_test(nothing_uncertain_is_ever_sent_without_a_look),
        cmocka_unit_test(no_state_is_an_island),
        cmocka_unit_test(an_unknown_word_is_no_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

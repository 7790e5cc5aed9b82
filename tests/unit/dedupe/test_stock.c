/* Pairs of a whole stock: the strongest first, the same with any number of threads, and all that scoring pair by pair
 * finds. */
#include "dedupe/stock/weigher.h"
#include "tests/unit/unit.h"

enum { PEOPLE = 300, RECORDS = 2 * PEOPLE };

struct made {
    struct arena *arena;
    const struct dedupe_record *records[RECORDS];
    struct dedupe_glance glances[RECORDS];
};

static const char *const given[] = {"Anna", "Bernd", "Clara", "Dieter", "Elif", "Frank", "Greta", "Hannes", "Ines"};
static const char *const family[] = {"Wackernagel", "Zwiebelturm", "Abendroth", "Kesselflicker", "Vogelsang",
                                     "Dornhecker",  "Übelacker",   "Rosshaupt", "Quittenbaum",   "Nachtigall"};

/* Everybody is there twice: with the same mailbox, once without the mobile. */
static void make(struct made *made)
{
    made->arena = arena_new(SIZE_MAX);
    struct dedupe_pool *pool = dedupe_pool_new(made->arena);
    for (size_t i = 0; i < RECORDS; i++) {
        size_t who = i % PEOPLE;
        const char *first = given[who % ARRAY_LEN(given)], *last = family[who / 7 % ARRAY_LEN(family)];
        struct contact_value *values = arena_array(made->arena, 2, sizeof *values);
        values[0].value = str_printf(made->arena, "%c%zu@firma%zu.example", first[0] | 0x20, who, who % 37);
        values[0].kind = -1;
        values[1] =
            (struct contact_value){.value = str_printf(made->arena, "+4917112%05zu", who * 31), .kind = CONTACT_MOBILE};
        const struct contact contact = {.given_name = str_c(first),
                                        .family_name = str_c(last),
                                        .organization = str_printf(made->arena, "Firma %zu GmbH", who % 37),
                                        .emails = {&values[0], 1},
                                        .phones = {&values[1], i < PEOPLE ? 1 : 0}};
        made->records[i] = dedupe_prepare_lean(pool, &contact);
        dedupe_glance_at(made->records[i], &made->glances[i]);
    }
    dedupe_pool_done(pool);
}

static struct dedupe_scored_list find(struct made *made, double least, unsigned threads)
{
    const struct dedupe_stock stock = {made->records, RECORDS, 0};
    const struct dedupe_weighing weighing = {&stock, made->glances, dedupe_model_for(RECORDS, made->arena), least,
                                             threads};
    struct dedupe_scored_list found;
    dedupe_stock_pairs(&weighing, made->arena, &found);
    return found;
}

static void test_threads_change_nothing(void **state)
{
    struct made *made = *state;
    struct dedupe_scored_list one = find(made, 0.3, 1);
    assert_true(one.n >= PEOPLE);
    for (unsigned threads = 2; threads <= 5; threads++) {
        struct dedupe_scored_list many = find(made, 0.3, threads);
        assert_int_equal(many.n, one.n);
        assert_memory_equal(many.items, one.items, one.n * sizeof *one.items);
    }
}

static void test_strongest_first_and_nothing_below(void **state)
{
    struct dedupe_scored_list found = find(*state, 0.6, 2);
    for (size_t i = 0; i < found.n; i++) {
        assert_true(found.items[i].left < found.items[i].right);
        assert_true(found.items[i].probability >= 0.6F);
        assert_true(i == 0 || found.items[i - 1].weight >= found.items[i].weight);
    }
}

/* Those who are there twice are found, each with the weight that scoring the two by themselves gives. */
static void test_twins_as_scored_alone(void **state)
{
    struct made *made = *state;
    const struct dedupe_scorer *scorer = dedupe_scorer_new(dedupe_model_for(RECORDS, made->arena), made->arena);
    struct dedupe_scored_list found = find(made, 0.3, 3);
    size_t twins = 0;
    for (size_t i = 0; i < found.n; i++) {
        const struct dedupe_scored *pair = &found.items[i];
        double weight;
        double probability = dedupe_weigh(scorer, made->records[pair->left], made->records[pair->right], &weight);
        assert_true((float)probability == pair->probability && (float)weight == pair->weight);
        twins += pair->right - pair->left == PEOPLE;
    }
    assert_int_equal(twins, PEOPLE);
}

static int setup(void **state)
{
    struct made *made = calloc(1, sizeof *made);
    assert_non_null(made);
    make(made);
    *state = made;
    return 0;
}

static int teardown(void **state)
{
    struct made *made = *state;
    arena_free(made->arena);
    free(made);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_threads_change_nothing),
                                       cmocka_unit_test(test_strongest_first_and_nothing_below),
                                       cmocka_unit_test(test_twins_as_scored_alone)};
    return cmocka_run_group_tests(tests, setup, teardown);
}

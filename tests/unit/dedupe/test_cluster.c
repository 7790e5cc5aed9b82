/* Groups from scored pairs. */
#include "tests/unit/unit.h"

#include "dedupe/cluster.h"

static void groups_are_named_by_their_least_record(void **state)
{
    (void)state;
    struct dedupe_edge edges[] = {{4, 2, 0.9}, {2, 5, 0.8}, {4, 5, 0.9}, {1, 3, 0.99}};
    uint32_t got[6];
    static const uint32_t want[6] = {0, 1, 2, 1, 2, 2};
    dedupe_cluster(edges, ARRAY_LEN(edges), 6, 0.5, got);
    assert_memory_equal(got, want, sizeof want);
}

static void one_false_edge_does_not_glue_two_groups(void **state)
{
    (void)state;
    struct dedupe_edge edges[] = {{0, 1, 0.99}, {0, 2, 0.99}, {1, 2, 0.99}, {3, 4, 0.99},
                                  {3, 5, 0.99}, {4, 5, 0.99}, {2, 3, 0.97}};
    uint32_t got[6];
    static const uint32_t want[6] = {0, 0, 0, 3, 3, 3};
    dedupe_cluster(edges, ARRAY_LEN(edges), 6, 0.5, got);
    assert_memory_equal(got, want, sizeof want);
}

static void a_group_with_many_edges_is_joined(void **state)
{
    (void)state;
    struct dedupe_edge edges[] = {{0, 1, 0.99}, {2, 3, 0.99}, {0, 2, 0.9}, {0, 3, 0.9}, {1, 2, 0.9}};
    uint32_t got[4];
    static const uint32_t want[4] = {0, 0, 0, 0};
    dedupe_cluster(edges, ARRAY_LEN(edges), 4, 0.5, got);
    assert_memory_equal(got, want, sizeof want);
}

/* Two records that people told apart never meet, not even by way of a third or of whole groups. */
static void what_is_never_one_stays_apart(void **state)
{
    (void)state;
    struct dedupe_edge edges[] = {{0, 1, 0.99}, {1, 2, 0.98}, {0, 2, DEDUPE_NEVER}, {2, 3, 0.975}, {1, 3, 0.97}};
    uint32_t got[4];
    static const uint32_t want[4] = {0, 0, 2, 2};
    dedupe_cluster(edges, ARRAY_LEN(edges), 4, 0.1, got);
    assert_memory_equal(got, want, sizeof want);
}

static void the_threshold_is_kept(void **state)
{
    (void)state;
    struct dedupe_edge edges[] = {{0, 1, 0.69}};
    uint32_t got[2];
    dedupe_cluster(edges, 1, 2, 0.7, got);
    assert_int_equal(got[1], 1);
    dedupe_cluster(edges, 1, 2, 0.69, got);
    assert_int_equal(got[1], 0);
}

static void without_edges_each_stands_alone(void **state)
{
    (void)state;
    uint32_t got[3];
    static const uint32_t want[3] = {0, 1, 2};
    dedupe_cluster(NULL, 0, 3, 0.5, got);
    assert_memory_equal(got, want, sizeof want);
    dedupe_cluster(NULL, 0, 0, 0.5, got);
}

static void the_order_of_edges_does_not_matter(void **state)
{
    (void)state;
    struct dedupe_edge edges[] = {{0, 1, 0.8}, {1, 2, 0.8}, {2, 3, 0.8}, {0, 3, 0.6}, {0, 2, 0.4}};
    uint32_t first[4], again[4];
    dedupe_cluster(edges, ARRAY_LEN(edges), 4, 0.5, first);
    for (size_t i = 0; i < ARRAY_LEN(edges) / 2; i++) {
        struct dedupe_edge swap = edges[i];
        edges[i] = edges[ARRAY_LEN(edges) - 1 - i];
        edges[ARRAY_LEN(edges) - 1 - i] = swap;
    }
    dedupe_cluster(edges, ARRAY_LEN(edges), 4, 0.5, again);
    assert_memory_equal(first, again, sizeof first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_named_by_their_least_record),
        cmocka_unit_test(one_false_edge_does_not_glue_two_groups),
        cmocka_unit_test(a_group_with_many_edges_is_joined),
        cmocka_unit_test(what_is_never_one_stays_apart),
        cmocka_unit_test(the_threshold_is_kept),
        cmocka_unit_test(without_edges_each_stands_alone),
        cmocka_unit_test(the_order_of_edges_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

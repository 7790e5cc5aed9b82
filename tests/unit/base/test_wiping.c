/* Memory that is wiped when it is given back: what is kept stays as it was. */
#include "tests/unit/unit.h"

#include "base/wiping.h"

static void what_grows_or_shrinks_keeps_its_bytes(void **state)
{
    char *p = wiping_realloc(NULL, 16);
    (void)state;
    memcpy(p, "0123456789abcdef", 16);
    p = wiping_realloc(p, 100000);
    assert_memory_equal(p, "0123456789abcdef", 16);
    p = wiping_realloc(p, 8);
    assert_memory_equal(p, "01234567", 8);
    wiping_free(p);
    wiping_free(NULL);
}

/* The allocator gives the block that was freed last first: it is looked at as it comes back. */
static void what_is_given_back_is_empty(void **state)
{
    enum { SIZE = 200, LINKS = 32 /* bytes that the allocator itself writes into free blocks */ };
    char *p = malloc(SIZE);
    (void)state;
    memset(p, 'x', SIZE);
    wiping_free(p);
    char *again = malloc(SIZE);
    for (int i = LINKS; i < SIZE; i++)
        assert_int_not_equal(again[i], 'x');
    free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_grows_or_shrinks_keeps_its_bytes),
        cmocka_unit_test(what_is_given_back_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

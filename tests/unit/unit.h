/* What every unit test includes: cmocka in the order it wants, and the names of ours that tests use most. */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above. */
#include <cmocka.h>

#include "base/err.h"
#include "base/str.h"

/* An arena for one test: `struct arena *arena = *state;` with these as setup and teardown of the group or test. */
static inline int unit_arena_setup(void **state)
{
    *state = arena_new((size_t)64 * 1024 * 1024);
    return 0;
}

static inline int unit_arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* Compares a text with a literal and shows both when they differ. */
#define assert_text(actual, literal)                                                                                   \
    do {                                                                                                               \
        struct str unit_text_ = (actual);                                                                              \
        assert_non_null(unit_text_.p);                                                                                 \
        assert_int_equal(unit_text_.n, strlen(literal));                                                               \
        assert_memory_equal(unit_text_.p, (literal), unit_text_.n);                                                    \
    } while (0)

#define unit_with_arena(f) cmocka_unit_test_setup_teardown(f, unit_arena_setup, unit_arena_teardown)

#endif

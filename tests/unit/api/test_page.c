/* Cursors: only ours, only for the query and the person they were made for, only for a day. */
#include "tests/unit/unit.h"

#include "api/page.h"
#include "base/clock.h"

static const struct crypto_key key = {"0123456789abcdef0123456789abcde"};

static void a_cursor_comes_back(void **state)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct str after, cursor = api_cursor_write(&key, STR("q"), STR("pos\x01ition"), clock_now_ms() + 1000, arena);
    struct err err;
    (void)state;
    assert_int_equal(api_cursor_read(&key, STR("q"), cursor, arena, &after, &err), 0);
    assert_text(after, "pos\x01ition");
}

static enum err_code judge(const struct crypto_key *k, struct str context, struct str cursor, struct arena *arena)
{
    struct str after;
    struct err err = {.code = ERR_NONE};
    return api_cursor_read(k, context, cursor, arena, &after, &err) < 0 ? err.code : ERR_NONE;
}

static void foreign_changed_and_old_cursors_are_refused(void **state)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct str good = api_cursor_write(&key, STR("q"), STR("position"), clock_now_ms() + 1000, arena);
    struct str old = api_cursor_write(&key, STR("q"), STR("position"), clock_now_ms() - 1, arena);
    struct crypto_key other = key;
    (void)state;
    other.b[0] ^= 1;
    assert_int_equal(judge(&key, STR("q"), good, arena), ERR_NONE);
    assert_int_equal(judge(&key, STR("q2"), good, arena), ERR_BAD_CURSOR);
    assert_int_equal(judge(&other, STR("q"), good, arena), ERR_BAD_CURSOR);
    assert_int_equal(judge(&key, STR("q"), old, arena), ERR_BAD_CURSOR);
    assert_int_equal(judge(&key, STR("q"), STR(""), arena), ERR_BAD_CURSOR);
    assert_int_equal(judge(&key, STR("q"), STR("!!"), arena), ERR_BAD_CURSOR);
    for (size_t i = 0; i < good.n; i++) {
        char *p = str_z(arena, good);
        p[i] = p[i] == 'A' ? 'Q' : 'A';
        assert_int_equal(judge(&key, STR("q"), (struct str){p, good.n}, arena), ERR_BAD_CURSOR);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cursor_comes_back),
        cmocka_unit_test(foreign_changed_and_old_cursors_are_refused),
    };
    return cmocka_run_group_tests_name("api page", tests, NULL, NULL);
}

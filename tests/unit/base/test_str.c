/* Text, UTF-8, identifiers, time and errors. */
#include "tests/unit/unit.h"

#include "base/clock.h"
#include "base/id.h"

static void split_returns_empty_pieces(void **state)
{
    (void)state;
    struct str rest = STR("a,,b,"), piece;
    static const char *const want[] = {"a", "", "b", ""};
    for (size_t i = 0; i < 4; i++) {
        assert_true(str_split(&rest, ',', &piece));
        assert_text(piece, want[i]);
    }
    assert_false(str_split(&rest, ',', &piece));
}

static void numbers_have_bounds(void **state)
{
    (void)state;
    int64_t n;
    assert_true(str_to_int(STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &n) && n == INT64_MIN);
    assert_false(str_to_int(STR("9223372036854775808"), INT64_MIN, INT64_MAX, &n));
    assert_false(str_to_int(STR(""), 0, 9, &n) || str_to_int(STR("-"), -9, 9, &n) || str_to_int(STR("1 "), 0, 9, &n));
    assert_false(str_to_int(STR("10"), 0, 9, &n));
}

static void absent_and_empty_differ(void **state)
{
    (void)state;
    assert_true(str_eq(STR_NONE, STR_NONE));
    assert_false(str_eq(STR_NONE, STR("")));
    assert_true(str_eq(str_trim(STR(" \t x\r\n")), STR("x")));
    assert_int_equal(str_cmp(STR("ab"), STR("abc")), -1);
}

static void words_have_places(void **state)
{
    (void)state;
    static const char *const words[] = {"same", "different", NULL};
    assert_int_equal(str_word(STR("same"), words), 0);
    assert_int_equal(str_word(STR("different"), words), 1);
    assert_int_equal(str_word(STR("differ"), words), -1);
    assert_int_equal(str_word(STR(""), words), -1);
    assert_int_equal(str_word(STR_NONE, words), -1);
}

static void utf8_by_rfc_3629(void **state)
{
    static const char *const good[] = {"a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80", "\xff"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct strbuf copy = {.arena = *state};
        size_t at = 0;
        assert_true(utf8_valid(str_c(good[i])));
        utf8_put(&copy, utf8_next(str_c(good[i]), &at));
        assert_text(strbuf_str(&copy), good[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(utf8_valid(str_c(bad[i])));
    assert_false(utf8_valid((struct str){"\0", 1}));
    assert_int_equal(utf8_count(STR("a\xc3\xa4\xf0\x9f\x98\x80")), 3);
}

static void long_texts_grow(void **state)
{
    struct strbuf buf = {.arena = *state};
    for (int i = 0; i < 10000; i++)
        strbuf_printf(&buf, "%04d", i % 10000);
    assert_int_equal(strbuf_str(&buf).n, 40000);
    assert_memory_equal(strbuf_str(&buf).p + 39996, "9999", 4);
}

static void identifiers_sort_by_time_and_parse_back(void **state)
{
    (void)state;
    struct id a = id_new(), b;
    assert_int_equal(a.s[14], '7');
    assert_true(id_parse(id_str(&a), &b) && id_eq(&a, &b));
    (void)usleep(3000);
    b = id_new();
    assert_true(strcmp(a.s, b.s) < 0);
    assert_false(id_parse(STR("0190f0c4-0000-7000-8000-00000000000"), &b));
    assert_false(id_parse(STR("0190f0c4-0000-7000-8000-00000000000g"), &b));
}

static void times_are_written_as_the_rfcs_say(void **state)
{
    assert_text(clock_text(1795312712123, *state), "2026-11-22T01:58:32.123Z");
    assert_text(clock_http(784111777000, *state), "Sun, 06 Nov 1994 08:49:37 GMT"); /* RFC 9110 5.6.7 */
}

static void errors_speak_both_languages(void **state)
{
    struct err err;
    assert_int_equal(err_set(&err, ERR_TOO_LARGE, "%d MB", 20), -1);
    assert_text(err_sentence(&err, "en", *state),
                "What was sent is larger than 20 MB. It was not stored; send a smaller file.");
    assert_true(str_find(err_sentence(&err, "de", *state), STR("20 MB"), 0) > 0);
    for (enum err_code code = ERR_NONE + 1; code < ERR_COUNT; code++)
        assert_int_equal(err_from_slug(str_c(err_slug(code))), code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(split_returns_empty_pieces),
        unit_with_arena(numbers_have_bounds),
        unit_with_arena(absent_and_empty_differ),
        unit_with_arena(words_have_places),
        unit_with_arena(utf8_by_rfc_3629),
        unit_with_arena(long_texts_grow),
        unit_with_arena(identifiers_sort_by_time_and_parse_back),
        unit_with_arena(times_are_written_as_the_rfcs_say),
        unit_with_arena(errors_speak_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

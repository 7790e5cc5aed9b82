/* String distances and sounds against published values. */
#include "tests/unit/unit.h"

#include "dedupe/distance.h"

#include <math.h>

static void jaro_winkler_gives_winklers_own_values(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        double want;
    } rows[] = {{"martha", "marhta", 0.9611},
                {"dwayne", "duane", 0.84},
                {"dixon", "dicksonx", 0.8133},
                {"jones", "johnson", 0.8324},
                {"same", "same", 1.0},
                {"abc", "xyz", 0.0},
                {"", "", 1.0},
                {"", "a", 0.0},
                {"a", "a", 1.0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double there = dedupe_jaro_winkler(str_c(rows[i].a), str_c(rows[i].b));
        double back = dedupe_jaro_winkler(str_c(rows[i].b), str_c(rows[i].a));
        assert_true(fabs(there - rows[i].want) < 0.0001);
        assert_true(fabs(there - back) < 1e-12);
    }
}

/* The textbook recurrence, slow and plain. */
static size_t plain_distance(struct str a, struct str b)
{
    size_t d[80][80];
    for (size_t i = 0; i <= a.n; i++)
        d[i][0] = i;
    for (size_t j = 0; j <= b.n; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        for (size_t j = 1; j <= b.n; j++) {
            size_t best = d[i - 1][j - 1] + (a.p[i - 1] != b.p[j - 1]);
            best = d[i - 1][j] + 1 < best ? d[i - 1][j] + 1 : best;
            best = d[i][j - 1] + 1 < best ? d[i][j - 1] + 1 : best;
            bool swap = i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1];
            d[i][j] = swap && d[i - 2][j - 2] + 1 < best ? d[i - 2][j - 2] + 1 : best;
        }
    }
    return d[a.n][b.n];
}

static void edit_distance_equals_the_textbook(void **state)
{
    (void)state;
    assert_int_equal(dedupe_edit_distance(STR("kitten"), STR("sitting")), 3);
    assert_int_equal(dedupe_edit_distance(STR("ca"), STR("abc")), 3);
    assert_int_equal(dedupe_edit_distance(STR("abcd"), STR("acbd")), 1);
    assert_int_equal(dedupe_edit_distance(STR(""), STR("abc")), 3);
    uint32_t random = 1;
    for (size_t round = 0; round < 20000; round++) {
        char text[2][64];
        struct str s[2];
        for (size_t k = 0; k < 2; k++) {
            random = random * 1664525u + 1013904223u;
            s[k] = (struct str){text[k], (random >> 16) % (round % 100 == 0 ? 65 : 9)};
            for (size_t i = 0; i < s[k].n; i++) {
                random = random * 1664525u + 1013904223u;
                text[k][i] = (char)('a' + (random >> 24) % 3);
            }
        }
        size_t want = plain_distance(s[0], s[1]);
        assert_int_equal(dedupe_edit_distance(s[0], s[1]), want);
        for (size_t most = 0; most < 4; most++)
            assert_int_equal(dedupe_within(s[0], s[1], most), want <= most);
    }
}

static void long_texts_are_bounded_not_refused(void **state)
{
    struct arena *arena = *state;
    char *text = arena_alloc(arena, 200);
    memset(text, 'a', 200);
    struct str whole = {text, 200}, part = {text, 150};
    assert_int_equal(dedupe_edit_distance(whole, whole), 0);
    assert_int_equal(dedupe_edit_distance(whole, part), 50);
    assert_true(dedupe_jaro_winkler(whole, part) > 0.99);
}

static void sounds_follow_postels_rules(void **state)
{
    struct arena *arena = *state;
    static const char *const rows[][2] = {{"muellerluedenscheidt", "65752682"},
                                          {"breschnew", "17863"},
                                          {"wikipedia", "3412"},
                                          {"meyer", "67"},
                                          {"mayr", "67"},
                                          {"schmidt", "862"},
                                          {"philipp", "351"},
                                          {"cello", "85"},
                                          {"clown", "4536"},
                                          {"xaver", "4837"},
                                          {"", ""}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_text(dedupe_sound(str_c(rows[i][0]), arena), rows[i][1]);
}

static void letters_a_camera_confuses_are_one(void **state)
{
    struct arena *arena = *state;
    static const char *const rows[][2] = {
        {"bernd", "bemd"}, {"claus", "daus"}, {"vvolf", "wolf"}, {"0tto", "otto"}, {"ki1ian", "kilian"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_true(str_eq(dedupe_ocr_level(str_c(rows[i][0]), arena), dedupe_ocr_level(str_c(rows[i][1]), arena)));
    assert_false(str_eq(dedupe_ocr_level(STR("otto"), arena), dedupe_ocr_level(STR("anna"), arena)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jaro_winkler_gives_winklers_own_values), cmocka_unit_test(edit_distance_equals_the_textbook),
        unit_with_arena(long_texts_are_bounded_not_refused),      unit_with_arena(sounds_follow_postels_rules),
        unit_with_arena(letters_a_camera_confuses_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

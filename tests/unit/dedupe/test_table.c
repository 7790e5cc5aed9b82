/* Tables: normal forms, grades, weights learned without labels, and their account. */
#include "tests/unit/unit.h"

#include "dedupe/table/form.h"
#include "dedupe/table/match.h"

#include <math.h>

static const struct dedupe_column columns[] = {
    {DEDUPE_KIND_GIVEN, {"first_name", 10}},
    {DEDUPE_KIND_FAMILY, {"surname", 7}},
    {DEDUPE_KIND_BIRTH, {"dob", 3}},
    {DEDUPE_KIND_CITY, {"city", 4}},
};
enum { COLUMNS = ARRAY_LEN(columns), PEOPLE = 1500 };

static void add(struct dedupe_table *table, const char *given, const char *family, const char *birth, const char *city)
{
    struct str cells[] = {str_c(given), str_c(family), str_c(birth), str_c(city)};
    dedupe_table_add(table, columns, cells, COLUMNS);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* PEOPLE persons; every third stands there twice, with one letter of the given name lost in every second copy. */
static struct dedupe_table *stock_of(size_t shift, struct arena *arena)
{
    static const char *const syllables[] = {"ka", "lo", "mi", "ne", "ru", "sa", "te", "wo", "bra", "stel"};
    struct dedupe_table *table = dedupe_table_new(columns, COLUMNS, arena);
    uint32_t state = (uint32_t)(7 + shift);
    for (size_t i = 0; i < PEOPLE; i++) {
        struct str given = str_printf(arena, "%s%s%s", syllables[next_random(&state) % 10],
                                      syllables[next_random(&state) % 10], syllables[next_random(&state) % 10]);
        struct str family =
            str_printf(arena, "%s%s%s%s", syllables[next_random(&state) % 10], syllables[next_random(&state) % 10],
                       syllables[next_random(&state) % 10], syllables[next_random(&state) % 10]);
        struct str birth = str_printf(arena, "%u-%02u-%02u", 1930 + next_random(&state) % 70,
                                      1 + next_random(&state) % 12, 1 + next_random(&state) % 28);
        struct str city = str_c(syllables[next_random(&state) % 10]);
        add(table, str_z(arena, given), str_z(arena, family), str_z(arena, birth), str_z(arena, city));
        struct str copy = i % 2 ? str_slice(given, 1, given.n) : given;
        if (i % 3 == 0)
            add(table, str_z(arena, copy), str_z(arena, family), str_z(arena, birth), NULL);
    }
    return table;
}

static void what_is_written_differently_has_one_form(void **state)
{
    struct arena *arena = *state;
    static const struct {
        enum dedupe_kind kind;
        const char *one, *other;
    } rows[] = {{DEDUPE_KIND_BIRTH, "1971-06-24", "24.6.1971"},
                {DEDUPE_KIND_BIRTH, "1971-6-4", "19710604"},
                {DEDUPE_KIND_STREET, "Industriestraße 5", "INDUSTRIESTR. 5"},
                {DEDUPE_KIND_CITY, "Köln", "Koeln"},
                {DEDUPE_KIND_COMPANY, "Muster GmbH & Co. KG", "MUSTER"},
                {DEDUPE_KIND_IDENTIFIER, "12 34-5", "12345"},
                {DEDUPE_KIND_PHONE, "+49 931 12", "4993112"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str one = dedupe_form(rows[i].kind, str_c(rows[i].one), arena);
        assert_true(str_eq(one, dedupe_form(rows[i].kind, str_c(rows[i].other), arena)));
        assert_false(str_empty(one));
    }
    struct dedupe_name_form form =
        dedupe_form_name(STR("Thomas"), STR("Chudleigh"), STR("Thomas Clifford Chudleigh"), arena);
    assert_text(form.others, "clifford");
    form = dedupe_form_name(STR_NONE, STR_NONE, STR("Anna Maria Koch"), arena);
    assert_text(form.family, "koch");
}

static uint8_t grade_of(const char *const one[COLUMNS], const char *const other[COLUMNS], size_t field,
                        struct arena *arena)
{
    struct dedupe_table *table = dedupe_table_new(columns, COLUMNS, arena);
    struct dedupe_pattern there, back;
    add(table, one[0], one[1], one[2], one[3]);
    add(table, other[0], other[1], other[2], other[3]);
    struct dedupe_grader *grader = dedupe_grader_new(table, arena);
    dedupe_grade_pair(grader, 0, 1, &there);
    dedupe_grade_pair(grader, 1, 0, &back);
    assert_memory_equal(&there, &back, sizeof there);
    return there.grade[field];
}

static void values_are_graded(void **state)
{
    struct arena *arena = *state;
    static const struct {
        const char *one[COLUMNS], *other[COLUMNS];
        size_t field;
        enum dedupe_grade want;
    } rows[] = {
        {{"Anna", "Koch", NULL, NULL}, {"Anna", "Koch", NULL, NULL}, 0, DEDUPE_GRADE_SAME_1},
        {{"Anna", "Koch", NULL, NULL}, {"A.", "Koch", NULL, NULL}, 0, DEDUPE_GRADE_INITIAL},
        {{"Robert", "Koch", NULL, NULL}, {"Bob", "Koch", NULL, NULL}, 0, DEDUPE_GRADE_NICKNAME},
        {{"Anna", "Hofstetter", NULL, NULL}, {"Anna", "Hofsteter", NULL, NULL}, 1, DEDUPE_GRADE_CLOSE},
        {{"Anna", "Hofstetter", NULL, NULL}, {"Hofstetter", "Anna", NULL, NULL}, 1, DEDUPE_GRADE_CROSSED},
        {{"Anna", "Koch", "1971-06-24", NULL}, {"Anna", "Koch", "1971-24-06", NULL}, 2, DEDUPE_GRADE_CLOSE},
        {{"Anna", "Koch", "1971-06-24", NULL}, {"Anna", "Koch", "1971-11-30", NULL}, 2, DEDUPE_GRADE_PART},
        {{"Anna", "Koch", "1971-06-24", NULL}, {"Anna", "Koch", "1983-11-30", NULL}, 2, DEDUPE_GRADE_OTHER},
        {{"Anna", "Koch", NULL, "Bad Homburg"}, {"Anna", "Koch", NULL, "Homburg"}, 3, DEDUPE_GRADE_PART},
        {{"Anna", "Koch", NULL, "Ulm"}, {"Anna", "Koch", NULL, NULL}, 3, DEDUPE_GRADE_NONE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint8_t got = grade_of(rows[i].one, rows[i].other, rows[i].field, arena);
        if (got != rows[i].want)
            print_message("row %zu: %s\n", i, dedupe_grade_words[got]);
        assert_int_equal(got, rows[i].want);
    }
}

static struct dedupe_matching *match(const struct dedupe_table *table, unsigned threads, struct arena *arena)
{
    struct dedupe_match_options options = {.least = 0.05, .threads = threads};
    return dedupe_table_match(table, &options, arena);
}

static void copies_are_found_without_labels(void **state)
{
    struct arena *arena = *state;
    struct dedupe_matching *matching = match(stock_of(0, arena), 1, arena);
    size_t likely = 0, right = 0;
    for (size_t i = 0; i < matching->n; i++) {
        const struct dedupe_matched *matched = &matching->matched[i];
        if (matched->probability < 0.9f)
            continue;
        likely++;
        right += matched->right == matched->left + 1; /* a copy stands behind its original */
    }
    assert_true(right >= PEOPLE / 3 * 98 / 100);
    assert_true(right >= likely * 98 / 100);
}

static void nothing_is_found_where_nothing_is_twice(void **state)
{
    struct arena *arena = *state;
    struct dedupe_table *table = dedupe_table_new(columns, COLUMNS, arena);
    for (unsigned i = 0; i < 600; i++) {
        uint32_t random = i + 1;
        char given[16] = "", family[16] = "";
        for (size_t k = 0; k < 7; k++) {
            given[k] = (char)('a' + next_random(&random) % 26);
            family[k] = (char)('a' + next_random(&random) % 26);
        }
        add(table, given, family, NULL, NULL);
    }
    assert_int_equal(match(table, 1, arena)->n, 0);
}

static void threads_change_nothing(void **state)
{
    struct arena *arena = *state;
    const struct dedupe_table *table = stock_of(1, arena);
    struct dedupe_matching *one = match(table, 1, arena), *three = match(table, 3, arena);
    assert_int_equal(one->n, three->n);
    assert_true(one->n > 0);
    assert_memory_equal(one->matched, three->matched, one->n * sizeof *one->matched);
}

static void the_account_sums_to_the_weight(void **state)
{
    struct arena *arena = *state;
    struct dedupe_matching *matching = match(stock_of(2, arena), 2, arena);
    for (size_t i = 0; i < matching->n; i++) {
        const struct dedupe_matched *matched = &matching->matched[i];
        struct dedupe_account account = dedupe_table_account(matching, matched->left, matched->right);
        double sum = account.rest;
        for (size_t f = 0; f < COLUMNS; f++)
            sum += account.field[f];
        assert_true(fabs(sum - account.weight) < 1e-9);
        assert_true(fabs(account.weight - (double)matched->weight) < 1e-4);
        assert_true(fabs(1.0 / (1.0 + exp2(-account.weight)) - (double)matched->probability) < 1e-6);
    }
}

static void the_smallest_stocks_are_matched(void **state)
{
    struct arena *arena = *state;
    struct dedupe_table *table = dedupe_table_new(columns, COLUMNS, arena);
    assert_int_equal(match(table, 2, arena)->n, 0);
    add(table, "Anna", "Koch", "1971-06-24", "Ulm");
    assert_int_equal(match(table, 2, arena)->n, 0);
    add(table, "Anna", "Koch", "1971-06-24", NULL);
    add(table, NULL, NULL, NULL, NULL);
    struct dedupe_matching *matching = match(table, 2, arena);
    assert_int_equal(matching->n, 1);
    assert_true(matching->matched[0].probability > 0.9f);
    struct dedupe_match_options across = {.border = 1, .least = 0.05, .threads = 1};
    assert_int_equal(dedupe_table_match(table, &across, arena)->n, 1);
    across.border = 2;
    assert_int_equal(dedupe_table_match(table, &across, arena)->n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(what_is_written_differently_has_one_form),
        unit_with_arena(values_are_graded),
        unit_with_arena(copies_are_found_without_labels),
        unit_with_arena(nothing_is_found_where_nothing_is_twice),
        unit_with_arena(threads_change_nothing),
        unit_with_arena(the_account_sums_to_the_weight),
        unit_with_arena(the_smallest_stocks_are_matched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

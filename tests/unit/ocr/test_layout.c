/* Words to lines and blocks, and two readings to one. */
#include "tests/unit/unit.h"

#include "ocr/text/layout.h"
#include "ocr/text/merge.h"

static struct ocr_word word(const char *text, double x, double y, double w, double h, double confidence)
{
    return (struct ocr_word){.text = str_c(text), .confidence = confidence, .box = {x, y, w, h}};
}

static void words_of_one_row_make_a_line_in_order(void **state)
{
    const struct ocr_word words[] = {word("Schmidt", 190, 101, 120, 30, 0.9), word("Anna", 100, 100, 80, 30, 0.9)};
    struct ocr_page page = ocr_layout(words, 2, 800, 500, *state);
    assert_int_equal(page.n, 1);
    assert_text(page.lines[0].text, "Anna Schmidt");
}

static void a_capital_cut_off_its_word_is_put_back(void **state)
{
    const struct ocr_word words[] = {word("M", 100, 100, 30, 30, 0.9), word("urata", 134, 108, 90, 22, 0.8),
                                     word("A", 100, 200, 30, 30, 0.9), word("lente", 160, 200, 90, 30, 0.9)};
    struct ocr_page page = ocr_layout(words, 4, 800, 500, *state);
    assert_text(page.lines[0].text, "Murata");
    assert_int_equal(page.lines[0].n, 1);
    assert_text(page.lines[1].text, "A lente");
}

static void capitals_set_apart_are_one_word(void **state)
{
    const struct ocr_word words[] = {word("LO", 100, 100, 50, 30, 0.9), word("GI", 154, 100, 40, 30, 0.9),
                                     word("STI", 198, 100, 60, 30, 0.9), word("C", 262, 100, 22, 30, 0.8),
                                     word("AG", 300, 100, 40, 30, 0.9)};
    struct ocr_page page = ocr_layout(words, 5, 800, 500, *state);
    assert_text(page.lines[0].text, "LOGISTIC AG");
}

static void a_wide_gap_is_another_column(void **state)
{
    const struct ocr_word words[] = {word("C:", 100, 100, 30, 30, 0.9), word("+49", 140, 100, 60, 30, 0.9),
                                     word("GmbH", 300, 100, 90, 30, 0.9)};
    struct ocr_page page = ocr_layout(words, 3, 800, 500, *state);
    assert_int_equal(page.n, 2);
    assert_text(page.lines[0].text, "C: +49");
    assert_text(page.lines[1].text, "GmbH");
    assert_int_not_equal(page.lines[0].block, page.lines[1].block);
}

static void lines_close_below_each_other_are_a_block_columns_are_read_one_after_the_other(void **state)
{
    const struct ocr_word words[] = {
        word("Left1", 50, 100, 100, 30, 0.9), word("Right1", 400, 100, 100, 30, 0.9),
        word("Left2", 50, 145, 100, 30, 0.9), word("Right2", 400, 145, 100, 30, 0.9),
        word("Far", 50, 400, 100, 30, 0.9),
    };
    struct ocr_page page = ocr_layout(words, 5, 800, 500, *state);
    static const char *const order[] = {"Left1", "Left2", "Right1", "Right2", "Far"};
    assert_int_equal(page.n, 5);
    for (size_t i = 0; i < 5; i++)
        assert_text(page.lines[i].text, order[i]);
    assert_int_equal(page.lines[0].block, page.lines[1].block);
    assert_int_not_equal(page.lines[1].block, page.lines[4].block);
}

static void a_skewed_row_stays_one_line(void **state)
{
    struct ocr_word words[8];
    for (int i = 0; i < 8; i++)
        words[i] = word("word", 50 + i * 110, 100 + i * 8, 95, 30, 0.9);
    assert_int_equal(ocr_layout(words, 8, 1000, 500, *state).n, 1);
}

static void letter_height_does_not_depend_on_the_letters(void **state _unused_)
{
    struct ocr_word caps = word("HE", 0, 0, 50, 30, 1), low = word("no", 0, 0, 50, 22, 1),
                    hang = word("Py", 0, 0, 50, 38, 1);
    double a = ocr_letter_height(&caps), b = ocr_letter_height(&low), c = ocr_letter_height(&hang);
    assert_true(a > 29 && a < 31 && b > 28 && b < 32 && c > 28 && c < 32);
}

static void of_two_readings_the_surer_one_stands_and_the_other_stays_as_alternative(void **state)
{
    struct ocr_word a[] = {word("info@f00.de", 10, 10, 200, 30, 0.6)},
                    b[] = {word("info@foo.de", 12, 11, 198, 30, 0.9)};
    struct ocr_words m = ocr_merge((struct ocr_words){a, 1, 0.6, false}, (struct ocr_words){b, 1, 0.9, false}, *state);
    assert_int_equal(m.n, 1);
    assert_text(m.items[0].text, "info@foo.de");
    assert_int_equal(m.items[0].alternatives.n, 1);
    assert_text(((struct str *)m.items[0].alternatives.items)[0], "info@f00.de");
}

static void what_only_one_reading_saw_is_kept_when_credible(void **state)
{
    struct ocr_word a[] = {word("Anna", 10, 10, 80, 30, 0.9)};
    struct ocr_word b[] = {word("Anna", 10, 10, 80, 30, 0.9), word("Einkauf", 10, 60, 90, 30, 0.8),
                           word("~;", 500, 60, 20, 30, 0.3)};
    struct ocr_words m = ocr_merge((struct ocr_words){a, 1, 0.9, false}, (struct ocr_words){b, 3, 0.8, false}, *state);
    assert_int_equal(m.n, 2);
    assert_text(m.items[1].text, "Einkauf");
    assert_true(m.items[0].confidence > 0.9); /* two agree */
}

static void an_address_is_no_speck_however_unsure(void **state _unused_)
{
    struct ocr_word items[] = {word("anna@muster-bau.example", 0, 0, 300, 30, 0.05),
                               word("www.muster-bau.example", 0, 50, 300, 30, 0.01), word("xqzw", 0, 90, 300, 30, 0.05),
                               word("a.b@c..example", 0, 120, 300, 30, 0.05)};
    struct ocr_words words = {.items = items, .n = 4};
    ocr_merge_clean(&words);
    assert_int_equal(words.n, 2);
    struct ocr_word half = word("anna@mu", 0, 0, 100, 30, 0.05); /* of an address that the engine cut in two */
    struct ocr_words halves = {.items = &half, .n = 1};
    ocr_merge_clean(&halves);
    assert_int_equal(halves.n, 1);
    assert_false(ocr_address_form(STR("0761-120.44")));
    assert_false(ocr_address_form(STR("z.B.")));
    assert_true(ocr_address_form(STR("http://muster.example,")));
}

static void a_label_in_smaller_print_is_not_of_the_name_beside_it(void **state)
{
    const struct ocr_word words[] = {word("Anna", 100, 100, 120, 46, 0.9), word("SCHMIDT", 235, 100, 260, 46, 0.9),
                                     word("Fax", 540, 110, 60, 30, 0.9), word("030", 616, 110, 60, 30, 0.9)};
    struct ocr_page page = ocr_layout(words, 4, 1000, 500, *state);
    assert_int_equal(page.n, 2);
    assert_text(page.lines[0].text, "Anna SCHMIDT");
}

static void an_empty_page_has_no_lines(void **state)
{
    assert_int_equal(ocr_layout(NULL, 0, 100, 100, *state).n, 0);
}

static void the_box_of_a_word_ends_where_the_next_begins(void **state)
{
    struct ocr_word items[] = {word("Cell", 1320, 143, 279, 44, 0.9), word("98765", 1467, 143, 125, 44, 0.9),
                               word("01234", 1621, 144, 140, 41, 0.9)};
    struct ocr_words words = {.items = items, .n = 3};
    ocr_merge_clean(&words);
    struct ocr_page page = ocr_layout(words.items, words.n, 1800, 1000, *state);
    assert_int_equal(page.n, 1);
    assert_text(page.lines[0].text, "Cell 98765 01234");
}

/* An icon in front of an address is no letter of it; "D r." is one word. */
static void an_icon_is_not_the_first_letter_of_an_address(void **state)
{
    const struct ocr_word icon[] = {word("Q", 100, 100, 30, 40, 0.9),
                                    word("anna@muster.example", 138, 100, 400, 40, 0.9)};
    const struct ocr_word title[] = {word("D", 100, 100, 30, 40, 0.9), word("r.", 138, 100, 40, 40, 0.9)};
    assert_text(ocr_layout(icon, 2, 1000, 500, *state).lines[0].text, "Q anna@muster.example");
    assert_text(ocr_layout(title, 2, 1000, 500, *state).lines[0].words[0].text, "Dr.");
}

/* As low as a dash is, it stands in the line of its neighbours and does not make the line lower. */
static void a_dash_stands_in_its_line(void **state)
{
    const struct ocr_word words[] = {word("Manager", 100, 100, 260, 40, 0.9), word("-", 385, 118, 20, 7, 0.9),
                                     word("IT", 430, 100, 40, 40, 0.9)};
    struct ocr_page page = ocr_layout(words, 3, 1000, 500, *state);
    assert_int_equal(page.n, 1);
    assert_text(page.lines[0].text, "Manager - IT");
    assert_true(page.lines[0].height > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(words_of_one_row_make_a_line_in_order),
        unit_with_arena(a_capital_cut_off_its_word_is_put_back),
        unit_with_arena(capitals_set_apart_are_one_word),
        unit_with_arena(a_wide_gap_is_another_column),
        unit_with_arena(lines_close_below_each_other_are_a_block_columns_are_read_one_after_the_other),
        unit_with_arena(a_skewed_row_stays_one_line),
        cmocka_unit_test(letter_height_does_not_depend_on_the_letters),
        unit_with_arena(of_two_readings_the_surer_one_stands_and_the_other_stays_as_alternative),
        unit_with_arena(what_only_one_reading_saw_is_kept_when_credible),
        cmocka_unit_test(an_address_is_no_speck_however_unsure),
        unit_with_arena(a_label_in_smaller_print_is_not_of_the_name_beside_it),
        unit_with_arena(an_empty_page_has_no_lines),
        unit_with_arena(the_box_of_a_word_ends_where_the_next_begins),
        unit_with_arena(an_icon_is_not_the_first_letter_of_an_address),
        unit_with_arena(a_dash_stands_in_its_line),
    };
    return cmocka_run_group_tests_name("ocr layout", tests, NULL, NULL);
}

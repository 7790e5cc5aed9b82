/* Rows of letters before anything is read. */
#include "tests/unit/ocr/picture.h"

#include "ocr/find/texts.h"

static void rows_that_fan_out_are_lines_in_perspective(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 1200, 900, 1);
    for (int row = 0; row < 7; row++)
        for (int i = 0; i < 30; i++) {
            double x = 200 + i * 22, y = 150 + row * 80 + (x - 530) * 0.0002 * row * 80;
            struct ocr_quad bar = {{{x, y}, {x + 8, y}, {x + 8, y + 20}, {x, y + 20}}};
            fill(photo, &bar, 30);
        }
    struct ocr_texts texts = ocr_find_texts(photo, *state);
    assert_true(fabs(texts.fan - 0.0002) < 0.00005);
}

static void steep_rows_of_text_give_their_angle(void **state)
{
    const double angle = 0.5, c = cos(angle), s = sin(angle);
    struct ocr_image photo = ocr_image_new(*state, 1200, 900, 1);
    for (int row = 0; row < 5; row++)
        for (int i = 0; i < 24; i++) {
            double u = i * 20, v = row * 60, x = 400 + u * c - v * s, y = 200 + u * s + v * c;
            struct ocr_quad bar = {{{x, y}, {x + 7, y}, {x + 7, y + 20}, {x, y + 20}}};
            fill(photo, &bar, 30);
        }
    struct ocr_texts texts = ocr_find_texts(photo, *state);
    assert_true(texts.n >= 100);
    assert_true(fabs(texts.angle - angle) < 0.05);
}

/* A block of text, and a row of texture far from it. */
static struct ocr_texts block_and_texture(struct arena *arena)
{
    struct ocr_image photo = ocr_image_new(arena, 1200, 900, 1);
    for (int row = 0; row < 5; row++)
        for (int i = 0; i < 10 + 3 * row; i++) {
            struct ocr_quad bar = box(300 + i * 18, 150 + row * 50, 7, row == 2 ? 30 : 20);
            fill(photo, &bar, 30);
        }
    for (int i = 0; i < 5; i++) {
        struct ocr_quad speck = box(900 + i * 18, 800, 7, 18);
        fill(photo, &speck, 30);
    }
    return ocr_find_texts(photo, arena);
}

static void a_few_specks_far_away_are_no_text(void **state)
{
    struct ocr_texts texts = block_and_texture(*state);
    assert_int_equal(texts.n, 80);
    for (size_t i = 0; i < texts.n; i++)
        assert_true(texts.letters[i].y < 500);
}

static void the_longest_rows_come_first(void **state)
{
    struct ocr_texts texts = block_and_texture(*state);
    assert_int_equal(texts.n_rows, OCR_TEXT_ROWS);
    for (int i = 0; i < texts.n_rows; i++)
        assert_int_equal(texts.rows[i].area, 22 - 3 * i);
    assert_true(fabs(texts.height - 20) <= 2);
}

/* One row that climbs does not say how the others lie. */
static void the_angle_is_that_of_most_letters(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 1200, 900, 1);
    for (int row = 0; row < 5; row++)
        for (int i = 0; i < 14; i++) {
            double slope = row == 2 ? -0.2 : 0.05;
            struct ocr_quad bar = box(300 + i * 18, 200 + row * 110 + slope * i * 18, 7, 20);
            fill(photo, &bar, 30);
        }
    assert_true(fabs(ocr_find_texts(photo, *state).angle - 0.05) < 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(rows_that_fan_out_are_lines_in_perspective),
        unit_with_arena(steep_rows_of_text_give_their_angle),
        unit_with_arena(a_few_specks_far_away_are_no_text),
        unit_with_arena(the_longest_rows_come_first),
        unit_with_arena(the_angle_is_that_of_most_letters),
    };
    return cmocka_run_group_tests_name("ocr find texts", tests, NULL, NULL);
}

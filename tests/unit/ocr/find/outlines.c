/* Outlines and frames, and which of them are cards. */
#include "tests/unit/ocr/picture.h"

#include "ocr/find/choice.h"
#include "ocr/find/frames.h"

/* The outline among those of the masks that lies nearest to the quad. */
static double nearest_outline(struct ocr_image photo, const struct ocr_quad *quad, struct arena *arena)
{
    struct ocr_outlines *outlines = arena_alloc(arena, sizeof *outlines);
    double least = INFINITY;
    outlines->n = 0;
    ocr_outlines_look(photo, outlines, arena);
    for (size_t i = 0; i < outlines->n; i++)
        least = fmin(least, farthest(&outlines->items[i].quad, quad));
    return least;
}

/* As bright as the table, but of another colour. */
static void a_colour_outlines_what_brightness_does_not(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 480, 360, 3);
    const uint8_t table[3] = {148, 100, 100}, paper[3] = {100, 112, 148};
    struct ocr_quad all = box(0, 0, 480, 360), card = box(100, 90, 270, 170);
    lay(photo, &all, table, -1);
    lay(photo, &card, paper, 20);
    assert_true(nearest_outline(photo, &card, *state) < 4);
}

/* A grey table that grows brighter from left to right, and a card as bright as it is wherever it lies. */
static void a_vivid_card_stands_out_from_any_grey(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 480, 360, 3);
    struct ocr_quad card = box(100, 90, 270, 170);
    for (int y = 0; y < photo.h; y++)
        for (int x = 0; x < photo.w; x++) {
            int gray = 60 + x / 6, inside = x >= 100 && x < 370 && y >= 90 && y < 260;
            uint8_t *p = at(photo, x, y);
            p[0] = (uint8_t)(gray + 16 * inside);
            p[1] = (uint8_t)(gray - 4 * inside);
            p[2] = (uint8_t)(gray - 40 * inside);
        }
    assert_true(nearest_outline(photo, &card, *state) < 4);
}

/* Stripes in turn lighter and darker than a table that grows brighter: no tone outlines them together, but the table
 * does not reach into them. */
static void stripes_are_one_island(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 480, 360, 3);
    struct ocr_quad card = box(100, 90, 270, 170);
    for (int y = 0; y < photo.h; y++)
        for (int x = 0; x < photo.w; x++)
            memset(at(photo, x, y), 60 + x / 4, 3);
    for (int i = 0; i < 6; i++) {
        struct ocr_quad stripe = box(100 + i * 45, 90, 45, 170);
        fill(photo, &stripe, 90 + i * 11 + (i % 2 ? -45 : 45));
    }
    assert_true(nearest_outline(photo, &card, *state) < 6);
}

/* Sides are fitted to the middle of the edges, so that round corners cut nothing off. */
static void round_corners_are_drawn_out(void **state)
{
    enum { ROUND = 10 };
    struct ocr_image mask = ocr_image_black(*state, 480, 360, 1);
    const struct ocr_quad card = box(100, 90, 270, 169);
    for (int y = 90; y < 260; y++)
        for (int x = 100; x < 370; x++) {
            int dx = x < 100 + ROUND ? 100 + ROUND - x : x - 369 + ROUND,
                dy = y < 90 + ROUND ? 90 + ROUND - y : y - 259 + ROUND;
            *at(mask, x, y) = dx <= 0 || dy <= 0 || dx * dx + dy * dy <= ROUND * ROUND;
        }
    struct ocr_blobs blobs = ocr_blobs(mask, *state);
    struct ocr_quad quad;
    assert_true(ocr_quad_fit(mask, &blobs, 0, *state, &quad));
    assert_true(farthest(&quad, &card) < 1);
}

/* A sheet that goes on beyond the picture is the table. */
static void what_runs_off_the_picture_is_no_card(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 480, 360, 3);
    memset(photo.p, 60, (size_t)480 * 360 * 3);
    struct ocr_quad sheet = box(3, 60, 300, 220);
    fill(photo, &sheet, 220);
    assert_true(nearest_outline(photo, &sheet, *state) > 20);
}

/* A side with a gap, as a finger makes one. */
static void a_line_goes_on_behind_a_finger(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 480, 360, 3);
    memset(photo.p, 60, (size_t)480 * 360 * 3);
    struct ocr_quad left = box(60, 100, 130, 150), right = box(240, 100, 150, 150);
    struct ocr_quad stamp = box(410, 20, 50, 40); /* small, but of the steepest edges */
    fill(photo, &left, 180);
    fill(photo, &right, 180);
    fill(photo, &stamp, 255);
    struct ocr_slopes slopes = ocr_slopes_of(photo, *state);
    struct ocr_segments *segments = ocr_segments_of(&slopes, *state);
    double longest = 0;
    for (size_t i = 0; i < segments->n; i++)
        longest = fmax(longest, segments->items[i].length);
    assert_true(fabs(longest - 330) < 6);
    assert_true(segments->items[0].length > 140); /* the longest that was seen first */
}

static void skew_is_by_how_much_opposite_sides_differ(void **state _unused_)
{
    const struct ocr_quad level = box(10, 10, 200, 100), wedge = {{{0, 0}, {100, 0}, {100, 200}, {0, 100}}};
    assert_true(ocr_quad_skew(&level) < 1e-9);
    assert_true(fabs(ocr_quad_skew(&wedge) - 45) < 1e-9);
}

static void lines_differ_by_their_direction_alone(void **state _unused_)
{
    const struct ocr_segment across = {{0, 0}, {10, 0}, 10}, back = {{30, 5}, {20, 5}, 10}, down = {{3, 0}, {3, 8}, 8};
    assert_true(ocr_lines_apart(&across, &back) < 1e-9);
    assert_true(fabs(ocr_lines_apart(&across, &down) - M_PI / 2) < 1e-9);
}

/* Three sides are straight, of the fourth only dashes too short for a line are seen. */
static void a_frame_is_closed_where_its_sides_end(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 480, 360, 3);
    memset(photo.p, 60, (size_t)480 * 360 * 3);
    struct ocr_quad card = box(100, 80, 270, 180);
    fill(photo, &card, 200);
    for (int y = 82; y < 260; y += 20) {
        struct ocr_quad gap = box(360, y, 20, 10);
        fill(photo, &gap, 200);
    }
    struct ocr_slopes slopes = ocr_slopes_of(photo, *state);
    struct ocr_outlines *frames = arena_alloc(*state, sizeof *frames);
    double least = INFINITY;
    frames->n = 0;
    ocr_frames_look(&slopes, frames, *state);
    for (size_t i = 0; i < frames->n; i++)
        least = fmin(least, farthest(&frames->items[i].quad, &card));
    assert_true(least < 5);
}

/* Outlines as they were measured, and rows of letters on them. */
static struct ocr_outline outline(struct ocr_quad quad, double support, double weakest)
{
    return (struct ocr_outline){.quad = quad, .edge = 800, .support = support, .weakest = weakest, .contrast = 40};
}

static void put_row(struct ocr_texts *texts, int x, int y, int n)
{
    for (int i = 0; i < n; i++)
        texts->letters[texts->n++] = (struct ocr_blob){x + i * 16, y, 8, 16, 100};
}

static struct ocr_choice choice_of(const struct ocr_outline *items, size_t n, const struct ocr_texts *texts,
                                   struct arena *arena)
{
    struct ocr_outlines *outlines = arena_alloc(arena, 2 * sizeof *outlines);
    struct ocr_choice choice;
    memset(outlines, 0, 2 * sizeof *outlines);
    memcpy(outlines->items, items, n * sizeof *items);
    outlines->n = n;
    ocr_choose_cards(&outlines[0], &outlines[1], texts, arena, &choice);
    return choice;
}

static void a_side_that_cuts_letters_is_no_cards(void **state)
{
    struct ocr_texts texts = {.letters = arena_array(*state, 100, sizeof *texts.letters), .height = 16};
    const struct ocr_outline paper = outline(box(100, 100, 320, 200), 0.88, 0.8);
    for (int row = 0; row < 3; row++)
        put_row(&texts, 140, 130 + row * 30, 10);
    assert_int_equal(choice_of(&paper, 1, &texts, *state).n, 1);
    put_row(&texts, 110, 292, 15); /* on the lower side */
    assert_int_equal(choice_of(&paper, 1, &texts, *state).n, 0);
}

/* Of two outlines of one card the one with its band counts, which has more of its letters. */
static void an_outline_follows_the_letters_of_its_card(void **state)
{
    struct ocr_texts texts = {.letters = arena_array(*state, 100, sizeof *texts.letters), .height = 16};
    const struct ocr_outline both[] = {outline(box(100, 100, 320, 200), 0.97, 0.9),
                                       outline(box(100, 100, 320, 230), 0.91, 0.85)};
    put_row(&texts, 140, 130, 12);
    put_row(&texts, 140, 160, 12);
    struct ocr_choice choice = choice_of(both, 2, &texts, *state);
    assert_int_equal(choice.n, 1);
    assert_true(farthest(&choice.cards[0], &both[0].quad) < 1);
    put_row(&texts, 140, 306, 8);
    choice = choice_of(both, 2, &texts, *state);
    assert_int_equal(choice.n, 1);
    assert_true(farthest(&choice.cards[0], &both[1].quad) < 1);
}

static void quads_have_in_common_what_lies_in_both(void **state _unused_)
{
    struct ocr_quad a = box(0, 0, 10, 10), b = box(5, 5, 10, 10), c = box(20, 0, 5, 5);
    const struct ocr_quad diamond = {{{5, 0}, {10, 5}, {5, 10}, {0, 5}}};
    assert_true(fabs(ocr_quad_common(&a, &b) - 25) < 1e-9);
    assert_true(fabs(ocr_quad_common(&a, &a) - 100) < 1e-9);
    assert_true(fabs(ocr_quad_common(&a, &diamond) - 50) < 1e-9);
    assert_true(ocr_quad_common(&a, &c) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(a_colour_outlines_what_brightness_does_not),
        unit_with_arena(a_vivid_card_stands_out_from_any_grey),
        unit_with_arena(stripes_are_one_island),
        unit_with_arena(what_runs_off_the_picture_is_no_card),
        unit_with_arena(a_side_that_cuts_letters_is_no_cards),
        unit_with_arena(an_outline_follows_the_letters_of_its_card),
        cmocka_unit_test(quads_have_in_common_what_lies_in_both),
        unit_with_arena(round_corners_are_drawn_out),
        cmocka_unit_test(skew_is_by_how_much_opposite_sides_differ),
        cmocka_unit_test(lines_differ_by_their_direction_alone),
        unit_with_arena(a_line_goes_on_behind_a_finger),
        unit_with_arena(a_frame_is_closed_where_its_sides_end),
    };
    return cmocka_run_group_tests_name("ocr find outlines", tests, NULL, NULL);
}

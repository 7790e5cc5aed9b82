/* Geometry of pixels: turning, warping, finding a card, and the way back from card to photo. */
#include "tests/unit/unit.h"

#include "ocr/card.h"
#include "ocr/find/find.h"
#include "ocr/find/texts.h"
#include "ocr/image/clean.h"
#include "ocr/image/decode.h"

#include <math.h>

static uint8_t *at(struct ocr_image image, int x, int y)
{
    return image.p + ((size_t)y * (size_t)image.w + (size_t)x) * (size_t)image.channels;
}

static void paint(struct ocr_image image, const struct ocr_quad *quad, const uint8_t *colour)
{
    double x0 = image.w, y0 = image.h, x1 = -1, y1 = -1;
    for (int i = 0; i < 4; i++) {
        x0 = fmin(x0, quad->corner[i].x);
        y0 = fmin(y0, quad->corner[i].y);
        x1 = fmax(x1, quad->corner[i].x);
        y1 = fmax(y1, quad->corner[i].y);
    }
    for (int y = (int)fmax(y0, 0); y < image.h && y <= y1; y++)
        for (int x = (int)fmax(x0, 0); x < image.w && x <= x1; x++)
            if (ocr_quad_holds(quad, (struct ocr_place){x, y}, 0))
                memcpy(at(image, x, y), colour, (size_t)image.channels);
}

static void fill(struct ocr_image image, const struct ocr_quad *quad, int level)
{
    const uint8_t colour[3] = {(uint8_t)level, (uint8_t)level, (uint8_t)level};
    paint(image, quad, colour);
}

static void every_orientation_brings_the_marked_corner_up(void **state)
{
    /* Where the stored picture keeps the upright picture's top left corner, Exif 2.32 table of tag 0x0112. */
    static const int stored[9][2] = {{0, 0}, {0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}, {0, 1}, {1, 1}, {1, 0}};
    for (int orientation = 1; orientation <= 8; orientation++) {
        struct ocr_image image = ocr_image_new(*state, 5, 3, 1);
        *at(image, stored[orientation][0] * 4, stored[orientation][1] * 2) = 7;
        struct ocr_image upright = ocr_image_upright(image, orientation, *state);
        assert_int_equal(upright.w, ocr_orientation_swaps(orientation) ? 3 : 5);
        assert_int_equal(*at(upright, 0, 0), 7);
    }
}

static void a_homography_takes_corners_to_corners(void **state _unused_)
{
    const struct ocr_place quad[4] = {{100, 80}, {900, 140}, {850, 620}, {60, 500}};
    struct ocr_homography map;
    assert_true(ocr_homography_from_quad(1800, 1100, quad, &map));
    const struct ocr_place card[4] = {{0, 0}, {1800, 0}, {1800, 1100}, {0, 1100}};
    for (int i = 0; i < 4; i++) {
        struct ocr_place p = ocr_homography_apply(&map, card[i]);
        assert_true(hypot(p.x - quad[i].x, p.y - quad[i].y) < 1e-6);
    }
    const struct ocr_place flat[4] = {{0, 0}, {1, 1}, {2, 2}, {3, 3}};
    assert_false(ocr_homography_from_quad(10, 10, flat, &map));
}

static void a_warped_picture_shows_what_lay_under_the_quad(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 400, 300, 3);
    struct ocr_quad dark = {{{200, 60}, {300, 80}, {280, 200}, {190, 180}}};
    fill(photo, &dark, 20);
    struct ocr_homography map;
    assert_true(ocr_homography_from_quad(100, 100, dark.corner, &map));
    struct ocr_image card = ocr_image_warp(photo, &map, 100, 100, *state);
    for (int i = 5; i < 95; i += 10)
        assert_int_equal(*at(card, i, 95 - i), 20);
}

static void ink_comes_out_dark_whichever_way_it_was_printed(void **state)
{
    for (int inverse = 0; inverse < 2; inverse++) {
        struct ocr_image card = ocr_image_new(*state, 600, 400, 1);
        memset(card.p, inverse ? 40 : 200, 600 * 400);
        for (int y = 180; y < 210; y++)
            for (int x = 100; x < 500; x += 20)
                memset(at(card, x, y), inverse ? 220 : 30, 5);
        struct ocr_ground ground = ocr_clean_survey(card, *state);
        struct ocr_image clean = ocr_clean_ink(card, &ground, *state);
        assert_true(*at(clean, 102, 195) < 60);
        assert_true(*at(clean, 112, 195) > 200);
    }
}

/* A pale card at an angle on a dark table, with rows of letter-like bars. */
static struct ocr_image scene(struct arena *arena, const struct ocr_quad *card, int stray)
{
    struct ocr_image photo = ocr_image_new(arena, 1200, 900, 3);
    memset(photo.p, 60, (size_t)1200 * 900 * 3);
    fill(photo, card, 225);
    for (int row = 0; row < 4; row++)
        for (int i = 0; i < 20; i++) {
            int x = 420 + i * 16, y = 300 + row * 60 + i * 2;
            struct ocr_quad bar = {{{x, y}, {x + 6, y}, {x + 6, y + 18}, {x, y + 18}}};
            fill(photo, &bar, 30);
        }
    for (int i = 0; i < stray; i++) {
        struct ocr_quad bar = {{{40 + i * 16, 850}, {46 + i * 16, 850}, {46 + i * 16, 868}, {40 + i * 16, 868}}};
        fill(photo, &bar, 240);
    }
    return photo;
}

static const struct ocr_quad tilted = {{{330, 200}, {900, 270}, {860, 620}, {300, 560}}};

static void finds_the_outline_of_a_card(void **state)
{
    struct ocr_found found = ocr_find_cards(scene(*state, &tilted, 0), *state);
    assert_int_equal(found.n, 1);
    assert_true(found.outline);
    for (int i = 0; i < 4; i++) {
        struct ocr_place a = found.quads[0].corner[i], b = tilted.corner[i];
        assert_true(hypot(a.x - b.x, a.y - b.y) < 8);
    }
}

static void an_outline_that_would_cut_text_off_is_not_taken(void **state)
{
    struct ocr_found found = ocr_find_cards(scene(*state, &tilted, 30), *state);
    assert_int_equal(found.n, 1);
    assert_false(found.outline);
    assert_true(ocr_quad_holds(&found.quads[0], (struct ocr_place){60, 860}, 0));
    assert_true(ocr_quad_holds(&found.quads[0], (struct ocr_place){700, 340}, 0));
}

/* Three pale cards on a dark table, each with rows of bars. */
static void each_of_several_cards_is_found_whole(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 1200, 900, 3);
    memset(photo.p, 70, (size_t)1200 * 900 * 3);
    for (int card = 0; card < 3; card++) {
        int x0 = 60 + card * 380, y0 = 200 + card * 60;
        struct ocr_quad paper = {{{x0, y0}, {x0 + 320, y0}, {x0 + 320, y0 + 200}, {x0, y0 + 200}}};
        fill(photo, &paper, 225);
        for (int row = 0; row < 3; row++)
            for (int i = 0; i < 12; i++) {
                int x = x0 + 40 + i * 16, y = y0 + 30 + row * 40;
                struct ocr_quad bar = {{{x, y}, {x + 6, y}, {x + 6, y + 18}, {x, y + 18}}};
                fill(photo, &bar, 30);
            }
    }
    struct ocr_found found = ocr_find_cards(photo, *state);
    assert_int_equal(found.n, 3);
    for (int card = 0; card < 3; card++) {
        struct ocr_place first = found.quads[card].corner[0];
        assert_true(hypot(first.x - (60 + card * 380), first.y - (200 + card * 60)) < 8);
    }
}

/* Paints a quad in the colour; `ink` 0 to 255 prints three rows of bars from its first corner. */
static void lay(struct ocr_image photo, const struct ocr_quad *quad, const uint8_t colour[3], int ink)
{
    paint(photo, quad, colour);
    for (int row = 0; ink >= 0 && row < 3; row++)
        for (int i = 0; i < 12; i++) {
            int x = (int)quad->corner[0].x + 20 + i * 14, y = (int)quad->corner[0].y + 25 + row * 40;
            struct ocr_quad bar = {{{x, y}, {x + 6, y}, {x + 6, y + 16}, {x, y + 16}}};
            fill(photo, &bar, ink);
        }
}

static struct ocr_quad box(double x, double y, double w, double h)
{
    return (struct ocr_quad){{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}};
}

/* One hardly darker than the table, one whose halves differ in colour, one that a finger holds. */
static void cards_that_no_colour_outlines_are_found_by_their_sides(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 1200, 900, 3);
    memset(photo.p, 52, (size_t)1200 * 900 * 3);
    const struct ocr_quad cards[] = {box(80, 100, 340, 220), box(640, 120, 340, 220), box(100, 560, 340, 220)};
    const struct ocr_quad half = box(640, 120, 150, 220), finger = box(250, 700, 50, 200);
    const uint8_t dark[3] = {32, 32, 34}, white[3] = {230, 230, 228}, blue[3] = {20, 60, 130},
                  skin[3] = {200, 150, 120};
    lay(photo, &cards[0], dark, 180);
    lay(photo, &cards[1], white, -1);
    lay(photo, &half, blue, -1);
    struct ocr_quad print = box(800, 140, 1, 1);
    lay(photo, &print, white, 30);
    lay(photo, &cards[2], white, 30);
    lay(photo, &finger, skin, -1);
    struct ocr_found found = ocr_find_cards(photo, *state);
    assert_int_equal(found.n, 3);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 4; k++) {
            struct ocr_place a = found.quads[i].corner[k], b = cards[i].corner[k];
            assert_true(hypot(a.x - b.x, a.y - b.y) < 12);
        }
}

/* The squares of a cutting mat have four sides each, and look the same inside and outside. */
static void squares_of_a_mat_are_not_cards(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 1200, 900, 3);
    const uint8_t green[3] = {40, 100, 75}, light[3] = {90, 150, 125}, white[3] = {235, 235, 235};
    struct ocr_quad all = box(0, 0, 1200, 900);
    lay(photo, &all, green, -1);
    for (int i = 0; i < 9; i++) {
        struct ocr_quad across = box(0, 60 + i * 200, 1200, 3), down = box(60 + i * 300, 0, 3, 900);
        lay(photo, &across, light, -1);
        lay(photo, &down, light, -1);
    }
    const struct ocr_quad cards[] = {box(130, 90, 320, 200), box(700, 580, 320, 200)};
    lay(photo, &cards[0], white, 30);
    lay(photo, &cards[1], white, 30);
    struct ocr_found found = ocr_find_cards(photo, *state);
    assert_int_equal(found.n, 2);
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

/* A scan: two columns of text far apart are one card, not two. */
static void columns_of_text_are_not_cards(void **state)
{
    struct ocr_image scan = ocr_image_new(*state, 1000, 600, 3);
    for (int column = 0; column < 2; column++)
        for (int row = 0; row < 6; row++)
            for (int i = 0; i < 20; i++) {
                int x = 60 + column * 540 + i * 16, y = 150 + row * 36;
                struct ocr_quad bar = {{{x, y}, {x + 8, y}, {x + 8, y + 20}, {x, y + 20}}};
                fill(scan, &bar, 30);
            }
    assert_int_equal(ocr_find_cards(scan, *state).n, 1);
}

/* Ragged rows of bars in one corner of a white picture. */
static struct ocr_image corner_text(struct arena *arena)
{
    struct ocr_image scan = ocr_image_new(arena, 1000, 600, 3);
    for (int row = 0; row < 6; row++)
        for (int i = 0; i < 20 - 5 * (row % 3); i++) {
            int x = 500 + i * 20, y = 300 + row * 45;
            struct ocr_quad bar = {{{x, y}, {x + 6, y}, {x + 6, y + 20}, {x, y + 20}}};
            fill(scan, &bar, 30);
        }
    return scan;
}

/* A word far from the other text of a scan is not cut off. */
static void a_scan_is_read_to_its_edge(void **state)
{
    struct ocr_found found = ocr_find_cards(corner_text(*state), *state);
    assert_int_equal(found.n, 1);
    assert_true(ocr_quad_holds(&found.quads[0], (struct ocr_place){60, 40}, 0));
}

/* Where what lies around is not plain, the box around the text is all there is to go by. */
static void on_a_table_the_text_says_where_the_card_is(void **state)
{
    struct ocr_image photo = corner_text(*state);
    for (int i = 0; i < 1000; i += 100) {
        struct ocr_quad block = {{{i, 0}, {i + 50, 0}, {i + 50, 24}, {i, 24}}};
        fill(photo, &block, 90);
    }
    struct ocr_found found = ocr_find_cards(photo, *state);
    assert_int_equal(found.n, 1);
    assert_false(ocr_quad_holds(&found.quads[0], (struct ocr_place){60, 40}, 0));
}

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

static void a_jpeg_comes_back_as_it_went(void **state)
{
    struct ocr_image image = ocr_image_new(*state, 64, 48, 3);
    memset(image.p, 90, 64 * 24 * 3);
    struct ocr_photo photo;
    struct err err;
    assert_int_equal(ocr_decode(ocr_encode_jpeg(image, 95, *state), 1000000, *state, &photo, &err), 0);
    assert_int_equal(photo.w, 64);
    assert_int_equal(photo.h, 48);
    assert_true(abs(*at(photo.image, 10, 5) - 90) < 4);
    assert_true(*at(photo.image, 10, 40) > 250);
}

static void a_jpeg_that_ends_early_is_an_answer_not_a_crash(void **state)
{
    struct ocr_image image = ocr_image_new(*state, 64, 48, 3);
    struct str whole = ocr_encode_jpeg(image, 95, *state);
    for (size_t n = 0; n < whole.n; n += 7) {
        struct ocr_photo photo;
        struct err err;
        (void)ocr_decode(str_slice(whole, 0, n), 1000000, *state, &photo, &err);
    }
}

/* What the card would advise with a burnt patch of that size at the mail address. */
static struct json_list advice_with_patch(int patch_w, int patch_h, struct arena *arena)
{
    struct ocr_image gray = ocr_image_new(arena, 900, 500, 1);
    memset(gray.p, 150, (size_t)900 * 500);
    for (size_t i = 0; i < (size_t)900 * 500; i += 6) /* something printed: upright strokes are sharp */
        gray.p[i] = 30;
    for (int y = 380; y < 380 + patch_h; y++)
        memset(gray.p + (size_t)y * 900 + 80, 255, (size_t)patch_w);
    struct ocr_photo photo = {.image = gray, .w = 900, .h = 500};
    struct ocr_card_walk walk = {.photo = &photo, .image = gray, .quad = {{{0, 0}, {900, 0}, {900, 500}, {0, 500}}}};
    walk.to_photo = (struct ocr_homography){{1, 0, 0, 0, 1, 0, 0, 0, 1}};
    static double mail[] = {100, 400, 300, 30}, name[] = {100, 60, 300, 40};
    static struct contact_claim claims[2];
    claims[0] = (struct contact_claim){.field = STR("emails/0"), .card_box = {mail, 4}};
    claims[1] = (struct contact_claim){.field = STR("given_name"), .card_box = {name, 4}};
    struct ocr_card card = {.fields = {claims, 2}};
    ocr_card_place(&walk, &card, arena);
    return card.quality.advice;
}

static void glare_is_said_of_the_field_it_lies_on(void **state)
{
    struct json_list advice = advice_with_patch(300, 100, *state);
    assert_int_equal(advice.n, 1);
    assert_true(str_eq(((const struct str *)advice.items)[0], STR("glare_email")));
    assert_int_equal(advice_with_patch(10, 10, *state).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(every_orientation_brings_the_marked_corner_up),
        cmocka_unit_test(a_homography_takes_corners_to_corners),
        unit_with_arena(a_warped_picture_shows_what_lay_under_the_quad),
        unit_with_arena(ink_comes_out_dark_whichever_way_it_was_printed),
        unit_with_arena(finds_the_outline_of_a_card),
        unit_with_arena(an_outline_that_would_cut_text_off_is_not_taken),
        unit_with_arena(each_of_several_cards_is_found_whole),
        unit_with_arena(cards_that_no_colour_outlines_are_found_by_their_sides),
        unit_with_arena(squares_of_a_mat_are_not_cards),
        cmocka_unit_test(quads_have_in_common_what_lies_in_both),
        unit_with_arena(columns_of_text_are_not_cards),
        unit_with_arena(a_scan_is_read_to_its_edge),
        unit_with_arena(on_a_table_the_text_says_where_the_card_is),
        unit_with_arena(rows_that_fan_out_are_lines_in_perspective),
        unit_with_arena(steep_rows_of_text_give_their_angle),
        unit_with_arena(glare_is_said_of_the_field_it_lies_on),
        unit_with_arena(a_jpeg_comes_back_as_it_went),
        unit_with_arena(a_jpeg_that_ends_early_is_an_answer_not_a_crash),
    };
    return cmocka_run_group_tests_name("ocr image", tests, NULL, NULL);
}

/* Geometry of pixels: turning, warping, and the way back from card to photo. */
#include "tests/unit/ocr/picture.h"

#include "ocr/card.h"
#include "ocr/image/clean.h"
#include "ocr/image/decode.h"

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
        unit_with_arena(glare_is_said_of_the_field_it_lies_on),
        unit_with_arena(a_jpeg_comes_back_as_it_went),
        unit_with_arena(a_jpeg_that_ends_early_is_an_answer_not_a_crash),
    };
    return cmocka_run_group_tests_name("ocr image", tests, NULL, NULL);
}

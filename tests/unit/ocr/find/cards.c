/* Finding cards on a photo: synthetic pictures of which it is known where the cards lie. */
#include "tests/unit/ocr/picture.h"

#include "ocr/find/find.h"

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

/* Halves in two colours, each with print and shaped like a card itself. */
static void a_card_of_two_colours_is_one_card(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 1200, 900, 3);
    const uint8_t table[3] = {110, 85, 60}, white[3] = {235, 235, 230}, blue[3] = {25, 50, 120};
    struct ocr_quad all = box(0, 0, 1200, 900), card = box(300, 250, 566, 400), half = box(300, 250, 283, 400);
    lay(photo, &all, table, -1);
    lay(photo, &card, white, -1);
    lay(photo, &half, blue, 230);
    struct ocr_quad print = box(583, 250, 1, 1);
    lay(photo, &print, white, 30);
    struct ocr_found found = ocr_find_cards(photo, *state);
    assert_int_equal(found.n, 1);
    assert_true(found.outline);
    assert_true(farthest(&found.quads[0], &card) < 8);
}

/* A strip is too long for a card, but all text is on it. */
static void a_strip_with_all_the_text_is_cut_out(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 1200, 900, 3);
    const uint8_t table[3] = {40, 40, 42}, white[3] = {235, 235, 230}, pale[3] = {195, 195, 190};
    struct ocr_quad all = box(0, 0, 1200, 900), strip = box(200, 330, 780, 240), band = box(824, 330, 156, 240);
    lay(photo, &all, table, -1);
    lay(photo, &strip, white, 30);
    lay(photo, &band, pale, -1);
    struct ocr_found found = ocr_find_cards(photo, *state);
    assert_int_equal(found.n, 1);
    assert_true(found.outline);
    assert_true(farthest(&found.quads[0], &strip) < 8);
}

/* Two cards on a table, and a third of which only the print is seen: in two groups, far from the table's edge. */
static struct ocr_image two_and_print(struct arena *arena, const struct ocr_quad cards[2], int x, int y)
{
    struct ocr_image photo = ocr_image_new(arena, 1200, 900, 3);
    const uint8_t table[3] = {60, 60, 62}, white[3] = {230, 230, 228};
    struct ocr_quad all = box(0, 0, 1200, 900);
    lay(photo, &all, table, -1);
    for (int i = 0; i < 2; i++)
        lay(photo, &cards[i], white, 30);
    for (int group = 0; group < 2; group++)
        for (int row = 0; row < 2; row++)
            for (int i = 0; i < 12; i++) {
                struct ocr_quad bar = box(x + i * 14, y + row * 30 + group * 110, 6, 16);
                fill(photo, &bar, 200);
            }
    return photo;
}

static void print_without_an_outline_is_a_card_of_the_others_size(void **state)
{
    const struct ocr_quad cards[] = {box(80, 100, 340, 220), box(640, 120, 340, 220)};
    struct ocr_found found = ocr_find_cards(two_and_print(*state, cards, 440, 550), *state);
    assert_int_equal(found.n, 3);
    struct ocr_quad usual = box(370, 532, 301, 193); /* around the middle of its print */
    assert_true(farthest(&found.quads[2], &usual) < 12);
}

/* Where a box of that size would reach over the next card, it is as large as its print. */
static void a_box_of_print_leaves_the_next_card_alone(void **state)
{
    const struct ocr_quad cards[] = {box(80, 100, 340, 220), box(590, 480, 340, 220)};
    struct ocr_found found = ocr_find_cards(two_and_print(*state, cards, 385, 550), *state);
    assert_int_equal(found.n, 3);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < i; k++)
            assert_true(ocr_quad_common(&found.quads[i], &found.quads[k]) < 1);
}

/* A band as dark as the table, with print on it, along the lower side of a card. */
static void a_card_grows_over_a_band_that_looks_like_the_table(void **state)
{
    const struct ocr_quad cards[] = {box(80, 100, 340, 220), box(640, 120, 340, 220)};
    struct ocr_image photo = two_and_print(*state, cards, 440, 550);
    struct ocr_quad print = box(80, 330, 340, 40), over = box(430, 540, 200, 200);
    fill(photo, &over, 60);
    for (int i = 0; i < 14; i++) {
        struct ocr_quad bar = box(print.corner[0].x + 60 + i * 14, 336, 6, 16);
        fill(photo, &bar, 200);
    }
    struct ocr_found found = ocr_find_cards(photo, *state);
    assert_int_equal(found.n, 2);
    assert_true(found.quads[0].corner[2].y > 352 && found.quads[0].corner[2].y < 380);
    assert_true(farthest(&found.quads[1], &cards[1]) < 8);
}

/* A row above a card and one below it belong together, but around that card there is no other. */
static void print_around_a_card_is_no_card(void **state)
{
    const struct ocr_quad cards[] = {box(80, 100, 340, 220), box(640, 120, 340, 220)};
    struct ocr_image photo = two_and_print(*state, cards, 440, 550);
    struct ocr_quad over = box(430, 540, 200, 200);
    fill(photo, &over, 60);
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < 8; i++) {
            struct ocr_quad bar = box(180 + i * 14, side ? 332 : 72, 6, 16);
            fill(photo, &bar, 200);
        }
    assert_int_equal(ocr_find_cards(photo, *state).n, 2);
}

/* At dusk the levels are stretched: the edges of dark paper are as steep as by day. */
static void a_card_at_dusk_is_found(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 1200, 900, 3);
    const struct ocr_quad card = box(330, 250, 480, 300);
    memset(photo.p, 11, (size_t)1200 * 900 * 3);
    const uint8_t paper[3] = {16, 16, 16};
    lay(photo, &card, paper, 2);
    struct ocr_found found = ocr_find_cards(photo, *state);
    assert_int_equal(found.n, 1);
    assert_true(found.outline);
    assert_true(farthest(&found.quads[0], &card) < 10);
}

/* The back of a card: no letters, but of the others' size and in another tone than the table. */
static void a_blank_card_beside_others_is_a_card(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 1200, 900, 3);
    const struct ocr_quad cards[] = {box(80, 100, 340, 220), box(640, 120, 340, 220), box(350, 560, 340, 220)};
    const uint8_t table[3] = {60, 60, 62}, white[3] = {230, 230, 228};
    struct ocr_quad all = box(0, 0, 1200, 900);
    lay(photo, &all, table, -1);
    for (int i = 0; i < 3; i++)
        lay(photo, &cards[i], white, i < 2 ? 30 : -1);
    struct ocr_found found = ocr_find_cards(photo, *state);
    assert_int_equal(found.n, 3);
    assert_true(farthest(&found.quads[2], &cards[2]) < 8);
}

/* Grain that by day would stand in rows like letters, all over the photo: the card's sides count. */
static void grain_at_dusk_hides_no_card(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 1200, 900, 3);
    const struct ocr_quad card = box(330, 250, 480, 300);
    uint32_t seed = 1;
    for (int y = 0; y < photo.h; y++)
        for (int x = 0; x < photo.w; x++) {
            seed = seed * 1664525 + 1013904223; /* as ever the same */
            int level = ocr_quad_holds(&card, (struct ocr_place){x, y}, 0) ? 44 : 10;
            memset(at(photo, x, y), level + (int)(seed >> 28), 3);
        }
    struct ocr_found found = ocr_find_cards(photo, *state);
    assert_int_equal(found.n, 1);
    assert_true(found.outline);
    assert_true(farthest(&found.quads[0], &card) < 10);
}

static void nothing_found_is_the_whole_picture(void **state)
{
    struct ocr_found found = ocr_find_nothing(ocr_image_new(*state, 40, 30, 1));
    assert_int_equal(found.n, 1);
    assert_false(found.outline);
    assert_true(ocr_quad_area(&found.quads[0]) == 40 * 30);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(finds_the_outline_of_a_card),
        unit_with_arena(an_outline_that_would_cut_text_off_is_not_taken),
        unit_with_arena(each_of_several_cards_is_found_whole),
        unit_with_arena(cards_that_no_colour_outlines_are_found_by_their_sides),
        unit_with_arena(squares_of_a_mat_are_not_cards),
        unit_with_arena(a_card_of_two_colours_is_one_card),
        unit_with_arena(a_strip_with_all_the_text_is_cut_out),
        unit_with_arena(print_without_an_outline_is_a_card_of_the_others_size),
        unit_with_arena(a_box_of_print_leaves_the_next_card_alone),
        unit_with_arena(a_card_grows_over_a_band_that_looks_like_the_table),
        unit_with_arena(print_around_a_card_is_no_card),
        unit_with_arena(a_card_at_dusk_is_found),
        unit_with_arena(a_blank_card_beside_others_is_a_card),
        unit_with_arena(grain_at_dusk_hides_no_card),
        unit_with_arena(nothing_found_is_the_whole_picture),
        unit_with_arena(columns_of_text_are_not_cards),
        unit_with_arena(a_scan_is_read_to_its_edge),
        unit_with_arena(on_a_table_the_text_says_where_the_card_is),
    };
    return cmocka_run_group_tests_name("ocr find cards", tests, NULL, NULL);
}

/* Finding cards on a photo: synthetic pictures of which it is known where the cards lie. */
#include "tests/unit/ocr/picture.h"

#include "ocr/find/choice.h"
#include "ocr/find/find.h"

/* Pixels between the corners of two quads, of the two that lie farthest apart. */
static double farthest(const struct ocr_quad *a, const struct ocr_quad *b)
{
    double most = 0;
    for (int i = 0; i < 4; i++)
        most = fmax(most, hypot(a->corner[i].x - b->corner[i].x, a->corner[i].y - b->corner[i].y));
    return most;
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

/* A strip is too long for a card, but all text is on it. */
static void a_strip_with_all_the_text_is_cut_out(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 1200, 900, 3);
    const uint8_t table[3] = {40, 40, 42}, white[3] = {235, 235, 230}, pale[3] = {170, 170, 175};
    struct ocr_quad all = box(0, 0, 1200, 900), strip = box(200, 330, 780, 240), band = box(824, 330, 156, 240);
    lay(photo, &all, table, -1);
    lay(photo, &strip, white, 30);
    lay(photo, &band, pale, -1);
    struct ocr_found found = ocr_find_cards(photo, *state);
    assert_int_equal(found.n, 1);
    assert_true(found.outline);
    assert_true(farthest(&found.quads[0], &strip) < 8);
}

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

/* Stripes of many tones from edge to edge: no tone outlines it, but the table does not reach into it. */
static void stripes_are_one_island(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 480, 360, 3);
    memset(photo.p, 120, (size_t)480 * 360 * 3);
    struct ocr_quad card = box(100, 90, 270, 170);
    static const int tones[] = {30, 225, 60, 190, 20, 240};
    for (int i = 0; i < 6; i++) {
        struct ocr_quad stripe = box(100 + i * 45, 90, 45, 170);
        fill(photo, &stripe, tones[i]);
    }
    assert_true(nearest_outline(photo, &card, *state) < 6);
}

/* A sheet that goes on beyond the picture is the table. */
static void what_runs_off_the_picture_is_no_card(void **state)
{
    struct ocr_image photo = ocr_image_new(*state, 480, 360, 3);
    memset(photo.p, 60, (size_t)480 * 360 * 3);
    struct ocr_quad sheet = box(0, 60, 300, 220);
    fill(photo, &sheet, 220);
    assert_true(nearest_outline(photo, &sheet, *state) > 20);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(finds_the_outline_of_a_card),
        unit_with_arena(an_outline_that_would_cut_text_off_is_not_taken),
        unit_with_arena(each_of_several_cards_is_found_whole),
        unit_with_arena(cards_that_no_colour_outlines_are_found_by_their_sides),
        unit_with_arena(squares_of_a_mat_are_not_cards),
        unit_with_arena(a_card_of_two_colours_is_one_card),
        unit_with_arena(a_side_that_cuts_letters_is_no_cards),
        unit_with_arena(an_outline_follows_the_letters_of_its_card),
        unit_with_arena(a_strip_with_all_the_text_is_cut_out),
        unit_with_arena(a_colour_outlines_what_brightness_does_not),
        unit_with_arena(a_vivid_card_stands_out_from_any_grey),
        unit_with_arena(stripes_are_one_island),
        unit_with_arena(what_runs_off_the_picture_is_no_card),
        unit_with_arena(print_without_an_outline_is_a_card_of_the_others_size),
        unit_with_arena(a_box_of_print_leaves_the_next_card_alone),
        unit_with_arena(a_card_grows_over_a_band_that_looks_like_the_table),
        unit_with_arena(a_card_at_dusk_is_found),
        cmocka_unit_test(quads_have_in_common_what_lies_in_both),
        unit_with_arena(columns_of_text_are_not_cards),
        unit_with_arena(a_scan_is_read_to_its_edge),
        unit_with_arena(on_a_table_the_text_says_where_the_card_is),
        unit_with_arena(rows_that_fan_out_are_lines_in_perspective),
        unit_with_arena(steep_rows_of_text_give_their_angle),
    };
    return cmocka_run_group_tests_name("ocr find", tests, NULL, NULL);
}

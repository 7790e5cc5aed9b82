/* The closer look at single lines, with an engine that says what the test tells it to. */
#include "ocr/image/image.h"
#include "ocr/text/again.h"
#include "tests/unit/unit.h"

enum { WIDE = 1800, HIGH = 1000, ROW = 30 };

/* What the engine answers: `words` to pictures no higher than `highest` and no wider than `widest`, nothing to others.
 */
static struct {
    struct ocr_word words[4];
    size_t n;
    int highest, widest, asked;
} answer;

void ocr_engine_read(struct ocr_engine *engine _unused_, struct ocr_image gray, enum ocr_layout layout _unused_,
                     int deadline_ms _unused_, struct arena *arena, struct ocr_words *ret_words)
{
    bool fits = gray.h <= answer.highest && gray.w <= answer.widest;
    answer.asked++;
    *ret_words =
        (struct ocr_words){.items = arena_array(arena, answer.n, sizeof *answer.words), .n = fits ? answer.n : 0};
    memcpy(ret_words->items, answer.words, ret_words->n * sizeof *answer.words);
}

static struct ocr_word word(const char *text, double x, double y, double h, double confidence)
{
    return (struct ocr_word){
        .text = str_c(text), .confidence = confidence, .box = {x, y, 0.6 * h * (double)strlen(text), h}};
}

static void engine_says(const struct ocr_word *words, size_t n, int highest, int widest)
{
    memset(&answer, 0, sizeof answer);
    memcpy(answer.words, words, n * sizeof *words);
    answer.n = n;
    answer.highest = highest;
    answer.widest = widest;
}

static struct ocr_image paper(struct arena *arena)
{
    struct ocr_image image = ocr_image_new(arena, WIDE, HIGH, 1);
    memset(image.p, 255, (size_t)WIDE * HIGH);
    return image;
}

/* A band of ink from x on. */
static void draw(struct ocr_image image, int x, int width, int y)
{
    for (int row = y - 3; row <= y + 3; row++)
        memset(image.p + (size_t)row * WIDE + x, 0, (size_t)width);
}

static struct ocr_words look(struct ocr_image ink, struct ocr_word *words, size_t n, struct arena *arena)
{
    static const struct ocr_texts none = {.height = ROW};
    struct ocr_views views = {.ink = ink, .view = ink, .texts = &none, .scale = 1, .line_ms = 100};
    return ocr_again(&views, (struct ocr_words){.items = words, .n = n}, arena);
}

static bool has(const struct ocr_words *words, const char *text)
{
    for (size_t i = 0; i < words->n; i++)
        if (str_eq(words->items[i].text, str_c(text)))
            return true;
    return false;
}

static void an_icon_is_taken_off_an_address(void **state)
{
    const struct ocr_word seen[] = {word("Q", 0, 5, 30, 0.95), word("anna@muster.example", 40, 5, 30, 0.9)};
    struct ocr_word glued[] = {word("Qanna@muster.example", 100, 100, ROW, 0.81)};
    engine_says(seen, 2, HIGH, WIDE);
    struct ocr_words words = look(paper(*state), glued, 1, *state);
    assert_true(has(&words, "anna@muster.example"));
}

/* A name in large print goes on behind the words that were read, and below what was read out of a drawing; a rule below
 * it keeps the engine from reading the strip with all its paper. */
static void a_large_name_is_read_to_its_end(void **state)
{
    const struct ocr_word seen[] = {word("Anna", 0, 0, 30, 0.97), word("De", 90, 0, 30, 0.97),
                                    word("Muster", 130, 0, 30, 0.97)};
    struct ocr_word lines[] = {word("Anna", 100, 100, 75, 0.97),    word("De", 310, 100, 75, 0.97),
                               word("N", 450, 20, 300, 0.51),       word("Owner", 100, 300, ROW, 0.97),
                               word("Street", 100, 400, ROW, 0.97), word("Phone", 100, 500, ROW, 0.97),
                               word("Town", 100, 600, ROW, 0.97)};
    struct ocr_image ink = paper(*state);
    draw(ink, 430, 300, 137);
    engine_says(seen, 3, 45, WIDE);
    struct ocr_words words = look(ink, lines, ARRAY_LEN(lines), *state);
    assert_true(has(&words, "Muster"));
}

/* Twelve specks of a pattern that goes on and on wait until a doubtful word was looked at. */
static void texture_does_not_keep_words_from_a_closer_look(void **state)
{
    const struct ocr_word seen[] = {word("Muster", 0, 5, 30, 0.95)};
    struct ocr_word lines[13];
    struct ocr_image ink = paper(*state);
    for (int i = 0; i < 12; i++) {
        lines[i] = word("po", 100, 60 * i + 20, ROW, 0.3);
        draw(ink, 140, 1400, 60 * i + 35);
    }
    lines[12] = word("Musler", 100, 900, ROW, 0.4);
    engine_says(seen, 1, HIGH, 300);
    struct ocr_words words = look(ink, lines, ARRAY_LEN(lines), *state);
    assert_true(has(&words, "Muster"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(an_icon_is_taken_off_an_address),
        unit_with_arena(a_large_name_is_read_to_its_end),
        unit_with_arena(texture_does_not_keep_words_from_a_closer_look),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A card for tests: lines of text become a page with boxes, as the layout would give it. */
#ifndef TESTS_UNIT_OCR_PAGE_H
#define TESTS_UNIT_OCR_PAGE_H

#include "ocr/fields/fields.h"
#include "tests/unit/unit.h"

struct page_line {
    const char *text;
    double height; /* letter height in pixels; 0 = 30 */
    double gap;    /* to the line above, in heights; 0 = 0.5 */
};

/* Lines below each other from the left edge; words split at blanks, all read with confidence 0.95. */
static inline struct ocr_page page_of(struct arena *arena, const struct page_line *lines, size_t n)
{
    struct ocr_page page = {.lines = arena_array(arena, n, sizeof *page.lines), .n = n, .width = 1000, .height = 600};
    double y = 20;
    for (size_t i = 0; i < n; i++) {
        struct ocr_line *line = &page.lines[i];
        double h = lines[i].height > 0 ? lines[i].height : 30, x = 40;
        struct str rest = str_c(lines[i].text), word;
        y += h * (lines[i].gap > 0 ? lines[i].gap : 0.5);
        line->words = arena_array(arena, rest.n + 1, sizeof *line->words);
        while (str_split(&rest, ' ', &word)) {
            double w = 0.6 * h * (double)word.n;
            line->words[line->n++] = (struct ocr_word){.text = word, .confidence = 0.95, .box = {x, y, w, h}};
            x += w + 0.4 * h;
        }
        line->text = str_c(lines[i].text);
        line->box = (struct ocr_box){40, y, x - 40, h};
        line->height = h;
        y += h;
    }
    return page;
}

/* Reads the lines and gives the card; region "DE". */
static inline struct ocr_card card_of(struct arena *arena, const struct page_line *lines, size_t n)
{
    struct ocr_page page = page_of(arena, lines, n);
    struct ocr_card card = {0};
    struct err err;
    assert_int_equal(ocr_fields_read(&page, "DE", arena, &card, &err), 0);
    return card;
}

static inline const struct contact_value *value_of(const struct json_list *list, size_t i)
{
    assert_true(i < list->n);
    return (const struct contact_value *)list->items + i;
}

/* The claim of a field, or NULL. */
static inline const struct contact_claim *claim_of(const struct ocr_card *card, const char *field)
{
    const struct contact_claim *claims = card->fields.items;
    for (size_t i = 0; i < card->fields.n; i++)
        if (str_eq(claims[i].field, str_c(field)))
            return &claims[i];
    return NULL;
}

#define CARD(arena, lines) card_of(arena, lines, ARRAY_LEN(lines))

#endif

/* Any text as the lines of a card: recognising must end with a contact whose texts are UTF-8. The first byte of a line
 * sets its size; a line that begins with "BEGIN" and all behind it are a code's payload. */
#include "ocr/fields/fields.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES = 64, INPUT = 8192 };

static void put_words(struct ocr_line *line, struct str text, double y, struct arena *arena)
{
    struct str rest = text, word;
    double height = 10 + (text.n ? text.p[0] & 31 : 0), x = 0;
    line->words = arena_array(arena, text.n + 1, sizeof *line->words);
    while (str_split(&rest, ' ', &word)) {
        double w = (double)word.n * 8;
        line->words[line->n++] = (struct ocr_word){.text = word, .confidence = 0.5, .box = {x, y, w, height}};
        x += w + 8;
    }
    line->text = text;
    line->height = height;
    line->box = (struct ocr_box){0, y, x, height};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {size ? (const char *)data : "", size}, line, code = STR_NONE;
    struct ocr_line lines[LINES] = {{0}};
    struct ocr_page page = {.lines = lines, .width = 1000, .height = 600};
    struct ocr_card card = {0};
    struct err err;
    if (size > INPUT || !utf8_valid(rest))
        return 0;
    struct arena *arena = arena_new((size_t)512 * 1024 * 1024);
    while (page.n < LINES && !code.p && str_split(&rest, '\n', &line)) {
        if (str_starts(line, STR("BEGIN")) || str_starts(line, STR("MECARD")))
            code = (struct str){line.p, (size_t)((const char *)data + size - line.p)};
        else
            put_words(&lines[page.n], line, (double)page.n * 40, arena);
        page.n += !code.p;
    }
    page.codes = (struct json_list){&code, code.p != NULL};
    assert(ocr_fields_read(&page, "DE", arena, &card, &err) == 0 && card.contact);
    assert(utf8_valid(json_write(&contact_shape, card.contact, arena)));
    arena_free(arena);
    return 0;
}

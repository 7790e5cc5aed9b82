/* Any text as a rendered mail: the signature's ranges must be in order and hold none but the author's lines at their
 * ends; the page made of them must be one that the recognisers take. */
#include "ocr/fields/fields.h"
#include "ocr/mail/page.h"
#include "ocr/mail/quote.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { INPUT = 8192, WHOLE = 64 /* of so many sizes one is read to the contact: that takes ten times as long */ };
    struct str text = {size ? (const char *)data : "", size};
    if (size > INPUT || !utf8_valid(text))
        return 0;
    struct arena *arena = arena_new((size_t)64 * 1024 * 1024);
    struct ocr_mail_lines lines = ocr_mail_lines_of(text, arena);
    ocr_mail_quote_mark(&lines, arena);
    ocr_mail_footer_mark(&lines, arena);
    struct ocr_mail_ranges ranges = ocr_mail_block_find(ocr_mail_points_of(&lines, STR("anna muster"), arena), arena);
    for (size_t i = 0; i < ranges.n; i++) {
        const struct ocr_mail_range *range = &ranges.items[i];
        assert(range->first <= range->last && range->last < lines.n);
        assert(i == 0 || ranges.items[i - 1].last < range->first);
        for (size_t k = range->first; k <= range->last; k++)
            assert(lines.items[k].zone != OCR_MAIL_QUOTED);
    }
    struct ocr_page page = ocr_mail_page_of(&lines, &ranges, false, NULL, arena);
    assert(page.n <= OCR_FIELDS_LINES);
    for (size_t i = 0; i < page.n; i++)
        assert(page.lines[i].n > 0 && utf8_valid(page.lines[i].text));
    struct ocr_mail mail;
    struct err err;
    if (size % WHOLE == 0)
        assert(ocr_mail_read_text(text, "DE", arena, &mail, &err) == 0);
    arena_free(arena);
    return 0;
}

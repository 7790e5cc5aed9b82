/* Any text as HTML: rendering must end with UTF-8 lines, and nothing of a blockquote may be the author's. */
#include "ocr/mail/lines.h"
#include "ocr/mail/render/html.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { INPUT = 16384 };
    struct str html = {size ? (const char *)data : "", size};
    if (size > INPUT || !utf8_valid(html))
        return 0;
    struct arena *arena = arena_new((size_t)64 * 1024 * 1024);
    struct str text = ocr_mail_html_text(html, arena);
    assert(text.n == 0 || utf8_valid(text));
    struct ocr_mail_lines lines = ocr_mail_lines_of(text, arena);
    for (size_t i = 0; i < lines.n; i++) {
        struct str line = lines.items[i].text;
        assert(line.n == 0 || (utf8_valid(line) && !memchr(line.p, '\n', line.n)));
    }
    struct str quoted = ocr_mail_html_text(STR("<blockquote>q"), arena);
    lines = ocr_mail_lines_of(quoted, arena);
    assert(lines.n == 1 && lines.items[0].zone == OCR_MAIL_QUOTED);
    arena_free(arena);
    return 0;
}

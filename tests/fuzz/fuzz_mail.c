/* Any bytes as a mail: taking it apart must end with UTF-8 within the ceilings. */
#include "ocr/mail/lines.h"
#include "ocr/mail/render/charset.h"
#include "ocr/mail/render/mime.h"
#include "ocr/mail/render/trim.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void whole(struct str text)
{
    assert(text.n <= OCR_MAIL_TEXT && (text.n == 0 || utf8_valid(text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { INPUT = 16384 };
    struct str bytes = {size ? (const char *)data : "", size};
    struct ocr_mail_head head;
    if (size > INPUT)
        return 0;
    struct arena *arena = arena_new((size_t)64 * 1024 * 1024);
    struct str trimmed = ocr_mail_trim(bytes, arena, &head);
    assert(trimmed.n <= size + 2);
    struct ocr_mail_parts parts = ocr_mail_mime_read(trimmed, arena);
    whole(parts.plain);
    whole(parts.html);
    whole(parts.from_name);
    whole(parts.from_email);
    whole(parts.subject);
    whole(ocr_mail_charset_utf8(bytes, STR("iso-2022-jp"), arena));
    arena_free(arena);
    return 0;
}

/* MIME (RFC 2045-2049) to text parts; the file behind it alone knows GMime. Internal to ocr/mail. */
#ifndef OCR_MAIL_RENDER_MIME_H
#define OCR_MAIL_RENDER_MIME_H

#include "base/str.h"

enum {
    OCR_MAIL_DEPTH = 12, /* parts within parts; deeper ones are not looked at */
};

struct ocr_mail_parts {
    struct str from_name, from_email; /* decoded (RFC 2047), UTF-8, one line; absent when the field has none */
    struct str subject;
    struct str plain, html; /* all shown parts of the kind, joined by line ends; "" when there is none. UTF-8 */
    bool report;            /* multipart/report (RFC 6522): a bounce, a receipt */
    bool calendar;          /* text/calendar: an invitation or its answer */
};

void ocr_mail_mime_warm(void);

/* Takes a trimmed mail (trim.h) apart. Attachments, forwarded messages and named texts are passed over. What cannot be
 * parsed gives empty parts. */
struct ocr_mail_parts ocr_mail_mime_read(struct str trimmed, struct arena *arena);

#endif

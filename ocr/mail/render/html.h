/* HTML mail to text as people see it. A walk over the tags, no tree: what mails are made of nests by the thousand and
 * is never closed, and a tree would cost more than all the rest. Linear in the input. Internal to ocr/mail. */
#ifndef OCR_MAIL_RENDER_HTML_H
#define OCR_MAIL_RENDER_HTML_H

#include "base/str.h"

/* Lines end where blocks and rows do; table cells of a row are divided by a tab; scripts, styles, the head and comments
 * are left out. Quotes stand between OCR_MAIL_QUOTE_BEGIN and _END (lines.h), an unclosed one to the end: blockquote,
 * and the containers in which mail programs put what they answer to. UTF-8 in, UTF-8 out. */
struct str ocr_mail_html_text(struct str html, struct arena *arena);

/* Code point of an entity's name without & and ;, 0 when there is none (HTML 4.01, 24). */
uint32_t ocr_mail_entity(struct str name);

#endif

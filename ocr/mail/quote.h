/* Whose words the lines of a mail are. Internal to ocr/mail. */
#ifndef OCR_MAIL_QUOTE_H
#define OCR_MAIL_QUOTE_H

#include "ocr/mail/lines.h"

/* Marks quoted and forwarded text and the lines that announce it: prefixes (RFC 3676, 4.5), "On … wrote:" in the
 * languages of mail_cues.txt, wrapped or not, header blocks, "Original Message" and its kin. Where no prefix says how
 * far a quote goes, it goes to the end of the mail. */
void ocr_mail_quote_mark(struct ocr_mail_lines *lines, struct arena *arena);

/* Marks the foot lines of mailing lists and free mail services, then confidentiality notices, among the author's
 * lines. */
void ocr_mail_footer_mark(struct ocr_mail_lines *lines, struct arena *arena);

/* True for a line of dashes, underscores, stars and the like, at least four. */
bool ocr_mail_rule(struct str text);
/* True for the delimiter of signatures "-- " (RFC 3676, 4.3) and what people make of it. */
bool ocr_mail_delimiter(struct str text);

#endif

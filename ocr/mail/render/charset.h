/* Bytes of any character set to UTF-8; the file that knows iconv(3). Internal to ocr/mail. */
#ifndef OCR_MAIL_RENDER_CHARSET_H
#define OCR_MAIL_RENDER_CHARSET_H

#include "base/str.h"

/* Loads the conversions, which are files of their own. */
void ocr_mail_charset_warm(void);

/* Text without NUL, valid UTF-8. `name` is what the mail says (absent: nothing); character sets outside our table,
 * UTF-7 among them, and texts that are not what they say are UTF-8 if they can be, else Windows-1252. */
struct str ocr_mail_charset_utf8(struct str bytes, struct str name, struct arena *arena);

#endif

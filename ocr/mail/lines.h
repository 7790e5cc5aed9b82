/* A mail as lines: text as people see it, numbered from 0 here (from 1 in answers). Internal to ocr/mail. */
#ifndef OCR_MAIL_LINES_H
#define OCR_MAIL_LINES_H

#include "ocr/mail/cues.h"

enum {
    OCR_MAIL_LINES = 4000,         /* more are cut */
    OCR_MAIL_TEXT = 512 * 1024,    /* bytes of text, more are cut */
    OCR_MAIL_LOOK = 240,           /* bytes of a line that are looked at for what it is */
    OCR_MAIL_QUOTE_BEGIN = '\x01', /* marks in rendered HTML: what follows is quoted … */
    OCR_MAIL_QUOTE_END = '\x02',   /* … until here; they nest */
};

/* Whose words a line is. */
enum ocr_mail_zone {
    OCR_MAIL_AUTHOR,
    OCR_MAIL_QUOTED,     /* somebody else's, and the line that announces them */
    OCR_MAIL_FOOTER,     /* of a mailing list or a free mail service */
    OCR_MAIL_DISCLAIMER, /* confidentiality notices and the like */
};

struct ocr_mail_line {
    struct str text; /* no line end, no blanks behind; may be empty */
    struct str fold; /* of at most its first OCR_MAIL_LOOK bytes (contact_text_fold); see ocr_mail_line_fold */
    enum ocr_mail_zone zone;
    struct ocr_mail_cues *cues; /* of fold; see ocr_mail_line_cues */
};

struct ocr_mail_lines {
    struct ocr_mail_line *items;
    size_t n;
};

/* Splits UTF-8 text at CRLF, CR, LF, form feed; no-break blanks become blanks, zero-width ones vanish, blank lines at
 * the end are dropped. Zones are OCR_MAIL_AUTHOR, or OCR_MAIL_QUOTED between the marks above. */
struct ocr_mail_lines ocr_mail_lines_of(struct str text, struct arena *arena);

/* The folded text, made when it is first asked for. Never absent. */
struct str ocr_mail_line_fold(struct ocr_mail_line *line, struct arena *arena);
/* What is said in it; worked out once. */
const struct ocr_mail_cues *ocr_mail_line_cues(struct ocr_mail_line *line, struct arena *arena);
/* At most the first n bytes, ending between two characters. */
struct str ocr_mail_line_cut(struct str text, size_t n);
/* The text without blanks in front. */
struct str ocr_mail_line_start(struct str text);

#endif

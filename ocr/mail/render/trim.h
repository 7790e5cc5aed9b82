/* What the MIME parser gets to see of a mail: a copy in which everything that could make it slow or deep is cut, and
 * what no signature stands in (attachments, trace headers) is left out. Linear in the input. Internal to ocr/mail. */
#ifndef OCR_MAIL_RENDER_TRIM_H
#define OCR_MAIL_RENDER_TRIM_H

#include "base/str.h"

enum {
    OCR_MAIL_KEPT = 1024 * 1024, /* bytes of the copy; the rest of the mail is cut */
    OCR_MAIL_HEADER = 2048,      /* bytes of one header field; a longer one is cut after its last whole line */
    OCR_MAIL_MULTIPARTS = 24,    /* parts that have parts; the mail is cut before the next */
    OCR_MAIL_PARTS = 100,        /* boundaries; the mail is cut behind the last */
};

struct ocr_mail_head {
    bool from;        /* there is a From field: it is a mail, not a bare text */
    bool discussion;  /* over a mailing list that people write to (List-Post, RFC 2369; Mailman's fields) */
    bool unsubscribe; /* List-Unsubscribe (RFC 2369), or a precedence of bulk mail */
    bool campaign;    /* one click to unsubscribe (RFC 8058), or a field that only senders of campaigns set */
    bool automatic;   /* Auto-Submitted (RFC 3834), or one of the fields that stand for it */
    bool bounce;      /* from nobody: an empty Return-Path */
};

/* Fields of the head that the parser needs, and the body, trimmed; *ret_head says what the other fields meant. */
struct str ocr_mail_trim(struct str bytes, struct arena *arena, struct ocr_mail_head *ret_head);

#endif

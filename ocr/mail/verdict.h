/* Person, robot or crowd: who wrote a mail, and whether the signature is the sender's. Internal to ocr/mail. */
#ifndef OCR_MAIL_VERDICT_H
#define OCR_MAIL_VERDICT_H

#include "ocr/mail/lines.h"
#include "ocr/mail/mail.h"
#include "ocr/mail/render/trim.h"

/* What is known of a mail when it is judged. */
struct ocr_mail_evidence {
    const struct ocr_mail_head *head;     /* NULL: no header, only text */
    const struct ocr_mail_sender *sender; /* NULL: unknown */
    struct str subject;
    bool report, calendar; /* mime.h */
};

/* OCR_MAIL_NEWSLETTER, OCR_MAIL_AUTOMATIC, or OCR_MAIL_PERSON for a mail that a person may have written. */
enum ocr_mail_verdict ocr_mail_verdict_kind(const struct ocr_mail_evidence *evidence, struct ocr_mail_lines *lines,
                                            struct arena *arena);

/* Whether a contact is a person, and the one who sent the mail: the signature prints the sender's address, or its name
 * is in the display name or the address. Role addresses (info@, office@, no-reply@) are nobody's. Without a sender, a
 * name is enough. */
bool ocr_mail_verdict_agrees(const struct contact *contact, const struct ocr_mail_sender *sender, struct arena *arena);

#endif

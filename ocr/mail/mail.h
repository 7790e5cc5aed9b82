/* From one e-mail to the contact in its signature. A function from values to values: no file, clock or socket.
 *
 *   bytes --trim--> what a parser may see --mime--> text or HTML --html, lines--> lines (as people see them)
 *         --quote--> whose words they are --marks, block--> signature lines --page--> ocr/fields --> contact -->
 * verdict
 *
 * Nothing is ever taken from quoted or forwarded text. Work is bounded by the ceilings of ocr/mail/render/trim.h and
 * lines.h: what lies beyond is not looked at. kartei-parse runs this in its locked-up child (services/parse_client.h:
 * parse_client_mail), `kartei signature` prints it. */
#ifndef OCR_MAIL_MAIL_H
#define OCR_MAIL_MAIL_H

#include "contact/contact.h"

/* What a mail is to somebody who collects contacts. */
enum ocr_mail_verdict {
    OCR_MAIL_PERSON,     /* a person signed, and the sender's address agrees: the contact may be suggested */
    OCR_MAIL_NONE,       /* nobody signed, or a group, a robot, somebody other than the sender */
    OCR_MAIL_NEWSLETTER, /* sent to many: contact is NULL */
    OCR_MAIL_AUTOMATIC,  /* sent by a program: notice, bounce, absence, invitation: contact is NULL */
};
extern const char *const ocr_mail_verdict_words[]; /* "person", "none", "newsletter", "automatic", NULL */

/* The From header (RFC 5322, 3.6.2), decoded. */
struct ocr_mail_sender {
    struct str name;  /* as displayed; absent when the header has only an address */
    struct str email; /* the address, domain in lower case; absent when it is none */
};

struct ocr_mail {
    int verdict;                    /* enum ocr_mail_verdict */
    struct contact *contact;        /* what the signature says; NULL when there is none */
    struct json_list fields;        /* struct contact_claim with confidence; no boxes */
    struct ocr_mail_sender *sender; /* NULL when nobody says who sent it */
    struct str ranges;  /* JSON [[first,last],…]: signature lines of the rendered text, 1-based, both inclusive */
    struct str problem; /* slug of base/errors.def when the mail could not be read, else absent */
    struct str param;   /* fills {} of its sentence */
};
extern const struct json_shape ocr_mail_shape, ocr_mail_sender_shape;

/* Loads whatever loads lazily (GMime, character sets, phone metadata), so that the process may lock itself up
 * afterwards. Idempotent. */
void ocr_mail_warm(void);

/* Reads the bytes of a mail (RFC 5322, MIME; an mbox "From " line in front is passed over). A file without a From
 * header is taken as the bare text or HTML of one. `region` (ISO 3166-1 alpha-2, NULL: none) completes national phone
 * numbers where the signature does not say where it comes from. A mail without a signature is an answer, not an error.
 * Values live in the arena (64 MiB are enough for any input). Errors: ERR_TOO_LARGE (over LIMIT_MAIL_BYTES). */
int ocr_mail_read(struct str bytes, const char *region, struct arena *arena, struct ocr_mail *ret_mail,
                  struct err *err);
/* The same for text that is rendered already, UTF-8 with one line a line. Nobody says who sent it: the verdict rests on
 * the text alone. */
int ocr_mail_read_text(struct str text, const char *region, struct arena *arena, struct ocr_mail *ret_mail,
                       struct err *err);

/* The answer that says why there is none: slug and parameter of the error. */
struct ocr_mail ocr_mail_of(const struct err *err, struct arena *arena);

#endif

/* The instance's own mail: handed to one mail server by SMTP (RFC 5321, RFC 6409), always encrypted, the certificate
 * verified, under the egress rules of egress.h. */
#ifndef CRM_CONNECTORS_SUBMISSION_SUBMISSION_H
#define CRM_CONNECTORS_SUBMISSION_SUBMISSION_H

#include "crm-connectors/http.h"

/* Where our mail goes, and from whom it is. */
struct crm_submission {
    struct crm_mail_host at;
    struct str user, password; /* absent user: nobody signs in there */
    struct str from;           /* address alone, also of the envelope */
};

/* One mail to one person. */
struct crm_letter {
    struct str to;         /* address alone */
    struct str subject;    /* UTF-8, one line */
    struct str text, html; /* UTF-8, lines ended by \n; both say the same */
    const char *language;  /* "de" or "en" */
};

/* Whether a text may stand as an address in a header and in the envelope: ASCII without blanks, brackets, quotes and
 * control bytes, one @. */
bool crm_letter_address(struct str address);
/* The letter as a message (RFC 5322, MIME: both forms as alternatives in base64). ERR_INVALID: an address that may not
 * stand there, a subject of several lines. */
int crm_letter_compose(const struct crm_submission *via, const struct crm_letter *letter, int64_t now_ms,
                       struct arena *arena, struct str *ret_message, struct err *err);
/* The dialogue behind the sign-in; `wire` is lent. As crm_submission_send(). */
struct crm_smtp_wire {
    void *self;
    int (*send)(void *self, const char *p, size_t n, struct err *err);
    /* 1 to n bytes; 0 when the patience ended. */
    int (*receive)(void *self, char *p, size_t n, size_t *ret_n, struct err *err);
};
int crm_smtp_deliver(const struct crm_smtp_wire *wire, struct str from, struct str to, struct str message,
                     struct err *err);
/* Sends it. Errors: ERR_INVALID (see above), ERR_HOST_REFUSED, ERR_CRM_DOWN (no connection, no trust, no encryption, it
 * hung up: it may have been sent all the same), ERR_CRM_REAUTHORISE (user or password), ERR_CRM_REFUSED (its number).
 */
int crm_submission_send(struct crm_http *http, const struct crm_submission *via, const struct crm_letter *letter,
                        int64_t now_ms, struct err *err);

#endif

/* The kinds of mailboxes, and an IMAP mailbox opened for looking. They are rows of the same table as CRMs, with a form,
 * a way to sign in and a test, and nothing else of it: a mailbox is read, never written. */
#ifndef CRM_CONNECTORS_MAILBOX_MAILBOX_H
#define CRM_CONNECTORS_MAILBOX_MAILBOX_H

#include "crm-connectors/connector.h"
#include "crm-connectors/mailbox/imap.h"

/* All kinds, ended by NULL. Of each entry kind, name, form, oauth and test are set. */
extern const struct crm_connector *const crm_mailboxes[];
/* Entry of a kind, or NULL. */
const struct crm_connector *crm_mailbox_find(struct str kind);

/* The IMAP host of a mailbox's settings; Google's where they have none. ERR_INVALID with a pointer to the setting. */
int crm_mailbox_host(struct str settings, struct arena *arena, struct crm_mail_host *ret_at, struct err *err);

/* What is known of a mail provider, for the form. */
struct crm_mail_provider {
    const char *domains; /* blanks between: "gmx.de gmx.net" */
    const char *host;    /* of IMAP with TLS on port 993 */
    const char *hint;    /* key of the pages' catalogues: what to prepare there */
};
extern const struct crm_mail_provider crm_mail_providers[]; /* ended by a row without domains */

/* An IMAP mailbox, signed in. Zero-initialise; set until_mono_ms and wake_fd before opening. */
struct crm_mail {
    struct crm_stream *stream;
    struct crm_imap imap;
    int64_t until_mono_ms; /* nothing is waited for beyond: whatever a server does, it has an end */
    int wake_fd;           /* readable: stop waiting; -1 = none */
};
/* Connects by the lent settings, secret, tokens. Errors: ERR_INVALID (settings), those of crm_stream_open() and of the
 * bearer. Release with crm_mail_close() also after failure. */
int crm_mail_open(struct crm_lent *lent, struct arena *arena, struct crm_mail *mail, struct err *err);
void crm_mail_close(struct crm_mail *mail);

#endif

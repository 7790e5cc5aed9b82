/* Mail providers that people in Germany, Austria and Switzerland have, by their own help pages. Whoever is not here
 * types the host. */
#include "crm-connectors/mailbox/mailbox.h"

#define APP_PASSWORD "mailbox.hint.app_password" /* two-factor sign-in first, then a password for this one program */
#define SWITCH_ON    "mailbox.hint.switch_on"    /* IMAP is off until switched on in the provider's settings */
#define OWN_PASSWORD "mailbox.hint.own_password" /* a password of its own for mail programs */
#define CONSENT      "mailbox.hint.consent"      /* takes no passwords any more: connect by consent */
#define PLAIN        "mailbox.hint.plain"

const struct crm_mail_provider crm_mail_providers[] = {
    {"gmail.com googlemail.com", "imap.gmail.com", APP_PASSWORD},
    {"outlook.com outlook.de hotmail.com hotmail.de live.com live.de msn.com", "outlook.office365.com", CONSENT},
    {"gmx.de gmx.net gmx.at gmx.ch", "imap.gmx.net", SWITCH_ON},
    {"web.de", "imap.web.de", SWITCH_ON},
    {"t-online.de magenta.de", "secureimap.t-online.de", OWN_PASSWORD},
    {"freenet.de", "mx.freenet.de", PLAIN},
    {"posteo.de posteo.net", "posteo.de", PLAIN},
    {"mailbox.org", "imap.mailbox.org", APP_PASSWORD},
    {"icloud.com me.com mac.com", "imap.mail.me.com", APP_PASSWORD},
    {"yahoo.com yahoo.de", "imap.mail.yahoo.com", APP_PASSWORD},
    {"aol.com", "imap.aol.com", APP_PASSWORD},
    {"fastmail.com", "imap.fastmail.com", APP_PASSWORD},
    {"bluewin.ch", "imaps.bluewin.ch", PLAIN},
    {"a1.net aon.at", "securemail.a1.net", PLAIN},
    {NULL, NULL, NULL},
};

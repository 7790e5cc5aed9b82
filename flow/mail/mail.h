/* Mailboxes inside of flow: an opened one, what is remembered of how far it was looked at, and what becomes of a mail.
 */
#ifndef FLOW_MAIL_MAIL_H
#define FLOW_MAIL_MAIL_H

#include "flow/crm/crm.h"
#include "flow/mailbox.h"
#include "flow/self_test.h"
#include "store/mail/mailbox.h"

enum { FLOW_MAIL_BYTES = 2 * 1024 * 1024 /* of a mail that are looked at; what comes later is never fetched */ };

/* Asks the worker for a look; the job's id. */
int flow_mailbox_ask_check(struct store_tx *tx, const struct id *mailbox, struct id *ret_job, struct err *err);
/* The same, unless its sign-in was refused and it waits for its owner. */
int flow_mailbox_ask_due(struct store_tx *tx, const struct id *mailbox, struct arena *arena, struct id *ret_job,
                         struct err *err);
/* Signs in and notes the health; the owner only. */
int flow_mailbox_try(const struct flow *flow, const struct flow_actor *actor, struct id mailbox, struct arena *arena,
                     struct flow_connection_test *ret_test, struct err *err);
/* Health of the mailbox from a real call: NULL or ERR_NONE = well. Tells the event stream when it changed. Its own
 * failure is not the caller's. */
void flow_mail_note(const struct flow *flow, const struct id *org, const struct id *mailbox, const struct err *failure);

struct flow_health flow_mail_health(const struct flow_actor *actor, const struct store_connection *row,
                                    const struct flow_authorization *authorization, struct arena *arena);
/* The kept JSON of excluded senders as struct str each. */
int flow_mail_rules(struct str json, struct arena *arena, struct json_list *ret_rules, struct err *err);

/* One mailbox for one job. */
struct flow_mail {
    const struct flow *flow;
    struct flow_actor owner; /* on whose behalf contacts are made */
    struct flow_crm crm;     /* the connection with its secrets; lent to crm_mail_open() */
    struct store_mailbox row;
    struct json_list rules; /* struct str: excluded senders */
    bool paused;            /* no list, or one the owner may not write to any more */
    int64_t opened_at;      /* by the database's clock */
};
int flow_mail_open(const struct flow *flow, const struct id *org, const struct id *mailbox, struct flow_mail *ret_mail,
                   struct err *err);
void flow_mail_close(struct flow_mail *mail);

/* Whether a service tells us of new mail in mailboxes of this kind (crm-connectors/mailbox/graph.h). */
bool flow_mail_is_told(struct str kind);
/* Takes the subscription of the mailbox back, as far as the service answers; we forget it in any case. */
void flow_mail_untell(const struct flow *flow, const struct id *org, const struct store_mailbox *row);
/* The subscription, if there is one, is renewed by the next look: it may be gone there, or wants consent again. */
int flow_mail_renew_now(struct store_tx *tx, const struct id *mailbox, struct err *err);
/* How long nobody shall call the mailbox's service (ms); 0 = at once. */
int flow_mail_rests(const struct flow *flow, const struct id *org, const struct id *mailbox, int64_t *ret_ms,
                    struct err *err);

/* An administrator's consent, waited for: what the owner has to know. NULL: it is not waited for. `client`: of the
 * mailbox's provider; texts live in its arena. */
struct crm_oauth_client;
int flow_mail_admin(struct store_tx *tx, const struct flow *flow, const struct store_mailbox *row,
                    const struct crm_oauth_client *client, struct flow_admin_consent **ret_consent, struct err *err);
/* The address where an administrator consents. */
int flow_mail_admin_url(struct store_tx *tx, const struct flow *flow, const struct id *mailbox,
                        const struct crm_oauth_client *client, struct str *ret_url, struct err *err);

/* What one mail said: the answer of the locked-up reader (ocr_mail, JSON). */
struct flow_mail_read {
    struct str json;
    bool suggested; /* it became one, or added to one */
};
/* Whether there is anything to suggest in it: asks no database. */
bool flow_mail_says_something(struct str json, struct arena *arena);
/* Makes a suggestion of it, or adds to one that waits; nothing where everything is known already. */
int flow_mail_suggest(struct flow_mail *mail, struct store_tx *tx, struct flow_mail_read *read, struct arena *arena,
                      struct err *err);

#endif

/* Mailboxes that a service tells of new mail: what was subscribed to, and which mails were named and wait. Of a mail
 * only a keyed hash of its id is kept, and until it was looked at the sealed id. */
#ifndef STORE_MAIL_SUBSCRIPTION_H
#define STORE_MAIL_SUBSCRIPTION_H

#include "base/crypto.h"
#include "store/store.h"

struct store_subscription {
    struct str remote_id;      /* as the service names it */
    struct crypto_hash secret; /* SHA-256 of what every notification of it carries */
    int64_t expires_at, renew_at;
};

/* ERR_NOT_FOUND: there is none. */
int store_subscription_get(struct store_tx *tx, const struct id *mailbox, struct arena *arena,
                           struct store_subscription *ret_subscription, struct err *err);
/* The one of the mailbox, in place of any before. */
int store_subscription_put(struct store_tx *tx, const struct id *mailbox, const struct store_subscription *subscription,
                           struct err *err);
/* Other times for the one with .remote_id. ERR_NOT_FOUND. */
int store_subscription_renewed(struct store_tx *tx, const struct id *mailbox,
                               const struct store_subscription *subscription, struct err *err);
/* Forgets it, if it is still the one. */
int store_subscription_drop(struct store_tx *tx, const struct id *mailbox, struct str remote_id, struct err *err);
/* Over all organisations: whose the mailbox with this subscription is. ERR_NOT_FOUND. */
int store_subscription_find(struct store *store, const struct id *mailbox, struct str remote_id, struct id *ret_org,
                            struct crypto_hash *ret_secret, struct err *err);

/* Mail may have been missed until now: it is to be looked for (store_mailbox.gap_at). */
int store_mailbox_gap(struct store_tx *tx, const struct id *mailbox, struct err *err);

/* A mail was named: it waits, unless it does already or was looked at (*ret_new). */
int store_message_told(struct store_tx *tx, const struct id *mailbox, struct str remote_id, bool *ret_new,
                       struct err *err);
/* Those that wait (struct str), oldest first. */
int store_messages_waiting(struct store_tx *tx, const struct id *mailbox, int limit, struct arena *arena,
                           struct json_list *ret_ids, struct err *err);
/* Whether it waits or was looked at. */
int store_message_known(struct store_tx *tx, const struct id *mailbox, struct str remote_id, bool *ret_known,
                        struct err *err);
/* It was looked at, and is known for two days at least: service and delta query may name it once more. */
int store_message_done(struct store_tx *tx, const struct id *mailbox, struct str remote_id, struct err *err);
/* Forgets those that were looked at longer ago. */
int store_messages_prune(struct store_tx *tx, const struct id *mailbox, struct err *err);

/* An administrator's consent: waited for, given, or no longer of interest. */
enum store_admin_consent { STORE_ADMIN_NONE, STORE_ADMIN_ASKED, STORE_ADMIN_GIVEN };
int store_mailbox_admin(struct store_tx *tx, const struct id *mailbox, enum store_admin_consent consent,
                        struct err *err);
/* What the way to the administrator and back carries, so that nobody else can say that consent was given. */
int store_mailbox_admin_mark(struct store_tx *tx, const struct id *mailbox, struct crypto_hash *ret_mark,
                             struct err *err);

#endif

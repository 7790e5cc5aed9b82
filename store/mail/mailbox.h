/* Mailboxes: what a connection (store/connection.h) of a person has besides. Of the mail itself nothing is kept. */
#ifndef STORE_MAIL_MAILBOX_H
#define STORE_MAIL_MAILBOX_H

#include "store/store.h"

struct store_mailbox {
    struct id id;        /* the connection's */
    struct id owner;     /* whose mailbox it is */
    struct id list;      /* where suggestions go; empty = nowhere: it pauses */
    struct str excluded; /* JSON of the caller: senders whose mail is not looked at; sealed at rest */
    struct str cursor;   /* JSON of the caller: how far it was looked at; sealed at rest; absent = not yet begun */
    int64_t since;       /* mail that came earlier is none of ours */
    int64_t checked_at;  /* last time that everything new had been looked at; 0 = never */
    int64_t looked, header_only, suggested; /* mails read, mails of excluded senders, suggestions made */
    int64_t version;
    bool watched;   /* somebody waits for news at this moment, or the service was asked to tell */
    int64_t gap_at; /* mail may have been missed until then; 0 = none was */
    int64_t admin_asked_at, admin_given_at; /* an administrator's consent is waited for, was given; 0 = not */
    int64_t renew_at;                       /* when the subscription (store/mail/subscription.h) is due; 0 = none */
};

/* Adds what belongs to the connection .id: .owner, .list, .excluded. */
int store_mailbox_add(struct store_tx *tx, const struct store_mailbox *mailbox, struct err *err);
int store_mailbox_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_mailbox *ret_mailbox,
                      struct err *err);
/* struct store_mailbox of a user (NULL = all), oldest first, at most 1000. */
int store_mailbox_list(struct store_tx *tx, const struct id *user, struct arena *arena, struct json_list *ret_mailboxes,
                       struct err *err);
/* Writes .list and .excluded over .version. ERR_STALE, ERR_NOT_FOUND. */
int store_mailbox_save(struct store_tx *tx, const struct store_mailbox *mailbox, struct err *err);
/* Deletes the mailbox with its connection, credentials and memory; suggestions stay. */
int store_mailbox_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err);

/* How far a check has come, and what it found meanwhile. */
struct store_mailbox_progress {
    struct str cursor; /* absent = unchanged */
    int64_t looked, header_only, suggested;
    bool complete;    /* nothing new is left: checked_at becomes now */
    int64_t begun_at; /* when the look began: gaps told until then are closed by a complete one */
};
int store_mailbox_progress(struct store_tx *tx, const struct id *id, const struct store_mailbox_progress *progress,
                           struct err *err);
/* Remembers by keyed hash what was suggested; *ret_new is false when it was before. */
int store_mailbox_seen(struct store_tx *tx, const struct id *id, struct str what, bool *ret_new, struct err *err);

struct store_watch {
    struct id watcher; /* fresh per process */
    const char *kinds; /* "imap,gmail" */
    int limit;
    int64_t lease_ms;
};
struct store_watched {
    struct id org, id;
};
/* Over all organisations: takes mailboxes that nobody waits at (struct store_watched). */
int store_mailbox_watch(struct store *store, const struct store_watch *watch, struct arena *arena,
                        struct json_list *ret_watched, struct err *err);
/* Holds it longer, or with lease 0 lets it go. ERR_NOT_FOUND: somebody else has it, or it is gone. */
int store_mailbox_watch_renew(struct store_tx *tx, const struct id *id, const struct id *watcher, int64_t lease_ms,
                              struct err *err);

#endif

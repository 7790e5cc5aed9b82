/* Mailboxes: a person's own account, whose incoming mail suggests contacts. Mail is looked at in memory and never kept
 * (docs/mailboxes.md); the owner decides who sees the suggestions, administrators see state and counts. */
#ifndef FLOW_MAILBOX_H
#define FLOW_MAILBOX_H

#include "flow/connect.h"
#include "flow/jobs.h"

/* What is known of a mail provider: resource "MailProvider". */
struct flow_mail_provider {
    struct json_list domains; /* struct str */
    struct str host;          /* of IMAP, TLS on port 993 */
    struct str hint_key;      /* key of the pages' catalogues */
};
/* Resource "MailboxKinds": how a mailbox can be connected. */
struct flow_mailbox_kinds {
    struct json_list kinds;     /* struct flow_connector */
    struct json_list providers; /* struct flow_mail_provider */
};

/* Resource "AdminConsent": the provider lets only an administrator allow the access. */
struct flow_admin_consent {
    struct str url;                /* of the provider's page, for the administrator */
    struct str asked_at, given_at; /* RFC 3339; given_at absent = not yet; then consent of one's own works */
};
/* Resource "Mailbox". To all but the owner .name, .settings, .authorization, .admin_consent, .excluded and .list_id
 * are absent. */
struct flow_mailbox {
    struct str id, kind, owner_id;
    bool own;
    struct str name;     /* the address */
    struct str settings; /* JSON object of the form's plain fields */
    struct flow_health health;
    struct flow_authorization *authorization; /* NULL: there is nothing to consent to */
    struct str list_id;                       /* absent: nowhere, it pauses */
    bool paused;
    struct json_list excluded; /* struct str: addresses and domains */
    bool watching;             /* told of new mail at once; else looked at every quarter of an hour */
    bool unreached;            /* it should be told, but the service cannot reach us (flow.notification_url) */
    struct flow_admin_consent *admin_consent; /* NULL: none is waited for */
    struct str checked_at;                    /* when everything new had been looked at; absent = never */
    int64_t looked, header_only, suggested;   /* counts since it was connected */
    struct str created_at;
    int64_t version;
};
/* Input of POST /v1/mailboxes; of PATCH with absent = unchanged (then kind must be absent). */
struct flow_mailbox_new {
    struct str kind;
    struct str settings, secret; /* JSON objects */
    struct str list_id;          /* "" = none */
    struct str excluded;         /* JSON array of texts; absent on creation: one's own domain unless everybody has it */
};
/* Resource "MailboxTest". */
struct flow_mailbox_test {
    bool ok;
    struct json_list steps; /* struct flow_test_step */
    struct flow_mailbox mailbox;
};
extern const struct json_shape flow_admin_consent_shape, flow_mail_provider_shape, flow_mailbox_kinds_shape,
    flow_mailbox_shape, flow_mailbox_new_shape, flow_mailbox_change_shape, flow_mailbox_test_shape;

int flow_mailbox_kinds(const struct flow *flow, struct arena *arena, struct flow_mailbox_kinds *ret_kinds);

/* Items are struct flow_mailbox: one's own; for administrators all. */
int flow_mailbox_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                      struct flow_list *ret_list, struct err *err);
int flow_mailbox_get(const struct flow *flow, const struct flow_actor *actor, struct id mailbox, struct arena *arena,
                     struct flow_mailbox *ret_mailbox, struct err *err);

/* Signs in first, then keeps it; where consent is needed, it waits for flow_authorize(). Errors: ERR_INVALID with a
 * pointer, ERR_HOST_REFUSED, ERR_MAIL_*: nothing was kept. */
int flow_mailbox_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_mailbox_new *input,
                        struct arena *arena, struct flow_mailbox *ret_mailbox, struct err *err);

struct flow_mailbox_change {
    struct id mailbox;
    int64_t version;
    struct flow_mailbox_new input;
};
/* The owner only. New settings or secrets are tried first. ERR_STALE. */
int flow_mailbox_patch(const struct flow *flow, const struct flow_actor *actor,
                       const struct flow_mailbox_change *change, struct arena *arena, struct flow_mailbox *ret_mailbox,
                       struct err *err);
/* The owner, and administrators. Credentials and all that was remembered go; suggestions stay. */
int flow_mailbox_delete(const struct flow *flow, const struct flow_actor *actor, struct id mailbox, int64_t version,
                        struct err *err);
/* Signs in now and says in words how far that came. The owner only. */
int flow_mailbox_test(const struct flow *flow, const struct flow_actor *actor, struct id mailbox, struct arena *arena,
                      struct flow_mailbox_test *ret_test, struct err *err);
/* Asks for a look now; the job's id. The owner only; ERR_CONFLICT while it pauses. */
int flow_mailbox_check(const struct flow *flow, const struct flow_actor *actor, struct id mailbox, struct id *ret_job,
                       struct err *err);

/* ---- For services that tell of news ---- */

#define FLOW_HOOK_PATH "/hooks/microsoft" /* behind flow.notification_url; the mailbox's id follows */

/* Takes what a service (Microsoft Graph) says at the address of a mailbox: each item of the JSON that names its
 * subscription and carries the secret of that asks for a look; all others are dropped without a word. Errors:
 * ERR_BAD_JSON, ERR_INVALID, ERR_STORE_DOWN (say it again). */
int flow_mail_told(const struct flow *flow, struct str mailbox, struct str json, struct err *err);

/* ---- For the worker: waiting for news ---- */

struct flow_watch {
    struct id org, mailbox, watcher; /* watcher: fresh per process */
    int wake_fd;                     /* readable: stop */
};
enum { FLOW_WATCH_LEASE_MS = 90 * 1000, FLOW_WATCH_MOST = 200 /* of one process */ };

/* Mailboxes that nobody waits at, taken for FLOW_WATCH_LEASE_MS (struct flow_watch without wake_fd); at most `most`. */
int flow_watch_claim(const struct flow *flow, const struct id *watcher, int most, struct arena *arena,
                     struct json_list *ret_watches, struct err *err);
/* Stays signed in to the mailbox and asks for a look whenever it has news, renewing the lease meanwhile; returns when
 * woken (0), or when it cannot be watched any longer (-1; the log may say why). The lease is given back either way, in
 * the second case after a pause. */
int flow_watch_run(const struct flow *flow, const struct flow_watch *watch, struct err *err);

#endif

/* Shapes of mailboxes; see flow/mailbox.h for what the members mean. */
#include "flow/mailbox.h"

#include "flow/authorize.h"
#include "flow/shape/rows.h"

static const struct json_field flow_mail_provider_rows[] = {
    TEXTS(flow_mail_provider, domains, "Of addresses there."),
    TEXT(flow_mail_provider, host, "Of IMAP, TLS on port 993."),
    TEXT(flow_mail_provider, hint_key, "Key of the pages' catalogues: what to prepare there."),
};
SHAPE(flow_mail_provider, "MailProvider");

static const struct json_field flow_mailbox_kinds_rows[] = {
    MANY(flow_mailbox_kinds, kinds, flow_connector_shape, "Ways to connect a mailbox, each with its form."),
    MANY(flow_mailbox_kinds, providers, flow_mail_provider_shape, "What is known of mail providers."),
};
SHAPE(flow_mailbox_kinds, "MailboxKinds");

static const struct json_field flow_admin_consent_rows[] = {
    TEXT(flow_admin_consent, url, "Of the provider's page where an administrator allows it for everybody."),
    TEXT(flow_admin_consent, asked_at, "RFC 3339: when the provider asked for one."),
    TEXT(flow_admin_consent, given_at, "RFC 3339: when one came back from there; null: not yet."),
};
SHAPE(flow_admin_consent, "AdminConsent");

static const struct json_field flow_mailbox_rows[] = {
    TEXT(flow_mailbox, id, "UUID."),
    TEXT(flow_mailbox, kind, NULL),
    TEXT(flow_mailbox, owner_id, "Whose mailbox it is."),
    YES(flow_mailbox, own, "Whether it is the asker's; to others only state and counts are shown."),
    TEXT(flow_mailbox, name, "The address; to its owner only."),
    RAW(flow_mailbox, settings, "The form's plain fields, to its owner only; secrets are never shown."),
    PART(flow_mailbox, health, flow_health_shape, NULL),
    MAYBE(flow_mailbox, authorization, flow_authorization_shape, "Null: there is nothing to consent to."),
    MAYBE(flow_mailbox, admin_consent, flow_admin_consent_shape,
          "To its owner: the provider wants an administrator's consent first; null: it does not."),
    TEXT(flow_mailbox, list_id, "Where suggestions go; null: nowhere, it pauses."),
    YES(flow_mailbox, paused, "No list is chosen: nothing is looked at."),
    TEXTS(flow_mailbox, excluded, "Addresses and domains whose mail is never read, only its header fields."),
    YES(flow_mailbox, watching, "Told of new mail at once; else it is looked at every 15 minutes."),
    YES(flow_mailbox, unreached, "It should be told at once, but the provider cannot reach KARTEI_NOTIFICATION_URL."),
    TEXT(flow_mailbox, checked_at, "RFC 3339: when everything new had been looked at; null = never."),
    WHOLE(flow_mailbox, looked, "Mails that were looked at."),
    WHOLE(flow_mailbox, header_only, "Mails of excluded senders, lists and programs: not read."),
    WHOLE(flow_mailbox, suggested, "Suggestions made."),
    TEXT(flow_mailbox, created_at, "RFC 3339."),
    WHOLE(flow_mailbox, version, "For If-Match."),
};
SHAPE(flow_mailbox, "Mailbox");

#define SECRET(t, member, note) ROW(t, member, ANY, .flags = JSON_WRITE_ONLY, .doc = (note))

static const struct json_field flow_mailbox_new_rows[] = {
    NEEDED(flow_mailbox_new, kind, 40, "Kind of mailbox."),
    RAW(flow_mailbox_new, settings, "Object of the form's plain fields."),
    SECRET(flow_mailbox_new, secret, "Object of the form's secret fields."),
    LIMITED(flow_mailbox_new, list_id, 36, "The list for suggestions; absent or empty: it pauses."),
    RAW(flow_mailbox_new, excluded,
        "Array of addresses and domains; absent: one's own domain, unless everybody can have an address there."),
};
SHAPE(flow_mailbox_new, "MailboxNew");

static const struct json_field flow_mailbox_change_rows[] = {
    RAW(flow_mailbox_new, settings, "Object of the form's plain fields; absent = unchanged."),
    SECRET(flow_mailbox_new, secret,
           "Object of the form's secret fields; absent = unchanged, which another server does not allow."),
    LIMITED(flow_mailbox_new, list_id, 36, "The list for suggestions; empty: it pauses; absent = unchanged."),
    RAW(flow_mailbox_new, excluded, "Array of addresses and domains; absent = unchanged."),
};
const struct json_shape flow_mailbox_change_shape = {"MailboxChange", sizeof(struct flow_mailbox_new),
                                                     flow_mailbox_change_rows, ARRAY_LEN(flow_mailbox_change_rows),
                                                     false};

static const struct json_field flow_mailbox_test_rows[] = {
    YES(flow_mailbox_test, ok, NULL),
    MANY(flow_mailbox_test, steps, flow_test_step_shape, NULL),
    PART(flow_mailbox_test, mailbox, flow_mailbox_shape, NULL),
};
SHAPE(flow_mailbox_test, "MailboxTest");

/* Shapes of connectors and connections; see the headers for what the members mean. */
#include "flow/authorize.h"
#include "flow/self_test.h"
#include "flow/shape/rows.h"
#include "flow/traffic.h"

const char *const flow_health_words[] = {"ok", "reauthorise", "down", "quota", "unknown", "consent", NULL};

const char *const flow_step_words[] = {"plain", "warning", "unsaid", NULL};

const char *const flow_policy_words[] = {"read", "propose", "confirm", "fill", NULL};

static const struct json_field flow_form_field_rows[] = {
    TEXT(flow_form_field, name, "Member of settings or secret."),
    TEXT(flow_form_field, kind, "url, text, password, key (several lines) or grant (one of oauth.grants)."),
    TEXTS(flow_form_field, grants, "Only asked for with these of oauth.grants; empty: always."),
    TEXT(flow_form_field, label_key, "Key of the pages' catalogues."),
    TEXT(flow_form_field, preset, "What the form starts with."),
    TEXTS(flow_form_field, offers, "Addresses to choose from; others are typed."),
    YES(flow_form_field, required, NULL),
    YES(flow_form_field, secret, "Goes into secret instead of settings."),
};
SHAPE(flow_form_field, "ConnectorField");

static const struct json_field flow_scope_rows[] = {
    TEXT(flow_scope, name, "As the provider calls it."),
    TEXT(flow_scope, reason_key, "Key of the pages' catalogues: what it is needed for."),
    YES(flow_scope, granted, NULL),
};
SHAPE(flow_scope, "Scope");

static const struct json_field flow_connector_oauth_rows[] = {
    TEXT(flow_connector_oauth, callback, "Redirect address: to be registered with the provider, exactly so."),
    TEXTS(flow_connector_oauth, grants,
          "code: a person consents; key: an API key, a private app's token or a password, no OAuth; client: the app "
          "signs in by itself; jwt: by what it signs with its key."),
    MANY(flow_connector_oauth, scopes, flow_scope_shape, "Permissions that will be asked for."),
};
SHAPE(flow_connector_oauth, "ConnectorOAuth");

static const struct json_field flow_authorization_rows[] = {
    WORD(flow_authorization, state, flow_authorization_words,
         "needed: nobody has consented yet; granted; ended: consent is needed again; app: the app signs in by itself."),
    MANY(flow_authorization, scopes, flow_scope_shape, "Permissions asked for."),
    TEXTS(flow_authorization, too_many, "Permissions granted though nobody asked."),
    TEXT(flow_authorization, granted_by, "Id of the user."),
    TEXT(flow_authorization, granted_at, "RFC 3339."),
};
SHAPE(flow_authorization, "Authorization");

static const struct json_field flow_connector_rows[] = {
    TEXT(flow_connector, kind, NULL),
    TEXT(flow_connector, name, NULL),
    MANY(flow_connector, form, flow_form_field_shape, "Inputs of the connection's form."),
    TEXT(flow_connector, undo_create, "Whether a new record can be taken back: yes, partly or no."),
    TEXT(flow_connector, undo_create_key, "Key of the sentence that says what cannot, and why."),
    TEXT(flow_connector, undo_update, "Whether a change can be taken back: yes, partly or no."),
    TEXT(flow_connector, undo_update_key, "Key of the sentence that says what cannot, and why."),
    TEXTS(flow_connector, fields, "Contact fields the CRM has a place for."),
    MAYBE(flow_connector, oauth, flow_connector_oauth_shape,
          "How access is granted; null: by the form's secrets alone."),
};
SHAPE(flow_connector, "Connector");

static const struct json_field flow_health_rows[] = {
    WORD(flow_health, state, flow_health_words, "From the last real call."),
    TEXT(flow_health, sentence, "The same in words, in the user's language."),
    TEXT(flow_health, last_ok_at, "RFC 3339; null = never."),
};
SHAPE(flow_health, "Health");

static const struct json_field flow_pulling_rows[] = {
    WHOLE(flow_pulling, records, "Records that it has brought so far."),
    WHOLE(flow_pulling, of, "Of so many, as the CRM says; 0: it does not say."),
};
SHAPE(flow_pulling, "Pulling");

static const struct json_field flow_connection_rows[] = {
    TEXT(flow_connection, id, "UUID."),
    TEXT(flow_connection, kind, "Kind of CRM."),
    TEXT(flow_connection, name, NULL),
    RAW(flow_connection, settings, "The form's plain fields; secrets are never shown."),
    PART(flow_connection, health, flow_health_shape, NULL),
    MAYBE(flow_connection, authorization, flow_authorization_shape, "Null: there is nothing to consent to."),
    TEXT(flow_connection, pulled_at, "End of the last complete pull; null = never."),
    MAYBE(flow_connection, pulling, flow_pulling_shape,
          "The pull under way; null: none is, or it has brought nothing yet."),
    WHOLE(flow_connection, records, "Records that matching knows."),
    WORD(flow_connection, policy, flow_policy_words,
         "read: nothing is written; propose: changes are shown; confirm: written once a person confirmed; fill: empty "
         "fields of obvious "
         "matches are filled by themselves, too."),
    YES(flow_connection, can_merge, "The CRM can merge two of its records itself."),
    YES(flow_connection, native_merge, "It is allowed to; never undone."),
    WHOLE(flow_connection, mapping_version, "Of the field mapping; 0: as the connector comes."),
    WHOLE(flow_connection, mapping_warnings, "Fields of the CRM that no longer fit it."),
    TEXT(flow_connection, tested_at, "When it was last tested; null = never."),
    TEXT(flow_connection, created_at, "RFC 3339."),
    WHOLE(flow_connection, version, "For If-Match."),
};
SHAPE(flow_connection, "Connection");

#define SECRET(t, member, note) ROW(t, member, ANY, .flags = JSON_WRITE_ONLY, .doc = (note))

static const struct json_field flow_connection_new_rows[] = {
    NEEDED(flow_connection_new, kind, 40, "Kind of CRM."),
    NEEDED(flow_connection_new, name, 200, NULL),
    RAW(flow_connection_new, settings, "Object of the form's plain fields."),
    SECRET(flow_connection_new, secret, "Object of the form's secret fields."),
    WORD(flow_connection_new, policy, flow_policy_words, "Null: read; confirm for records that are kept here."),
};
SHAPE(flow_connection_new, "ConnectionNew");

static const struct json_field flow_connection_change_rows[] = {
    LIMITED(flow_connection_new, name, 200, "Absent = unchanged."),
    RAW(flow_connection_new, settings, "Object of the form's plain fields; absent = unchanged."),
    SECRET(flow_connection_new, secret,
           "Object of the form's secret fields; absent = unchanged, which another address does not allow."),
};
const struct json_shape flow_connection_change_shape = {"ConnectionChange", sizeof(struct flow_connection_new),
                                                        flow_connection_change_rows,
                                                        ARRAY_LEN(flow_connection_change_rows), false};

static const struct json_field flow_policy_change_rows[] = {
    ROW(flow_policy_change, policy, WORD, .flags = JSON_REQUIRED, .words = flow_policy_words),
    YES(flow_policy_change, native_merge,
        "Allows the CRM's own merge of two of its records; absent: it is not allowed."),
};
SHAPE(flow_policy_change, "PolicyChange");

static const struct json_field flow_test_step_rows[] = {
    TEXT(flow_test_step, name, "address, reach, sign-in, read, identity, version, quota, fields, rules, query."),
    TEXT(flow_test_step, sentence, "In the user's language."),
    YES(flow_test_step, ok, NULL),
    WORD(flow_test_step, weight, flow_step_words,
         "plain; warning: it works, but somebody should look at it; unsaid: the CRM does not tell."),
    TEXTS(flow_test_step, items, "What the sentence speaks of, one by one, in the user's language."),
};
SHAPE(flow_test_step, "ConnectionTestStep");

static const struct json_field flow_connection_test_rows[] = {
    YES(flow_connection_test, ok, NULL),
    TEXT(flow_connection_test, at, "RFC 3339."),
    TEXT(flow_connection_test, by, "Name of who started it; null: that user is gone."),
    MANY(flow_connection_test, steps, flow_test_step_shape, NULL),
    PART(flow_connection_test, connection, flow_connection_shape, NULL),
};
SHAPE(flow_connection_test, "ConnectionTest");

static const struct json_field flow_consent_rows[] = {
    TEXT(flow_consent, url, "The provider's own page, to be opened in the browser that asked."),
    TEXT(flow_consent, expires_at, "RFC 3339: the way back is open until then, once."),
};
SHAPE(flow_consent, "Consent");

static const struct json_field flow_disconnection_rows[] = {
    WORD(flow_disconnection, revoked, flow_revoked_words,
         "Whether the provider confirmed: done; failed: revoke it there by hand; none: there was nothing to revoke."),
    PART(flow_disconnection, connection, flow_connection_shape, NULL),
};
SHAPE(flow_disconnection, "Disconnection");

const char *const flow_call_words[] = {"read", "write", "pull", "test", "renew", NULL};

static const struct json_field flow_call_rows[] = {
    TEXT(flow_call, at, "RFC 3339: when it was over."),
    WORD(flow_call, work, flow_call_words, "renew: of the tokens."),
    TEXT(flow_call, write_back, "Id of the write-back that was sent or taken back."),
    TEXT(flow_call, problem, "How it ended, in the user's language; null: well."),
    WHOLE(flow_call, requests, NULL),
    WHOLE(flow_call, total_ms, "Of all its requests together."),
    WHOLE(flow_call, slowest_ms, NULL),
};
SHAPE(flow_call, "ConnectionCall");

static const struct json_field flow_call_fault_rows[] = {
    TEXT(flow_call_fault, problem, "In the user's language."),
    WHOLE(flow_call_fault, n, "How often."),
    TEXT(flow_call_fault, last_at, "RFC 3339."),
};
SHAPE(flow_call_fault, "ConnectionFault");

static const struct json_field flow_traffic_rows[] = {
    TEXT(flow_traffic, paused_at, "Since when nobody calls the CRM by itself; absent = it is not paused."),
    TEXT(flow_traffic, paused_by, "Name of who paused it."),
    WHOLE(flow_traffic, failures, "Calls in a row that failed."),
    TEXT(flow_traffic, retry_at, "Until then nobody calls by itself; absent = nothing rests."),
    WHOLE(flow_traffic, quota_left, "Calls that the vendor will still take, as it said last."),
    WHOLE(flow_traffic, quota_limit, "Of so many; 0 = it did not say."),
    TEXT(flow_traffic, quota_at, "When it said so; absent = never."),
    WHOLE(flow_traffic, waiting, "Write-backs on their way, or waiting for it."),
    WHOLE(flow_traffic, uncertain, "Write-backs of which nobody knows whether they arrived."),
    MANY(flow_traffic, calls, flow_call_shape, "The latest, newest first, without renewals."),
    MANY(flow_traffic, renewals, flow_call_shape, "The latest renewals of the tokens, newest first."),
    MANY(flow_traffic, faults, flow_call_fault_shape,
         "What went wrong, by kind, the most frequent first; without renewals."),
    WHOLE(flow_traffic, kept, "Pieces of work that these figures are of: the latest 500 at most."),
    WHOLE(flow_traffic, requests, "Of them."),
    WHOLE(flow_traffic, mean_ms, "Time to an answer."),
    WHOLE(flow_traffic, slowest_ms, NULL),
};
SHAPE(flow_traffic, "ConnectionTraffic");

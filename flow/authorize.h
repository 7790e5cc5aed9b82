/* Connecting by OAuth: a person is sent to the CRM's consent page and comes back with a code for tokens. What was begun
 * is bound to session, organisation, connection and its version, works once and for ten minutes. */
#ifndef FLOW_AUTHORIZE_H
#define FLOW_AUTHORIZE_H

#include "flow/connect.h"
#include "flow/sign_in.h"

#define FLOW_CALLBACK_PATH "/oauth/callback"

enum { FLOW_CONSENT_SECONDS = 600 };

/* Resource "Scope": a permission that is asked for. */
struct flow_scope {
    struct str name, reason_key; /* reason_key: of the pages' catalogues */
    bool granted;
};
/* How a kind of CRM is connected, for its form: resource "ConnectorOAuth". */
struct flow_connector_oauth {
    struct str callback;     /* to be registered with the vendor, exactly so */
    struct json_list grants; /* struct str: "code", "client" */
    struct json_list scopes; /* struct flow_scope, none granted */
};
/* The grant of a connection: resource "Authorization". */
struct flow_authorization {
    int state;                         /* flow_authorization_words: "needed", "granted", "ended", "app" */
    struct json_list scopes;           /* struct flow_scope */
    struct json_list too_many;         /* struct str: granted though nobody asked */
    struct str granted_by, granted_at; /* user id; RFC 3339; absent = nobody yet */
};
/* Resource "Consent". */
struct flow_consent {
    struct str url; /* of the CRM's own page: to be opened in this browser */
    struct str expires_at;
};
/* Resource "Disconnection". */
struct flow_disconnection {
    int revoked; /* flow_revoked_words: "done", "failed" (the provider did not confirm), "none" (it has no such call) */
    struct flow_connection connection;
};
extern const struct json_shape flow_scope_shape, flow_connector_oauth_shape, flow_authorization_shape,
    flow_consent_shape, flow_disconnection_shape;
extern const char *const flow_authorization_words[], *const flow_revoked_words[];

/* Begins: the address of the consent page. Errors: ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_CONFLICT (no consent is needed),
 * ERR_INVALID with a pointer, ERR_HOST_REFUSED. */
int flow_authorize(const struct flow *flow, const struct flow_who *who, struct id connection, struct arena *arena,
                   struct flow_consent *ret_consent, struct err *err);

/* What the browser brought back; absent where it brought none. */
struct flow_callback {
    struct str state, code, error, iss;
    struct str description;   /* of the error: read for its code, never shown */
    struct str admin_consent; /* from the page for administrators: "True" */
    bool repeated;            /* one of them came twice */
};
struct flow_connected {
    struct str connection_id, connection, organisation, user; /* names, for the page */
    bool works;                                               /* a first call went well … */
    struct str sentence;                                      /* … or what it said, in the user's language */
    struct str there;                                         /* the same of whom and where we are; absent = unsaid */
    bool too_few, too_many;                                   /* scopes */
    bool first;                                               /* nothing was ever pulled: it is being set up */
    bool mailbox;                                             /* it is one, not a CRM */
    struct str admin_url; /* not connected: an administrator has to consent first, there; else absent */
};
/* Ends: trades the code for tokens, keeps them, tries them. What was begun is used up whatever comes of it. Errors:
 * ERR_APP_* where the provider says what is wrong over there, else ERR_CONSENT with the reason, nothing kept;
 * ERR_FORBIDDEN. After an error connection_id and mailbox are there as far as it came that way. */
int flow_authorize_end(const struct flow *flow, const struct flow_who *who, const struct flow_callback *callback,
                       struct arena *arena, struct flow_connected *ret_connected, struct err *err);

/* Whether a state came back from the page for administrators, and what to make of it: *ret_given: one has consented,
 * and the owner of the mailbox is told. Whoever it is, signed in or not. ERR_CONSENT: it is none of ours. */
bool flow_admin_back(struct str state);
int flow_admin_end(const struct flow *flow, const struct flow_callback *callback, bool *ret_given, struct err *err);

/* Erases the tokens at once, then gives them back to the provider (RFC 7009). The connection and its mirror stay.
 * ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_CONFLICT where nobody consented to anything. */
int flow_disconnect(const struct flow *flow, const struct flow_actor *actor, struct id connection, struct arena *arena,
                    struct flow_disconnection *ret_disconnection, struct err *err);

#endif

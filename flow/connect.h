/* Connections: accounts at CRMs and address books, their health from the last real call, their secrets sealed. */
#ifndef FLOW_CONNECT_H
#define FLOW_CONNECT_H

#include "flow/flow.h"
#include "flow/policy.h"

/* One input of a connection's form. */
struct flow_form_field {
    struct json_list grants; /* struct str: kinds of connection that it belongs to; none: to all */
    struct str name;         /* "url", "password" … */
    struct str kind;         /* "text", "url", "password": for the page's input type */
    struct str label_key;    /* key of the pages' catalogues */
    struct str preset;       /* or absent */
    struct json_list offers; /* struct str: addresses to choose from; others are typed */
    bool required, secret;
};
struct flow_connector_oauth; /* flow/authorize.h */
struct flow_authorization;
/* Resource "Connector": a kind of CRM that this build knows. */
struct flow_connector {
    struct str kind, name;
    struct json_list form;                       /* struct flow_form_field */
    struct str undo_create, undo_update;         /* "yes", "partly", "no" */
    struct str undo_create_key, undo_update_key; /* keys of the pages' catalogues: what cannot, and why */
    struct json_list fields;                     /* struct str: contact fields it has a place for */
    struct flow_connector_oauth *oauth;          /* NULL: it has none */
};

struct flow_health {
    int state;             /* flow_health_words: "ok", "reauthorise", "down", "quota", "unknown", "consent" */
    struct str sentence;   /* in the actor's language */
    struct str last_ok_at; /* absent = never */
};
/* A pull under way. */
struct flow_pulling {
    int64_t records; /* that it has brought so far */
    int64_t of;      /* as the CRM says; 0 = it does not */
};
/* Resource "Connection". Secrets are never part of it. */
struct flow_connection {
    struct str id, kind, name;
    struct str settings; /* JSON object of the non-secret form fields */
    struct flow_health health;
    struct flow_authorization *authorization; /* OAuth's grant; NULL: there is nothing to consent to */
    struct str pulled_at;                     /* end of the last complete pull; absent = never */
    struct flow_pulling *pulling;             /* NULL: none is under way */
    int64_t records;                          /* in the mirror */
    int policy;                               /* flow_policy_words: what may be written */
    bool can_merge, native_merge;             /* the CRM can merge two of its records; it is allowed to */
    int64_t mapping_version;                  /* of the field mapping; 0 = as the connector comes */
    int64_t mapping_warnings;                 /* fields that no longer fit it */
    struct str tested_at;                     /* last self-test (flow/self_test.h); absent = never */
    struct str created_at;
    int64_t version;
};
/* Input of POST /v1/connections; of PATCH with absent = unchanged (then kind must be absent). */
struct flow_connection_new {
    struct str kind, name;
    struct str settings; /* JSON object */
    struct str secret;   /* JSON object, write only */
    int policy;        /* enum flow_write_policy; -1 = "read", for records that are kept here "confirm"; only of POST */
    bool native_merge; /* only with a change of the policy */
};
enum flow_step_weight { FLOW_STEP_PLAIN, FLOW_STEP_WARNING, FLOW_STEP_UNSAID };
struct flow_test_step {
    struct str name, sentence; /* "address", "reach", "sign-in", "read" …; in the actor's language */
    bool ok;
    int weight;             /* flow_step_words: "plain", "warning" (it works, look at it), "unsaid" (not told there) */
    struct json_list items; /* struct str: what the sentence speaks of, one by one */
};
extern const struct json_shape flow_connector_shape, flow_form_field_shape, flow_connection_shape, flow_health_shape,
    flow_connection_new_shape, flow_connection_change_shape, flow_test_step_shape, flow_pulling_shape;
extern const char *const flow_health_words[], *const flow_step_words[];

/* Items are struct flow_connector, respectively struct flow_connection. */
int flow_connector_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                        struct flow_list *ret_list, struct err *err);
int flow_connection_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                         struct flow_list *ret_list, struct err *err);
int flow_connection_get(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                        struct arena *arena, struct flow_connection *ret_connection, struct err *err);

/* Tests against the server first, then keeps it and asks for a first pull; where a person has to consent first, it is
 * kept untested and waits for flow_authorize(). Errors: ERR_FORBIDDEN (not an admin), ERR_INVALID with a pointer,
 * ERR_HOST_REFUSED, ERR_CRM_*: nothing was kept. */
int flow_connection_create(const struct flow *flow, const struct flow_actor *actor,
                           const struct flow_connection_new *input, struct arena *arena,
                           struct flow_connection *ret_connection, struct err *err);

struct flow_connection_change {
    struct id connection;
    int64_t version;
    struct flow_connection_new input;
};
/* Tested before it is kept, like a new one; what waited for "connect again" continues. Tokens that were granted for
 * another provider, app or address are given back and consent is needed again. ERR_STALE; ERR_INVALID with the
 * pointer "/secret/…" where another address comes without the secret: what is stored goes nowhere new. */
int flow_connection_patch(const struct flow *flow, const struct flow_actor *actor,
                          const struct flow_connection_change *change, struct arena *arena,
                          struct flow_connection *ret_connection, struct err *err);
/* What waits is held against the new policy when its turn comes. ERR_STALE. */
int flow_connection_policy(const struct flow *flow, const struct flow_actor *actor,
                           const struct flow_connection_change *change, struct arena *arena,
                           struct flow_connection *ret_connection, struct err *err);
/* Removes connection, secrets, mirror and candidates, and gives tokens back to their provider. ERR_CONFLICT while
 * write-backs are under way, and for the built-in address book. */
int flow_connection_delete(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                           int64_t version, struct err *err);
/* Asks the worker to bring the mirror up to date; the id of the job (the running one, if one is). */
int flow_connection_pull(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                         struct id *ret_job, struct err *err);

#endif

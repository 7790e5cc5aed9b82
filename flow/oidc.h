/* Single sign-on by OpenID Connect: the providers that an organisation trusts, and signing in by one. Who may become
 * whom is decided in flow/oidc/person.c and said in docs/adr/0019. */
#ifndef FLOW_OIDC_H
#define FLOW_OIDC_H

#include "flow/connect.h"
#include "flow/sign_in.h"

/* Seconds for the way there and back, and between two looks for new keys; providers and domains at most. */
enum { FLOW_OIDC_SECONDS = 600, FLOW_OIDC_KEYS_PAUSE = 60, FLOW_OIDC_PROVIDERS = 20, FLOW_OIDC_DOMAINS = 50 };

/* What an administrator says of a provider. Resource "IdentityProviderSettings". */
struct flow_provider_settings {
    struct str name;            /* as people see it on the sign-in page, before they are known */
    struct str issuer;          /* kind "oidc" */
    struct str tenant;          /* kind "microsoft": UUID, domain, "organizations", "common" */
    struct str client_id;       /* as the provider gave it */
    struct str team_id, key_id; /* kind "apple" */
    struct json_list domains;   /* struct str: e-mail domains; only their addresses lead to a user */
    bool sign_up;               /* somebody of these domains without a user becomes one, with the role "user" */
    bool vouches;               /* its "email" is believed without "email_verified": only of a provider of one's own */
    bool second_factor;         /* when it says that several factors were used (RFC 8176 "mfa"), none is asked here */
};
/* Resource "IdentityProvider". */
struct flow_provider {
    struct str id;
    int kind; /* flow_provider_kinds */
    struct flow_provider_settings settings;
    bool has_secret;
    struct str redirect_uri; /* to be registered there, exactly so */
    struct str sign_in_url;  /* leads straight to it: for bookmarks and tiles */
    int state;               /* flow_provider_states: "draft", "on", "off" */
    struct str tested_at;    /* RFC 3339; absent = not since it was changed */
    struct json_list hosts;  /* struct str, "host:port": whom Kartei contacts for it */
    struct str created_at;
    int64_t version;
};
/* Input of POST; of PATCH with absent = unchanged (then kind must be absent). */
struct flow_provider_input {
    int kind;                                /* -1 = absent */
    int state;                               /* "on" or "off", of PATCH; -1 = absent */
    struct flow_provider_settings *settings; /* as a whole; NULL = absent */
    struct str secret; /* JSON object: client_secret, or private_key (Apple's .p8 file); write only */
};
/* Resource "IdentityProviderTest". */
struct flow_provider_test {
    bool ok;
    struct json_list steps; /* struct flow_test_step: "address", "reach", "keys", "sign-in" */
    struct flow_provider provider;
};
extern const struct json_shape flow_provider_shape, flow_provider_settings_shape, flow_provider_input_shape,
    flow_provider_test_shape;
extern const char *const flow_provider_kinds[], *const flow_provider_states[];

/* All of these: ERR_FORBIDDEN by the rows of identity_provider. Items are struct flow_provider. */
int flow_provider_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                       struct flow_list *ret_list, struct err *err);
int flow_provider_get(const struct flow *flow, const struct flow_actor *actor, struct id provider, struct arena *arena,
                      struct flow_provider *ret_provider, struct err *err);
/* A draft: its redirect_uri is needed there before there is a client id. ERR_INVALID with a pointer, ERR_CONFLICT. */
int flow_provider_create(const struct flow *flow, const struct flow_actor *actor,
                         const struct flow_provider_input *input, struct arena *arena,
                         struct flow_provider *ret_provider, struct err *err);
struct flow_provider_change {
    struct id provider;
    int64_t version;
    struct flow_provider_input input;
};
/* Another issuer makes a draft of it and forgets the secret. ERR_CONFLICT: "on" needs a test that went well. */
int flow_provider_patch(const struct flow *flow, const struct flow_actor *actor,
                        const struct flow_provider_change *change, struct arena *arena,
                        struct flow_provider *ret_provider, struct err *err);
/* With what joined people to it; their users stay. ERR_STALE, ERR_NOT_FOUND. */
int flow_provider_delete(const struct flow *flow, const struct flow_actor *actor, struct id provider, int64_t version,
                         struct err *err);
/* Asks for endpoints and keys and keeps them when all is well. A failed test is a result. */
int flow_provider_try(const struct flow *flow, const struct flow_actor *actor, struct id provider, struct arena *arena,
                      struct flow_provider_test *ret_test, struct err *err);

/* ---- Signing in, nobody known yet ---- */

struct flow_oidc_offer {
    struct str id, name;
};
/* Providers for an address, by its domain alone (struct flow_oidc_offer): says nothing of whether there is a user. */
int flow_oidc_offers(const struct flow *flow, struct str email, struct arena *arena, struct json_list *ret_offers,
                     struct err *err);
/* One provider that is on. ERR_NOT_FOUND. */
int flow_oidc_offer(const struct flow *flow, struct id provider, struct arena *arena, struct flow_oidc_offer *ret_offer,
                    struct err *err);

struct flow_oidc_begun {
    struct str url;     /* of the provider's page */
    struct str browser; /* for a cookie of this browser: without it nobody comes back */
    bool form_post;     /* the way back is a form of the provider's page: the cookie must travel with that */
};
struct flow_oidc_wish {
    struct id provider;
    struct str next; /* a path of ours, or absent */
};
/* ERR_NOT_FOUND; ERR_BUSY (very many under way); ERR_RATE. */
int flow_oidc_begin(const struct flow *flow, const struct flow_asker *asker, const struct flow_oidc_wish *wish,
                    struct arena *arena, struct flow_oidc_begun *ret_begun, struct err *err);

/* What the browser brought back; absent where it brought none. */
struct flow_oidc_callback {
    struct id provider; /* of the address that it came to */
    struct str state, code, error, iss, browser;
    bool posted;   /* as a form, which only providers with form_post do */
    bool repeated; /* one of them came twice */
};
struct flow_oidc_arrived {
    struct flow_signed_in in;
    struct str next; /* what was given to flow_oidc_begin() */
};
/* Uses the attempt up. ERR_SSO with the reason in the asker's language; ERR_BAD_LOGIN: not active; ERR_RATE. */
int flow_oidc_end(const struct flow *flow, const struct flow_asker *asker, const struct flow_oidc_callback *callback,
                  struct arena *arena, struct flow_oidc_arrived *ret_arrived, struct err *err);

#endif

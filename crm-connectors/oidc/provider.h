/* Identity providers: the kinds that are known by name, what a provider says of itself (OpenID Connect Discovery 1.0),
 * its keys, and the secret that Apple wants signed. Endpoints are learned when an administrator tests the provider and
 * are kept from then on: no answer during a sign-in can name another. */
#ifndef CRM_CONNECTORS_OIDC_PROVIDER_H
#define CRM_CONNECTORS_OIDC_PROVIDER_H

#include "crm-connectors/oauth/oauth.h"
#include "crm-connectors/oidc/id_token.h"

struct crm_answer;

/* How far "email" of a kind may be believed; the organisation's own rule comes on top. */
enum crm_oidc_mail {
    CRM_OIDC_MAIL_VERIFIED,  /* "email_verified" */
    CRM_OIDC_MAIL_MICROSOFT, /* only "xms_edov": an "email" of Entra is whatever a tenant's administrator typed */
    CRM_OIDC_MAIL_GOOGLE,    /* "email_verified", and the domain is Google's or the one of "hd" */
};

struct crm_oidc_kind {
    const char *name;   /* "microsoft" */
    const char *issuer; /* may hold {tenant}: a setting; NULL: a setting as a whole */
    const char *scopes;
    bool form_post;     /* answers come as a form of the provider's page */
    bool signed_secret; /* the client secret is a JWT that we sign (Apple) */
    enum crm_oidc_mail mail;
};
/* Ended by a row without a name. */
extern const struct crm_oidc_kind crm_oidc_kinds[];
/* NULL when there is none of the name. */
const struct crm_oidc_kind *crm_oidc_kind_find(struct str name);

/* What a provider said of itself: kept as JSON by crm_oidc_place_shape. */
struct crm_oidc_place {
    struct str issuer; /* may hold CRM_OIDC_TENANT */
    struct str authorize, token, keys;
    struct str userinfo; /* or absent */
    bool basic;          /* client id and secret as HTTP Basic, else in the form */
    bool says_issuer;    /* its answers carry "iss" (RFC 9207): one without is refused */
};
extern const struct json_shape crm_oidc_place_shape;

/* The issuer of a kind by its settings ("issuer", "tenant"). ERR_INVALID with a pointer to the one that is missing or
 * no https address without query. */
int crm_oidc_issuer(const struct crm_oidc_kind *kind, struct str settings, struct arena *arena, struct str *ret_issuer,
                    struct err *err);
/* Reads a discovery document of `issuer` (JSON text). Errors: ERR_INVALID with what is wrong as its parameter: no JSON,
 * another issuer, an endpoint missing or refused by `allow` (crm_egress_url()), no code flow, no S256, none of our
 * algorithms, no way to authenticate that we know. */
int crm_oidc_read_place(struct str document, struct str issuer, const char *allow, struct arena *arena,
                        struct crm_oidc_place *ret_place, struct err *err);

/* Asks the provider at its issuer. Errors: as crm_http_send() and crm_oidc_read_place(); ERR_CRM_DOWN when it answers
 * anything else. */
int crm_oidc_discover(struct crm_http *http, struct str issuer, const char *allow, struct arena *arena,
                      struct crm_oidc_place *ret_place, struct err *err);
/* Fetches a JWK Set; one without a usable key is ERR_INVALID. */
int crm_oidc_fetch_keys(struct crm_http *http, struct str url, struct arena *arena, struct str *ret_keys,
                        struct err *err);

/* Adds e-mail and name that the token does not have (Core section 5.3): only of an answer with the token's own subject.
 * ERR_INVALID when it has another; else as crm_http_send(). */
int crm_oidc_ask_userinfo(struct crm_http *http, struct str url, struct str access, struct arena *arena,
                          struct crm_identity *identity, struct err *err);

/* What OAuth needs to know of the place. The parameters of the consent page that are OpenID's come in `extra`. */
struct crm_oauth crm_oidc_oauth(const struct crm_oidc_kind *kind, const struct crm_oidc_place *place, const char *extra,
                                struct arena *arena);
/* "&nonce=…" and what else the kind wants. */
char *crm_oidc_extra(const struct crm_oidc_kind *kind, struct str nonce, struct arena *arena);

/* Apple's client secret: {"client_secret":JWT} made of settings (client_id, team_id, key_id) and secret (private_key),
 * good for five minutes; for other kinds the secret as it is. ERR_INVALID with a pointer to what is missing. */
int crm_oidc_secret(const struct crm_oidc_kind *kind, const struct crm_oauth_client *client, struct str issuer,
                    struct str *ret_secret, struct err *err);

/* Whether the provider may be believed that the person owns the address. */
bool crm_oidc_mail_fine(const struct crm_oidc_kind *kind, const struct crm_identity *identity, struct arena *arena);

#endif

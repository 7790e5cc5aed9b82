/* OAuth 2.0 as a client (RFC 6749, RFC 7636 PKCE, RFC 7009 revocation, RFC 9700 good practice): what a vendor's entry
 * says, and the four requests that come from it. Keeps nothing; whoever calls stores, locks and decides. */
#ifndef CRM_CONNECTORS_OAUTH_OAUTH_H
#define CRM_CONNECTORS_OAUTH_OAUTH_H

#include "base/json.h"

struct crm_http;
struct crm_result;

struct crm_scope {
    const char *name;
    const char *reason; /* key of the pages' catalogues: what it is needed for */
};

/* The kinds of connection that a vendor offers. */
enum crm_grant {
    CRM_GRANT_CODE = 1,   /* a person consents in the browser */
    CRM_GRANT_KEY = 2,    /* no OAuth: an API key, a private app's token, or name and password */
    CRM_GRANT_CLIENT = 4, /* client credentials: the app alone, set up by an administrator there */
    CRM_GRANT_JWT = 8,    /* the app alone, by an assertion it signs with its key (RFC 7523) */
};
extern const char *const crm_grant_words[]; /* "code", "key", "client", "jwt", NULL; the n-th is bit n */
#define CRM_OAUTH_GRANT   "grant"           /* member of settings: one of the words, where the vendor offers several */
#define CRM_OAUTH_SUBJECT "subject"         /* member of settings: whom the assertion speaks for */
#define CRM_OAUTH_SIGNER  "private_key"     /* member of secret: RSA, PEM (PKCS #8 or #1), not encrypted */

/* One vendor. Addresses may hold {name}: that member of the connection's settings, as it is when it is an https
 * address, else percent-encoded; {name=text}: the text where the settings have none. */
struct crm_oauth {
    const char *authorize, *token; /* authorize: NULL without CRM_GRANT_CODE */
    const char *audience;          /* "aud" of assertions, with CRM_GRANT_JWT */
    const char *revoke;            /* NULL: the vendor has none */
    const char *issuer;            /* what "iss" of its answers must be (RFC 9207); NULL: it need not send one */
    const struct crm_scope *scopes;
    size_t n_scopes;
    const char *client_scope; /* asked for by client credentials; NULL: the scopes above */
    unsigned grants;          /* enum crm_grant, or-ed */
    bool pkce;                /* a code challenge is sent (S256); false only where the vendor refuses it */
    bool basic;               /* client id and secret as HTTP Basic instead of in the body */
    const char *extra;        /* more parameters of the consent page, "&prompt=consent", or NULL */
    const char *base_member;  /* member of the token answer that names the API's address, or NULL */
    const char *base_hosts;   /* what its host must end in, blanks between: ".salesforce.com .force.com" */
    int lifetime_s;           /* of access tokens when the answer does not say */
    const char *admin;        /* page where an administrator consents for everybody, or NULL: there is none */
    const char *resource;     /* what may stand before scopes in answers, blanks between: "https://api.example/" */
    const struct crm_refusal_word *refusals; /* refusal.h: what its refusals mean; NULL: only what RFC 6749 says */
    bool typed;                              /* answers must have "token_type" (RFC 6749 section 5.1) */
    bool exact;                              /* less than was asked for is of no use: it is refused */
};
/* Who asks: the vendor, settings ("client_id" in them) and secret ("client_secret"). */
struct crm_oauth_client {
    const struct crm_oauth *oauth;
    struct crm_http *http;
    struct str settings, secret; /* JSON objects */
    int64_t now_ms;
    struct arena *arena; /* should be a wiping one */
};

struct crm_tokens {
    struct str access;     /* visible ASCII, at most 8 KB */
    struct str refresh;    /* absent: keep the one there is */
    struct str scope;      /* as granted, blanks between; absent when the vendor does not say */
    struct str base;       /* https origin of the API, checked against base_hosts; absent without base_member */
    struct str id_token;   /* OpenID Connect's, not yet looked at, or absent */
    int64_t expires_at_ms; /* end of the access token's life */
};

/* What goes to the consent page and comes back from it. All texts are ours. */
struct crm_oauth_trip {
    struct str redirect_uri; /* exactly as registered there */
    struct str state;        /* 256 random bits, base64url */
    struct str verifier;     /* PKCE: 43 to 128 unreserved characters */
    struct str code;         /* crm_oauth_redeem(): what the vendor handed back */
};

/* Whether a text may be an authorization code: visible ASCII, not too long (RFC 6749 appendix A.11, without blanks). */
bool crm_oauth_code_formed(struct str code);
/* Address of the consent page. Errors: ERR_INVALID with a pointer to the setting that is missing or malformed. */
int crm_oauth_consent(const struct crm_oauth_client *client, const struct crm_oauth_trip *trip, struct str *ret_url,
                      struct err *err);

/* Address of the page where one does, by redirect_uri and state of the trip; absent where the vendor has none. */
int crm_oauth_admin_consent(const struct crm_oauth_client *client, const struct crm_oauth_trip *trip,
                            struct str *ret_url, struct err *err);

/* Each gives 1 with *ret_tokens; 0 with *ret (CRM_REAUTHORISE: only a person can help; CRM_DOWN, CRM_QUOTA: later;
 * CRM_REJECTED: the app or its settings are wrong, with the vendor's sentence, or refused without a reason); -1 with an
 * error when nothing could be asked (ERR_INVALID, ERR_HOST_REFUSED). No answer names the token endpoint. */
int crm_oauth_redeem(const struct crm_oauth_client *client, const struct crm_oauth_trip *trip,
                     struct crm_tokens *ret_tokens, struct crm_result *ret, struct err *err);
int crm_oauth_refresh(const struct crm_oauth_client *client, struct str refresh_token, struct crm_tokens *ret_tokens,
                      struct crm_result *ret, struct err *err);
/* A token of the app alone, by credentials or a signed assertion. ERR_INVALID also for a key that cannot sign. */
int crm_oauth_app(const struct crm_oauth_client *client, struct crm_tokens *ret_tokens, struct crm_result *ret,
                  struct err *err);
/* Gives a token back (RFC 7009). 1: done, or the vendor has no such call. Else as above. */
int crm_oauth_revoke(const struct crm_oauth_client *client, struct str token, struct crm_result *ret, struct err *err);

/* Whether "iss" of an answer (absent when it has none) names this vendor: exactly its issuer where the table has one,
 * else the host of the consent page or of the token endpoint (RFC 9207 section 2.4; RFC 9700 section 4.4). */
bool crm_oauth_issued(const struct crm_oauth_client *client, struct str iss);
/* Whom tokens were given to and by: consent page, token endpoint, client id; they serve only as long as it is equal.
 * ERR_INVALID as in crm_oauth_consent(). */
int crm_oauth_parties(const struct crm_oauth_client *client, struct str *ret_parties, struct err *err);

/* The kind of connection that the settings choose: by its word; without one by whether there is a client id. */
enum crm_grant crm_oauth_grant(const struct crm_oauth *oauth, struct str settings, struct arena *arena);
/* The S256 challenge of a verifier (RFC 7636 section 4.2). */
struct str crm_oauth_challenge(struct str verifier, struct arena *arena);
/* Name of the n-th scope, settings filled in; as the table has it where one is missing. */
struct str crm_oauth_scope(const struct crm_oauth_client *client, size_t n);
/* Scopes of `granted` that were not asked for (too_many) or asked for and not granted: struct str each. Vendors that
 * say nothing (absent) granted what was asked. offline_access and the like may go unmentioned; what comes with
 * crm_oauth .resource before it is the same scope. */
void crm_oauth_compare(const struct crm_oauth_client *client, struct str granted, struct json_list *ret_missing,
                       struct json_list *ret_too_many);

#endif

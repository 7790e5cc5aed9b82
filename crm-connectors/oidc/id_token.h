/* ID tokens (OpenID Connect Core 1.0 section 3.1.3.7): a function of token, keys, what was asked for and the clock. */
#ifndef CRM_CONNECTORS_OIDC_ID_TOKEN_H
#define CRM_CONNECTORS_OIDC_ID_TOKEN_H

#include "base/json.h"

#define CRM_OIDC_TENANT "{tenantid}" /* in Microsoft's issuer of applications for several tenants */

enum {
    CRM_OIDC_LEEWAY_S = 60,  /* clocks differ */
    CRM_OIDC_OLDEST_S = 600, /* a token answers the request of these ten minutes */
};

/* What a token has to say. */
struct crm_id_rules {
    struct str issuer; /* exactly; CRM_OIDC_TENANT in it stands for the token's own "tid", a UUID */
    struct str client_id, nonce;
    struct str access; /* token that came along: "at_hash" has to fit it where there is one; absent = not looked at */
    int64_t now_ms;
};

/* Whom the provider says it is. Texts are as sent; only issuer and subject together name a person. */
struct crm_identity {
    struct str issuer, subject;
    struct str email, name;  /* or absent */
    bool email_verified;     /* "email_verified", a truth value or the text "true" */
    bool email_domain_owned; /* Microsoft's "xms_edov": the tenant has proved that the address's domain is its own */
    struct str tenant;       /* Microsoft's "tid", Google's "hd", or absent */
    bool several_factors;    /* "amr" has "mfa" (RFC 8176) */
};

/* Why not; "signature" and "key" come from the key set, the rest from the claims. */
enum crm_id_fault {
    CRM_ID_GOOD,
    CRM_ID_FORM,      /* no JWT, or of another type */
    CRM_ID_ALG,       /* not RS256, PS256 or ES256 */
    CRM_ID_KEY,       /* the set has no such key: perhaps it is old */
    CRM_ID_SIGNATURE, /* not the key's */
    CRM_ID_CLAIMS,    /* no JSON, a claim twice or of another kind */
    CRM_ID_ISS,
    CRM_ID_AUD, /* not for us, or for others too */
    CRM_ID_AZP,
    CRM_ID_EXP,
    CRM_ID_IAT, /* missing, in the future, or older than the request can be */
    CRM_ID_NBF,
    CRM_ID_NONCE,
    CRM_ID_SUB,
    CRM_ID_AT_HASH,
    CRM_ID_FAULTS
};
/* "form", "alg" …, for the log and tests. */
extern const char *const crm_id_fault_words[];

/* Whether a claim says yes, as JSON: true, "true" (Apple), 1 (Microsoft's optional claims). */
bool crm_id_yes(struct str json);

/* Judges a token by a JWK Set (JSON text). *ret_identity is filled with CRM_ID_GOOD only and lives in the arena. */
enum crm_id_fault crm_id_token_judge(struct str token, struct str keys, const struct crm_id_rules *rules,
                                     struct arena *arena, struct crm_identity *ret_identity);

#endif

/* Why a provider refuses a consent, by the words it is known to use: what a person can do about it differs. */
#ifndef CRM_CONNECTORS_OAUTH_REFUSAL_H
#define CRM_CONNECTORS_OAUTH_REFUSAL_H

#include "crm-connectors/oauth/oauth.h"

enum crm_refusal {
    CRM_REFUSAL_OTHER,    /* a word of RFC 6749 alone, or none that we know */
    CRM_REFUSAL_APP,      /* the app is not installed in the organisation, or blocked there */
    CRM_REFUSAL_USER,     /* this user has not been allowed to use the app */
    CRM_REFUSAL_NETWORK,  /* from this network address, or at this hour, nobody gets in */
    CRM_REFUSAL_ADDRESS,  /* the address leads to another organisation than the app's, or to none */
    CRM_REFUSAL_ADMIN,    /* an administrator has to consent first */
    CRM_REFUSAL_REDIRECT, /* the app has another redirect address */
    CRM_REFUSAL_SCOPES,   /* the app, or the account, has other permissions than were asked for */
    CRM_REFUSAL_CLIENT,   /* client id or client secret are not the app's */
    CRM_REFUSAL_DENIED,   /* the person said no, in another word than access_denied */
};
/* One word of a vendor's: "error", or what stands in "error_description"; NULL = whatever stands there. */
struct crm_refusal_word {
    enum crm_refusal refusal;
    const char *error, *words;
};
/* Ended by CRM_REFUSAL_OTHER. */
extern const struct crm_refusal_word crm_refusals_hubspot[], crm_refusals_microsoft[], crm_refusals_pipedrive[],
    crm_refusals_salesforce[];

/* What "error" and "error_description" of a refusal mean; absent where there is none. Never to be shown themselves:
 * anybody can write into an address. */
enum crm_refusal crm_oauth_refusal(const struct crm_oauth *oauth, struct str error, struct str description);
/* Whether an administrator has to consent, and has a page of the vendor's for that (crm_oauth.admin). */
bool crm_oauth_admin_needed(const struct crm_oauth_client *client, struct str error, struct str description);

#endif

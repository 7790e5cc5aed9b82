/* See refusal.h. */
#include "crm-connectors/oauth/refusal.h"

/* Codes of its token endpoint and sentences of its consent page, as people quote them: HubSpot publishes that both come
 * back, not which there are, and keeps most refusals on a page of its own. None was seen by us. */
const struct crm_refusal_word crm_refusals_hubspot[] = {
    {CRM_REFUSAL_REDIRECT, "MISMATCH_REDIRECT_URI_AUTH_CODE", NULL},
    {CRM_REFUSAL_REDIRECT, "BAD_REDIRECT_URI", NULL},
    {CRM_REFUSAL_REDIRECT, NULL, "match the app's registered redirect URL"},
    {CRM_REFUSAL_REDIRECT, NULL, "match the client registered redirect_uri"},
    {CRM_REFUSAL_CLIENT, "BAD_CLIENT_ID", NULL},
    {CRM_REFUSAL_CLIENT, "BAD_CLIENT_SECRET", NULL},
    {CRM_REFUSAL_CLIENT, NULL, "invalid client_id"},
    {CRM_REFUSAL_SCOPES, "invalid_scope", NULL},
    {CRM_REFUSAL_SCOPES, NULL, "mismatch between the scopes"},
    {CRM_REFUSAL_SCOPES, NULL, "access to the required scopes"},
    {CRM_REFUSAL_SCOPES, NULL, "Insufficient scopes were provided"},
    {CRM_REFUSAL_SCOPES, NULL, "invalid scope name"},
    {CRM_REFUSAL_USER, NULL, "the right permissions to install"},
    {CRM_REFUSAL_OTHER, NULL, NULL},
};

/* Its published table of status codes, and of what follows *Cancel*. */
const struct crm_refusal_word crm_refusals_pipedrive[] = {
    {CRM_REFUSAL_DENIED, "user_denied", NULL},
    {CRM_REFUSAL_APP, NULL, "cannot be installed for requested company"},
    {CRM_REFUSAL_REDIRECT, NULL, "redirect_uri is invalid"},
    {CRM_REFUSAL_REDIRECT, NULL, "redirect_uri is not a valid URI"},
    {CRM_REFUSAL_CLIENT, NULL, "client is invalid"},
    {CRM_REFUSAL_CLIENT, NULL, "cannot retrieve client credentials"},
    {CRM_REFUSAL_OTHER, NULL, NULL},
};

/* Published codes of Entra ID. */
const struct crm_refusal_word crm_refusals_microsoft[] = {
    {CRM_REFUSAL_ADMIN, "consent_required", NULL},
    {CRM_REFUSAL_ADMIN, NULL, "AADSTS65001"},    /* nobody has consented */
    {CRM_REFUSAL_ADMIN, NULL, "AADSTS90094"},    /* only administrators may */
    {CRM_REFUSAL_ADMIN, NULL, "AADSTS900941"},   /* the same, for an app that is thought risky */
    {CRM_REFUSAL_ADMIN, NULL, "AADSTS90095"},    /* the request for their approval was sent */
    {CRM_REFUSAL_USER, NULL, "AADSTS50105"},     /* the user is not assigned to a role of the app */
    {CRM_REFUSAL_APP, NULL, "AADSTS700016"},     /* the app is not in the directory */
    {CRM_REFUSAL_APP, NULL, "AADSTS7000112"},    /* … or is switched off */
    {CRM_REFUSAL_NETWORK, NULL, "AADSTS53003"},  /* blocked by conditional access */
    {CRM_REFUSAL_ADDRESS, NULL, "AADSTS90002"},  /* no such tenant */
    {CRM_REFUSAL_ADDRESS, NULL, "AADSTS500011"}, /* the environment is not in the tenant */
    {CRM_REFUSAL_ADDRESS, NULL, "AADSTS50020"},  /* the account is from another tenant */
    {CRM_REFUSAL_OTHER, NULL, NULL},
};

/* What its consent page and its token endpoint answer. */
const struct crm_refusal_word crm_refusals_salesforce[] = {
    {CRM_REFUSAL_APP, NULL, "app must be installed"},
    {CRM_REFUSAL_APP, NULL, "Cross-org OAuth flows are not supported"},
    {CRM_REFUSAL_APP, "OAUTH_EC_APP_NOT_FOUND", NULL},
    {CRM_REFUSAL_APP, "OAUTH_APP_BLOCKED", NULL},
    {CRM_REFUSAL_APP, "OAUTH_APPROVAL_ERROR_GENERIC", NULL},
    {CRM_REFUSAL_APP, "invalid_client_id", NULL},
    {CRM_REFUSAL_USER, "OAUTH_APP_ACCESS_DENIED", NULL},
    {CRM_REFUSAL_USER, "invalid_app_access", NULL},
    {CRM_REFUSAL_USER, NULL, "not admin approved"},
    {CRM_REFUSAL_USER, NULL, "hasn't approved this consumer"},
    {CRM_REFUSAL_USER, "inactive_user", NULL},
    {CRM_REFUSAL_NETWORK, NULL, "ip restricted"},
    {CRM_REFUSAL_ADDRESS, NULL, "request not supported on this domain"},
    {CRM_REFUSAL_OTHER, NULL, NULL},
};

/* The words stand there, and no longer number that begins with theirs. */
static bool says(struct str text, struct str words)
{
    for (size_t at = 0; text.p && at + words.n <= text.n; at++) {
        size_t end = at + words.n;
        bool more = end < text.n && text.p[end] >= '0' && text.p[end] <= '9';
        if (!more && str_eq_nocase(str_slice(text, at, end), words))
            return true;
    }
    return false;
}

enum crm_refusal crm_oauth_refusal(const struct crm_oauth *oauth, struct str error, struct str description)
{
    const struct crm_refusal_word *row = oauth->refusals;
    for (; row && row->refusal != CRM_REFUSAL_OTHER; row++)
        if (error.p && (!row->error || str_eq_nocase(error, str_c(row->error))) &&
            (!row->words || says(description, str_c(row->words))))
            return row->refusal;
    return CRM_REFUSAL_OTHER;
}

bool crm_oauth_admin_needed(const struct crm_oauth_client *client, struct str error, struct str description)
{
    return client->oauth->admin && crm_oauth_refusal(client->oauth, error, description) == CRM_REFUSAL_ADMIN;
}

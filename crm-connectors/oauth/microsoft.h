/* Entra ID, which gives the tokens of Dynamics 365 and Microsoft Graph: the form's fields and the provider's rows. */
#ifndef CRM_CONNECTORS_OAUTH_MICROSOFT_H
#define CRM_CONNECTORS_OAUTH_MICROSOFT_H

#include "crm-connectors/connector.h"
#include "crm-connectors/oauth/refusal.h"

#define CRM_MICROSOFT_FIELDS                                                                                           \
    {.name = "tenant",                                                                                                 \
     .label = "connector.microsoft.tenant",                                                                            \
     .type = "text",                                                                                                   \
     .required = true,                                                                                                 \
     .preset = "organizations"},                                                                                       \
        {.name = "client_id", .label = "connector.client_id", .type = "text", .required = true},                       \
    {                                                                                                                  \
        .name = "client_secret", .label = "connector.client_secret", .type = "password", .secret = true                \
    }

/* OWN: the scope that the app alone asks for. */
#define CRM_MICROSOFT_OAUTH(SCOPES, OWN)                                                                               \
    {                                                                                                                  \
        .authorize = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",                               \
        .token = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token", .scopes = (SCOPES),                   \
        .n_scopes = ARRAY_LEN(SCOPES), .client_scope = (OWN), .grants = CRM_GRANT_CODE | CRM_GRANT_CLIENT,             \
        .pkce = true, .refusals = crm_refusals_microsoft, .lifetime_s = 3600                                           \
    }

#endif

/* The table of identity providers of the program under test: "apple" is as in crm-connectors/oidc/kinds.c but stands
 * where the settings say, so that a form that comes back can be tried without Apple. */
#include "crm-connectors/oidc/provider.h"

const struct crm_oidc_kind crm_oidc_kinds[] = {
    {.name = "microsoft",
     .issuer = "https://login.microsoftonline.com/{tenant}/v2.0",
     .scopes = "openid profile email",
     .mail = CRM_OIDC_MAIL_MICROSOFT},
    {.name = "apple", .scopes = "openid name email", .form_post = true, .signed_secret = true},
    {.name = "oidc", .scopes = "openid profile email"},
    {.name = NULL},
};

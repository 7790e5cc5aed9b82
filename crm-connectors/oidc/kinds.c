/* The identity providers that are known by name; see provider.h. Alone in a file, so that tests can have a table of
 * their own. */
#include "crm-connectors/oidc/provider.h"

const struct crm_oidc_kind crm_oidc_kinds[] = {
    {.name = "microsoft",
     .issuer = "https://login.microsoftonline.com/{tenant}/v2.0",
     .scopes = "openid profile email",
     .mail = CRM_OIDC_MAIL_MICROSOFT},
    {.name = "google",
     .issuer = "https://accounts.google.com",
     .scopes = "openid profile email",
     .mail = CRM_OIDC_MAIL_GOOGLE},
    {.name = "apple",
     .issuer = "https://appleid.apple.com",
     .scopes = "openid name email",
     .form_post = true,
     .signed_secret = true},
    {.name = "oidc", .scopes = "openid profile email"},
    {.name = NULL},
};

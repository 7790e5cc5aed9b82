/* How an environment is signed in to: the form of a connection and its OAuth, the same for every table. */
#include "crm-connectors/dynamics/parts.h"
#include "crm-connectors/oauth/microsoft.h"

static const struct crm_form_address environment = {
    .hosts = "*.crm.dynamics.com *.crm*.dynamics.com *.api.crm.dynamics.com *.api.crm*.dynamics.com *.crm.dynamics.cn "
             "*.crm.microsoftdynamics.us *.crm.appsplatform.us",
    .like = "https://NAME.crm4.dynamics.com",
};

const struct crm_form_field crm_dynamics_form[CRM_DYNAMICS_FORM] = {
    {.name = "url", .label = "connector.dynamics.url", .type = "url", .required = true, .address = &environment},
    CRM_MICROSOFT_FIELDS,
};

static const struct crm_scope scopes[] = {
    {"{url}/user_impersonation", "scope.dynamics_as_user"},
    {"offline_access", "scope.stay_connected"},
};

/* There is no finer scope: what may be done, the person's or the application user's security roles decide. */
const struct crm_oauth crm_dynamics_oauth = CRM_MICROSOFT_OAUTH(scopes, "{url}/.default");

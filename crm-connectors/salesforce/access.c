/* How an org is signed in to: the form of a connection and its OAuth, the same for every object. */
#include "crm-connectors/oauth/refusal.h"
#include "crm-connectors/salesforce/parts.h"

static const struct crm_form_address login = {
    .hosts = "login.salesforce.com test.salesforce.com *.my.salesforce.com *--*.sandbox.my.salesforce.com "
             "*.develop.my.salesforce.com *.scratch.my.salesforce.com *.demo.my.salesforce.com "
             "*.trailblaze.my.salesforce.com *.my.salesforce.mil *--*.sandbox.my.salesforce.mil",
    .offers = "https://login.salesforce.com https://test.salesforce.com",
    .like = "https://NAME.my.salesforce.com, https://NAME--SANDBOX.sandbox.my.salesforce.com",
};

const struct crm_form_field crm_salesforce_form[CRM_SALESFORCE_FORM] = {
    {.name = "login",
     .label = "connector.salesforce.login",
     .type = "url",
     .required = true,
     .preset = "https://login.salesforce.com",
     .address = &login},
    {.name = "client_id", .label = "connector.client_id", .type = "text", .required = true},
    {.name = "client_secret",
     .label = "connector.client_secret",
     .type = "password",
     .secret = true,
     .grants = CRM_GRANT_CODE | CRM_GRANT_CLIENT},
    {.name = CRM_OAUTH_SUBJECT,
     .label = "connector.salesforce.subject",
     .type = "text",
     .required = true,
     .grants = CRM_GRANT_JWT},
    {.name = CRM_OAUTH_SIGNER,
     .label = "connector.private_key",
     .type = "key",
     .secret = true,
     .required = true,
     .grants = CRM_GRANT_JWT},
    {.name = "marker_field",
     .label = "connector.salesforce.marker_field",
     .type = "text",
     .required = true,
     .preset = "Kartei_Id__c"},
};

static const struct crm_scope scopes[] = {
    {"api", "scope.read_write_contacts"},
    {"refresh_token", "scope.stay_connected"},
};

/* The answer names no lifetime; orgs end sessions after two hours unless set otherwise, at least after 15 minutes. */
const struct crm_oauth crm_salesforce_oauth = {
    .authorize = "{login}/services/oauth2/authorize",
    .token = "{login}/services/oauth2/token",
    .audience = "{login}",
    .revoke = "{login}/services/oauth2/revoke",
    .scopes = scopes,
    .n_scopes = ARRAY_LEN(scopes),
    .grants = CRM_GRANT_CODE | CRM_GRANT_CLIENT | CRM_GRANT_JWT,
    .pkce = true,
    .refusals = crm_refusals_salesforce,
    .base_member = "instance_url",
    .base_hosts = ".salesforce.com .force.com .salesforce.mil",
    .lifetime_s = 15 * 60,
};

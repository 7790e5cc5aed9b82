/* The table of CRMs of the programs under test: the built-in book and a CRM whose provider stands where the settings
 * say. It takes the place of crm-connectors/connectors.c when a program is linked with it. */
#include "crm-connectors/address_book.h"
#include "crm-connectors/oauth/refusal.h"
#include "crm-connectors/rest/records.h"
#include "crm-connectors/rest/rest.h"

#define URL(name_)                                                                                                     \
    {                                                                                                                  \
        .name = name_, .label = "connector." name_, .type = "url", .required = true                                    \
    }
static const struct crm_form_field form[] = {
    URL("url"),
    URL("authorize"),
    URL("token"),
    {.name = "revoke", .label = "connector.revoke", .type = "url"},
    {.name = "issuer", .label = "connector.issuer", .type = "text"},
    {.name = "client_id", .label = "connector.client_id", .type = "text"},
    {.name = CRM_OAUTH_SUBJECT,
     .label = "connector.subject",
     .type = "text",
     .required = true,
     .grants = CRM_GRANT_JWT},
    {.name = CRM_OAUTH_SIGNER,
     .label = "connector.private_key",
     .type = "key",
     .secret = true,
     .required = true,
     .grants = CRM_GRANT_JWT},
    {.name = "client_secret", .label = "connector.client_secret", .type = "password", .secret = true},
    {.name = "access_token", .label = "connector.access_token", .type = "password", .secret = true},
};

static const struct crm_scope scopes[] = {{"crm.contacts", "scope.read_contacts"},
                                          {"offline_access", "scope.stay_connected"}};
static const struct crm_oauth oauth = {.authorize = "{authorize}",
                                       .token = "{token}",
                                       .revoke = "{revoke}",
                                       .scopes = scopes,
                                       .n_scopes = ARRAY_LEN(scopes),
                                       .audience = "{token}",
                                       .grants = CRM_GRANT_CODE | CRM_GRANT_KEY | CRM_GRANT_CLIENT | CRM_GRANT_JWT,
                                       .pkce = true,
                                       .basic = true,
                                       .extra = "&prompt=consent",
                                       .refusals = crm_refusals_salesforce,
                                       .lifetime_s = 3600};
static const struct crm_oauth strict = {.authorize = "{authorize}",
                                        .token = "{token}",
                                        .issuer = "{issuer}",
                                        .scopes = scopes,
                                        .n_scopes = ARRAY_LEN(scopes),
                                        .grants = CRM_GRANT_CODE,
                                        .pkce = true,
                                        .refusals = crm_refusals_microsoft,
                                        .lifetime_s = 3600};

#define WORDED(refusals_)                                                                                              \
    {                                                                                                                  \
        .authorize = "{authorize}", .token = "{token}", .scopes = scopes, .n_scopes = ARRAY_LEN(scopes),               \
        .grants = CRM_GRANT_CODE, .refusals = (refusals_), .lifetime_s = 3600                                          \
    }
static const struct crm_oauth hub = WORDED(crm_refusals_hubspot), pipe_ = WORDED(crm_refusals_pipedrive);

static int ask(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    struct crm_answer answer;
    const struct crm_rest rest = {.lent = lent,
                                  .arena = arena,
                                  .base = crm_records_setting(lent->settings, "url", arena),
                                  .token = crm_records_setting(lent->secret, "access_token", arena)};
    const struct crm_call call = {.method = "GET", .path = STR("/me")};
    int r = crm_rest_call(&rest, &call, &answer, ret, err);
    if (r == 1)
        *ret = (struct crm_result){.outcome = CRM_NONE};
    return r < 0 ? -1 : 0;
}

static int by_contact(struct crm_lent *lent, const struct contact *probe _unused_, struct arena *arena,
                      struct crm_result *ret, struct err *err)
{
    return ask(lent, arena, ret, err);
}

static int by_text(struct crm_lent *lent, struct str text _unused_, struct arena *arena, struct crm_result *ret,
                   struct err *err)
{
    return ask(lent, arena, ret, err);
}

static int create(struct crm_lent *lent, struct str marker _unused_, const struct contact *contact _unused_,
                  struct arena *arena, struct crm_result *ret, struct err *err)
{
    return ask(lent, arena, ret, err);
}

static int update(struct crm_lent *lent, const struct crm_update *change _unused_, struct arena *arena,
                  struct crm_result *ret, struct err *err)
{
    return ask(lent, arena, ret, err);
}

static int changes(struct crm_lent *lent, struct str cursor _unused_, struct arena *arena, struct crm_page *ret,
                   struct err *err)
{
    *ret = (struct crm_page){.cursor = STR("1")};
    return ask(lent, arena, &ret->result, err);
}

#define CRM(kind_, oauth_)                                                                                             \
    {                                                                                                                  \
        .kind = kind_, .name = kind_, .api = "{url}", .form = {form, ARRAY_LEN(form)}, .oauth = oauth_,                \
        .reversal = {{CRM_NOT, "reversal.create.deleted"},                                                             \
                     {CRM_NOT, "reversal.update.restored"},                                                            \
                     {CRM_NOT, "reversal.merge.none"}},                                                                \
        .test = ask, .find_exact = by_contact, .search = by_text, .get = by_text, .find_marker = by_text,              \
        .create = create, .update = update, .changes = changes                                                         \
    }
static const struct crm_connector lax_crm = CRM("test_crm", &oauth);
static const struct crm_connector strict_crm = CRM("strict_crm", &strict);
static const struct crm_connector hub_crm = CRM("hub_crm", &hub);
static const struct crm_connector pipe_crm = CRM("pipe_crm", &pipe_);

const struct crm_connector *const crm_connectors[] = {&crm_address_book, &lax_crm,  &strict_crm,
                                                      &hub_crm,          &pipe_crm, NULL};

const struct crm_connector *crm_connector_find(struct str kind)
{
    for (size_t i = 0; crm_connectors[i]; i++)
        if (str_eq(str_c(crm_connectors[i]->kind), kind))
            return crm_connectors[i];
    return NULL;
}

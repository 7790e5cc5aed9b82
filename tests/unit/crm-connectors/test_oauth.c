/* The consent page's address, the challenge, and what was granted against what was asked. */
#include "tests/unit/unit.h"

#include "crm-connectors/oauth/refusal.h"

static const struct crm_scope scopes[] = {{"api", "reason"}, {"{url}/user", "reason"}, {"offline_access", "reason"}};
static const struct crm_oauth vendor = {.authorize = "{login}/{tenant}/authorize",
                                        .token = "{login}/token",
                                        .scopes = scopes,
                                        .n_scopes = ARRAY_LEN(scopes),
                                        .pkce = true,
                                        .extra = "&prompt=consent"};
/* The verifier of RFC 7636 appendix B. */
#define VERIFIER STR("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")

static void the_challenge_is_that_of_rfc_7636_appendix_b(void **state)
{
    assert_text(crm_oauth_challenge(VERIFIER, *state), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static void the_consent_page_is_asked_with_everything_escaped(void **state)
{
    const struct crm_oauth_trip trip = {STR("https://kartei.example/oauth/callback"), STR("st-1"), VERIFIER, STR_NONE};
    struct str url;
    struct err err = {0};
    const struct crm_oauth_client client = {
        .oauth = &vendor,
        .arena = *state,
        .settings = STR("{\"login\":\"https://login.example/\",\"tenant\":\"a/b\",\"client_id\":\"me & you\",\"url\":"
                        "\"https://crm.example\"}")};
    assert_int_equal(crm_oauth_consent(&client, &trip, &url, &err), 0);
    assert_text(url, "https://login.example/a%2Fb/authorize?response_type=code&client_id=me%20%26%20you&redirect_uri="
                     "https%3A%2F%2Fkartei.example%2Foauth%2Fcallback&scope=api%20https%3A%2F%2Fcrm.example%2Fuser%20"
                     "offline_access&state=st-1&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&"
                     "code_challenge_method=S256&prompt=consent");
}

static void a_setting_that_is_missing_is_named(void **state)
{
    const struct crm_oauth_trip trip = {STR("https://kartei.example/oauth/callback"), STR("st-1"), VERIFIER, STR_NONE};
    struct str url;
    struct err err = {0};
    const struct crm_oauth_client client = {
        .oauth = &vendor, .arena = *state, .settings = STR("{\"login\":\"https://login.example\"}")};
    assert_int_equal(crm_oauth_consent(&client, &trip, &url, &err), -1);
    assert_int_equal(err.code, ERR_INVALID);
    assert_string_equal(err.pointer, "/settings/tenant");
}

static void grants_are_compared_with_what_was_asked(void **state)
{
    static const struct crm_scope asked[] = {{"read", ""}, {"write", ""}, {"offline_access", ""}};
    static const struct crm_oauth oauth = {.scopes = asked, .n_scopes = ARRAY_LEN(asked)};
    struct json_list missing, too_many;
    const struct crm_oauth_client client = {.oauth = &oauth, .arena = *state, .settings = STR("{}")};
    crm_oauth_compare(&client, STR("read,admin openid"), &missing, &too_many);
    assert_int_equal(missing.n, 1);
    assert_text(*(const struct str *)missing.items, "write");
    assert_int_equal(too_many.n, 1);
    assert_text(*(const struct str *)too_many.items, "admin");
    crm_oauth_compare(&client, STR_NONE, &missing, &too_many);
    assert_int_equal(missing.n + too_many.n, 0);
}

static void scopes_with_settings_in_them_are_compared_as_they_were_asked(void **state)
{
    struct json_list missing, too_many;
    const struct crm_oauth_client client = {
        .oauth = &vendor, .arena = *state, .settings = STR("{\"url\":\"https://crm.example\"}")};
    crm_oauth_compare(&client, STR("api https://crm.example/user"), &missing, &too_many);
    assert_int_equal(missing.n + too_many.n, 0);
}

static void an_answer_of_another_issuer_is_not_taken(void **state)
{
    const struct crm_oauth exact = {.authorize = "{login}/authorize", .token = "{login}/token", .issuer = "{login}/me"};
    struct crm_oauth_client client = {
        .oauth = &vendor, .arena = *state, .settings = STR("{\"login\":\"https://login.example\",\"tenant\":\"t\"}")};
    assert_true(crm_oauth_issued(&client, STR_NONE));
    assert_true(crm_oauth_issued(&client, STR("https://login.example/t")));
    assert_false(crm_oauth_issued(&client, STR("")));
    assert_false(crm_oauth_issued(&client, STR("https://login.example.evil.example/t")));
    assert_false(crm_oauth_issued(&client, STR("http://login.example/t")));
    assert_false(crm_oauth_issued(&client, STR("https://login.example:8443/t")));
    assert_false(crm_oauth_issued(&client, STR("https://login.example@evil.example/t")));
    client.oauth = &exact;
    assert_true(crm_oauth_issued(&client, STR("https://login.example/me")));
    assert_false(crm_oauth_issued(&client, STR("https://login.example/me/")));
    assert_false(crm_oauth_issued(&client, STR("https://login.example")));
    assert_false(crm_oauth_issued(&client, STR_NONE));
}

/* As the row of Microsoft mailboxes: a host that hardly anybody sets, scopes that come back with their resource. */
static const struct crm_scope mail_scopes[] = {{"Mail.Read", ""}, {"offline_access", ""}};
static const struct crm_oauth cloud = {.authorize = "{login=https://login.example}/{tenant}/authorize",
                                       .token = "{login=https://login.example}/token",
                                       .refusals = crm_refusals_microsoft,
                                       .admin = "{login=https://login.example}/{tenant}/adminconsent",
                                       .resource = "https://graph.example/ https://graph.other.example/",
                                       .scopes = mail_scopes,
                                       .n_scopes = ARRAY_LEN(mail_scopes)};

static void a_setting_with_a_default_may_be_missing(void **state)
{
    struct crm_oauth_client client = {
        .oauth = &cloud, .arena = *state, .settings = STR("{\"tenant\":\"t\",\"client_id\":\"me\"}")};
    struct str parties;
    struct err err = {0};
    assert_int_equal(crm_oauth_parties(&client, &parties, &err), 0);
    assert_text(parties, "https://login.example/t/authorize\nhttps://login.example/token\nme");
    client.settings = STR("{\"tenant\":\"t\",\"client_id\":\"me\",\"login\":\"https://else.example\"}");
    assert_int_equal(crm_oauth_parties(&client, &parties, &err), 0);
    assert_text(parties, "https://else.example/t/authorize\nhttps://else.example/token\nme");
}

static void a_scope_is_the_same_with_its_resource(void **state)
{
    struct json_list missing, too_many;
    const struct crm_oauth_client client = {.oauth = &cloud, .arena = *state, .settings = STR("{}")};
    crm_oauth_compare(&client, STR("https://graph.example/Mail.Read"), &missing, &too_many);
    assert_int_equal(missing.n + too_many.n, 0);
    crm_oauth_compare(&client, STR("https://graph.other.example/mail.read,openid"), &missing, &too_many);
    assert_int_equal(missing.n + too_many.n, 0);
    crm_oauth_compare(&client, STR("https://outlook.example/Mail.Read"), &missing, &too_many);
    assert_int_equal(missing.n, 1);
    assert_int_equal(too_many.n, 1);
    crm_oauth_compare(&client, STR("Mail.ReadWrite"), &missing, &too_many);
    assert_int_equal(missing.n, 1);
    assert_int_equal(too_many.n, 1);
}

static void an_administrator_is_asked_when_the_provider_says_so(void **state)
{
    const struct crm_oauth_client client = {.oauth = &cloud, .arena = *state, .settings = STR("{}")};
    const struct crm_oauth_client plain = {.oauth = &vendor, .arena = *state, .settings = STR("{}")};
    assert_true(crm_oauth_admin_needed(&client, STR("consent_required"), STR_NONE));
    assert_true(crm_oauth_admin_needed(&client, STR("access_denied"), STR("AADSTS90094: grant requires admin")));
    assert_true(crm_oauth_admin_needed(&client, STR("invalid_grant"), STR("x AADSTS65001")));
    assert_true(crm_oauth_admin_needed(&client, STR("access_denied"), STR("AADSTS900941: x")));
    assert_false(crm_oauth_admin_needed(&client, STR("access_denied"), STR("AADSTS650011: x")));
    assert_false(crm_oauth_admin_needed(&client, STR("access_denied"), STR("AADSTS65004: declined")));
    assert_false(crm_oauth_admin_needed(&client, STR("access_denied"), STR_NONE));
    assert_false(crm_oauth_admin_needed(&client, STR_NONE, STR("AADSTS65001")));
    assert_false(crm_oauth_admin_needed(&plain, STR("consent_required"), STR_NONE));
}

static enum crm_refusal meant(const struct crm_refusal_word *words, const char *error, const char *description)
{
    const struct crm_oauth oauth = {.refusals = words};
    return crm_oauth_refusal(&oauth, str_c(error), str_c(description));
}

static void a_refusal_is_known_by_the_vendors_words(void **state _unused_)
{
    static const struct {
        const struct crm_refusal_word *words;
        const char *error, *description;
        enum crm_refusal refusal;
    } rows[] = {
        {crm_refusals_salesforce, "invalid_client", "app must be installed into org", CRM_REFUSAL_APP},
        {crm_refusals_salesforce, "OAUTH_EC_APP_NOT_FOUND", NULL, CRM_REFUSAL_APP},
        {crm_refusals_salesforce, "OAUTH_APP_BLOCKED", "this app is blocked by admin", CRM_REFUSAL_APP},
        {crm_refusals_salesforce, "OAUTH_APP_ACCESS_DENIED", NULL, CRM_REFUSAL_USER},
        {crm_refusals_salesforce, "invalid_grant", "user hasn't approved this consumer", CRM_REFUSAL_USER},
        {crm_refusals_salesforce, "invalid_grant", "IP restricted or invalid login hours", CRM_REFUSAL_NETWORK},
        {crm_refusals_salesforce, "invalid_grant", "request not supported on this domain", CRM_REFUSAL_ADDRESS},
        {crm_refusals_salesforce, "access_denied", "end-user denied authorization", CRM_REFUSAL_OTHER},
        {crm_refusals_salesforce, "invalid_grant", "expired authorization code", CRM_REFUSAL_OTHER},
        {crm_refusals_salesforce, NULL, "ip restricted", CRM_REFUSAL_OTHER},             /* no refusal at all */
        {crm_refusals_salesforce, "access_denied", "AADSTS50105: x", CRM_REFUSAL_OTHER}, /* not its words */
        {crm_refusals_microsoft, "access_denied", "AADSTS90094: x", CRM_REFUSAL_ADMIN},
        {crm_refusals_microsoft, "interaction_required", "AADSTS50105: not assigned", CRM_REFUSAL_USER},
        {crm_refusals_microsoft, "access_denied", "AADSTS53003: blocked", CRM_REFUSAL_NETWORK},
        {crm_refusals_microsoft, "unauthorized_client", "AADSTS700016: no app", CRM_REFUSAL_APP},
        {crm_refusals_microsoft, "invalid_resource", "AADSTS500011: no resource", CRM_REFUSAL_ADDRESS},
        {crm_refusals_microsoft, "access_denied", "AADSTS500112: other", CRM_REFUSAL_OTHER}, /* a longer number */
        {crm_refusals_hubspot, "MISMATCH_REDIRECT_URI_AUTH_CODE", NULL, CRM_REFUSAL_REDIRECT},
        {crm_refusals_hubspot, "BAD_CLIENT_SECRET", "bad client secret", CRM_REFUSAL_CLIENT},
        {crm_refusals_hubspot, "BAD_AUTH_CODE", "missing or unknown auth code", CRM_REFUSAL_OTHER},
        {crm_refusals_hubspot, "error", "your account lacks access to the required scopes [x]", CRM_REFUSAL_SCOPES},
        {crm_refusals_hubspot, "error", "You don't have the right permissions to install Kartei", CRM_REFUSAL_USER},
        {crm_refusals_hubspot, "access_denied", NULL, CRM_REFUSAL_OTHER},
        {crm_refusals_pipedrive, "user_denied", NULL, CRM_REFUSAL_DENIED},
        {crm_refusals_pipedrive, "invalid_request", "Invalid request: redirect_uri is invalid", CRM_REFUSAL_REDIRECT},
        {crm_refusals_pipedrive, "invalid_client", "Invalid client: client is invalid", CRM_REFUSAL_CLIENT},
        {crm_refusals_pipedrive, "x", "App cannot be installed for requested company", CRM_REFUSAL_APP},
        {crm_refusals_pipedrive, "invalid_grant", "Invalid grant: authorization_code has expired", CRM_REFUSAL_OTHER},
        {crm_refusals_salesforce, "user_denied", NULL, CRM_REFUSAL_OTHER}, /* Pipedrive's word */
        {NULL, "invalid_grant", "ip restricted", CRM_REFUSAL_OTHER},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (meant(rows[i].words, rows[i].error, rows[i].description) != rows[i].refusal)
            fail_msg("row %zu", i);
}

static void the_administrator_is_asked_for_the_same_scopes(void **state)
{
    const struct crm_oauth_trip trip = {.redirect_uri = STR("https://kartei.example/cb"), .state = STR("a.b")};
    struct crm_oauth_client client = {
        .oauth = &cloud, .arena = *state, .settings = STR("{\"tenant\":\"t\",\"client_id\":\"me\"}")};
    struct str url;
    struct err err = {0};
    assert_int_equal(crm_oauth_admin_consent(&client, &trip, &url, &err), 0);
    assert_text(url, "https://login.example/t/adminconsent?client_id=me&redirect_uri=https%3A%2F%2Fkartei.example%2Fcb&"
                     "scope=https%3A%2F%2Fgraph.example%2FMail.Read%20offline_access&state=a.b");
    client.oauth = &vendor;
    assert_int_equal(crm_oauth_admin_consent(&client, &trip, &url, &err), 0);
    assert_null(url.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(the_challenge_is_that_of_rfc_7636_appendix_b),
        unit_with_arena(the_consent_page_is_asked_with_everything_escaped),
        unit_with_arena(a_setting_that_is_missing_is_named),
        unit_with_arena(grants_are_compared_with_what_was_asked),
        unit_with_arena(scopes_with_settings_in_them_are_compared_as_they_were_asked),
        unit_with_arena(an_answer_of_another_issuer_is_not_taken),
        unit_with_arena(a_setting_with_a_default_may_be_missing),
        unit_with_arena(a_scope_is_the_same_with_its_resource),
        unit_with_arena(an_administrator_is_asked_when_the_provider_says_so),
        cmocka_unit_test(a_refusal_is_known_by_the_vendors_words),
        unit_with_arena(the_administrator_is_asked_for_the_same_scopes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

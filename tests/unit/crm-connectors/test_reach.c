/* Whom a connection may contact, worked out from the table: every kind, with its settings and without. */
#include "tests/unit/unit.h"

#include "crm-connectors/mailbox/mailbox.h"
#include "crm-connectors/reach.h"
#include "crm-connectors/submission/submission.h"

enum { EVERYTHING = (1 << CRM_REACH_PURPOSES) - 1 };

static const struct {
    const char *kind, *settings, *base, *list;
} cases[] = {
    {"address_book", "{}", NULL, ""},
    {"file_drop", "{}", NULL, ""},
    {"carddav", "{\"url\":\"https://dav.muster.example/anna/\"}", NULL, "dav.muster.example:443"},
    {"carddav", "{\"url\":\"http://dav.lan:5232/anna/\"}", NULL, "dav.lan:5232"},
    {"carddav", "{\"url\":\"http://other.lan:5232/anna/\"}", NULL, ""}, /* not on the operator's list */
    {"carddav", "{\"url\":\"not an address\"}", NULL, ""},
    {"tryton", "{\"url\":\"https://erp.muster.example/\"}", NULL, "erp.muster.example:443"},
    {"hubspot", "{\"client_id\":\"x\"}", NULL, "api.hubapi.com:443"},
    {"pipedrive", "{\"client_id\":\"x\"}", "https://muster.pipedrive.com",
     "muster.pipedrive.com:443 oauth.pipedrive.com:443"},
    {"pipedrive", "{}", NULL, "api.pipedrive.com:443"},
    {"msgraph", "{\"client_id\":\"x\",\"tenant\":\"t\"}", NULL,
     "graph.microsoft.com:443 login.microsoftonline.com:443"},
    {"dynamics", "{\"client_id\":\"x\",\"tenant\":\"t\",\"url\":\"https://muster.crm4.dynamics.com\"}", NULL,
     "muster.crm4.dynamics.com:443 login.microsoftonline.com:443"},
    {"sap_sales", "{\"grant\":\"client\",\"url\":\"https://c4.example\",\"token\":\"https://t.example/o\"}", NULL,
     "c4.example:443 t.example:443"},
    {"sap_sales", "{\"grant\":\"key\",\"url\":\"https://c4.example\",\"token\":\"https://t.example/o\"}", NULL,
     "c4.example:443"},
    {"imap", "{\"host\":\"imap.muster.example\",\"port\":\"143\",\"security\":\"starttls\"}", NULL,
     "imap.muster.example:143"},
    {"imap", "{}", NULL, ""},
    {"google_mail", "{\"client_id\":\"x\"}", NULL, "imap.gmail.com:993 oauth2.googleapis.com:443"},
    {"microsoft", "{\"tenant\":\"t\",\"client_id\":\"x\"}", NULL,
     "graph.microsoft.com:443 login.microsoftonline.com:443"},
    {"microsoft",
     "{\"tenant\":\"t\",\"client_id\":\"x\",\"graph\":\"https://graph.microsoft.us/v1.0\",\"login\":\"https://"
     "login.microsoftonline.us\"}",
     NULL, "graph.microsoft.us:443 login.microsoftonline.us:443"},
};

static const struct crm_connector *kind_of(const char *kind)
{
    const struct crm_connector *connector = crm_connector_find(str_c(kind));
    return connector ? connector : crm_mailbox_find(str_c(kind));
}

static void every_kind_reaches_what_its_row_says(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct crm_connector *connector = kind_of(cases[i].kind);
        assert_non_null(connector);
        struct crm_reach_list list =
            crm_reach_of(connector, str_c(cases[i].settings), str_c(cases[i].base), "dav.lan:5232", *state);
        const char *only = crm_reach_only(&list, EVERYTHING, *state);
        assert_string_equal(only ? only : "", cases[i].list);
    }
}

/* The API's way out does not lead to the token endpoint, nor the other way round. */
static void a_purpose_reaches_its_own_hosts(void **state)
{
    struct crm_reach_list list =
        crm_reach_of(kind_of("google_mail"), STR("{\"client_id\":\"x\"}"), STR_NONE, NULL, *state);
    assert_string_equal(crm_reach_only(&list, 1U << CRM_REACH_IMAP, *state), "imap.gmail.com:993");
    assert_string_equal(crm_reach_only(&list, 1U << CRM_REACH_TOKEN, *state), "oauth2.googleapis.com:443");
}

/* A connector that somebody adds without saying where its API is reaches nobody: the contract suite would fail. */
static void every_entry_says_where_it_goes(void **state)
{
    (void)state;
    for (size_t i = 0; crm_connectors[i]; i++) {
        const struct crm_connector *crm = crm_connectors[i];
        bool here = strcmp(crm->kind, "address_book") == 0 || strcmp(crm->kind, "file_drop") == 0;
        assert_true(here || crm->api || (crm->oauth && crm->oauth->base_member));
    }
    for (size_t i = 0; crm_mailboxes[i]; i++)
        assert_true(crm_mailboxes[i]->imap || crm_mailboxes[i]->api);
}

static void our_own_mail_has_one_way(void **state)
{
    const struct crm_submission mail = {.at = {.host = STR("Mail.Muster.example"), .port = 587}};
    struct crm_reach_list list = crm_reach_mail(&mail, NULL, *state);
    assert_string_equal(crm_reach_only(&list, EVERYTHING, *state), "mail.muster.example:587");
    const struct str urls[] = {STR("https://id.example/a"), STR_NONE, STR("https://id.example/b"),
                               STR("https://[2a00:1450::1]/keys"), STR("http://plain.example/")};
    list = crm_reach_urls(urls, ARRAY_LEN(urls), NULL, CRM_REACH_PROVIDER, *state);
    const char *only = crm_reach_only(&list, EVERYTHING, *state);
    assert_string_equal(only, "id.example:443 [2a00:1450::1]:443");
    assert_true(crm_egress_list_valid(only) && crm_egress_listed(only, STR("2a00:1450::1"), 443));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(every_kind_reaches_what_its_row_says),
        unit_with_arena(a_purpose_reaches_its_own_hosts),
        unit_with_arena(every_entry_says_where_it_goes),
        unit_with_arena(our_own_mail_has_one_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

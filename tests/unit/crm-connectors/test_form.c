/* Which hosts a vendor's customers have: patterns in which a star takes one label's letters, and no more. */
#include "tests/unit/unit.h"

#include "crm-connectors/connector.h"

static const struct {
    const char *kind, *field, *host;
    bool fits;
} cases[] = {
    {"salesforce", "login", "login.salesforce.com", true},
    {"salesforce", "login", "test.salesforce.com", true},
    {"salesforce", "login", "muster.my.salesforce.com", true},
    {"salesforce", "login", "muster-ag2.my.salesforce.com", true},
    {"salesforce", "login", "muster--test.sandbox.my.salesforce.com", true},
    {"salesforce", "login", "muster-dev-ed.develop.my.salesforce.com", true},
    {"salesforce", "login", "muster--test.my.salesforce.com", false}, /* a sandbox without its part of the name */
    {"salesforce", "login", "muster.sandbox.my.salesforce.com", false},
    {"salesforce", "login", "my.salesforce.com", false},
    {"salesforce", "login", ".my.salesforce.com", false},
    {"salesforce", "login", "-.my.salesforce.com", false},
    {"salesforce", "login", "a.b.my.salesforce.com", false},
    {"salesforce", "login", "muster.lightning.force.com", false}, /* what the browser shows once one is signed in */
    {"salesforce", "login", "login.salesforce.com.evil.example", false},
    {"salesforce", "login", "evil-login.salesforce.com", false},
    {"salesforce", "login", "muster.my.salesforce.com.evil.example", false},
    {"salesforce_lead", "login", "muster.my.salesforce.com", true},
    {"dynamics", "url", "muster.crm4.dynamics.com", true},
    {"dynamics", "url", "muster.crm.dynamics.com", true},
    {"dynamics", "url", "muster.api.crm16.dynamics.com", true},
    {"dynamics", "url", "crm4.dynamics.com", false},
    {"dynamics", "url", "make.powerapps.com", false},
    {"dynamics", "url", "muster.crm4.dynamics.com.evil.example", false},
    {"dynamics_lead", "url", "muster.crm4.dynamics.com", true},
};

static void a_host_is_one_of_the_vendors_customers_or_it_is_none(void **state _unused_)
{
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct crm_connector *crm = crm_connector_find(str_c(cases[i].kind));
        const struct crm_form_address *address = NULL;
        for (size_t k = 0; k < crm->form.n; k++)
            if (strcmp(crm->form.fields[k].name, cases[i].field) == 0)
                address = crm->form.fields[k].address;
        assert_non_null(address);
        if (crm_form_host_fits(address, str_c(cases[i].host)) != cases[i].fits)
            fail_msg("%s: %s", cases[i].kind, cases[i].host);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_is_one_of_the_vendors_customers_or_it_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

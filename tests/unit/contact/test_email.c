/* E-mail addresses and domains. */
#include "contact/email.h"
#include "tests/unit/unit.h"

static void address_keeps_its_local_part_and_lowers_its_domain(void **state)
{
    struct contact_email email;
    assert_true(contact_email_parse(STR(" Anna.Muster@Mail.MUSTER.example "), *state, &email));
    assert_text(email.address, "Anna.Muster@mail.muster.example");
    assert_text(email.local, "Anna.Muster");
    assert_text(email.domain, "mail.muster.example");
    assert_text(email.site, "muster.example");
}

static void what_is_no_address_is_refused(void **state)
{
    static const char *const bad[] = {"",        "@",         "a@",       "@b.example", "a b@c.example",
                                      "a@b",     "a..b@c.de", ".a@c.de",  "a@-c.de",    "a@c-.de",
                                      "a@c..de", "a@1.2.3.4", "a@b_c.de", "a,b@c.de"};
    struct contact_email email;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(contact_email_parse(str_c(bad[i]), *state, &email));
    assert_false(contact_email_parse(STR_NONE, *state, &email));
}

static void too_long_is_refused(void **state)
{
    char text[300];
    struct contact_email email;
    memset(text, 'a', sizeof text);
    memcpy(text + 65, "@b.example", 10);
    assert_false(contact_email_parse((struct str){text, 75}, *state, &email));
    assert_true(contact_email_parse((struct str){text + 1, 74}, *state, &email));
}

static void registrable_domain_follows_the_suffix_list(void **state)
{
    assert_text(contact_domain_site(STR("www.muster.co.uk"), *state), "muster.co.uk");
    assert_text(contact_domain_site(STR("a.b.muster.de"), *state), "muster.de");
    assert_null(contact_domain_site(STR("co.uk"), *state).p);
    assert_true(contact_domain_known(STR("muster.gmbh")));
    assert_false(contact_domain_known(STR("muster.corn")));
    assert_false(contact_domain_known(STR("muster.eh")));
    assert_true(contact_domain_known(STR("muster.co.za")));
    assert_true(contact_domain_known(STR("muster.com.bd")));
}

static void tables_know_free_mail_roles_and_countries(void **state)
{
    (void)state;
    assert_true(contact_domain_free_mail(STR("GMX.de")) && !contact_domain_free_mail(STR("muster.example")));
    assert_true(contact_email_role(STR("Info")) && !contact_email_role(STR("anna")));
    assert_string_equal(contact_domain_region(STR("muster.de")), "DE");
    assert_string_equal(contact_domain_region(STR("muster.co.uk")), "GB");
    assert_string_equal(contact_domain_region(STR("muster.io")), "");
    assert_string_equal(contact_domain_region(STR("muster.com")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(address_keeps_its_local_part_and_lowers_its_domain),
        unit_with_arena(what_is_no_address_is_refused),
        unit_with_arena(too_long_is_refused),
        unit_with_arena(registrable_domain_follows_the_suffix_list),
        unit_with_arena(tables_know_free_mail_roles_and_countries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

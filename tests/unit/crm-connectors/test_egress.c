/* Where strangers may send us, and where not (OWASP API7; reliability T19). */
#include "tests/unit/unit.h"

#include "crm-connectors/egress.h"

static bool allowed(const char *url, const char *allow, struct arena *arena, struct crm_target *ret)
{
    struct err err = {0};
    int rc = crm_egress_url(str_c(url), allow, arena, ret, &err);
    if (rc < 0)
        assert_int_equal(err.code, ERR_HOST_REFUSED);
    return rc == 0;
}

static void plain_https_hosts_are_taken(void **state)
{
    static const char *const rows[][4] = {
        {"https://crm.example.com", "crm.example.com", "/", "https://crm.example.com:443/"},
        {"https://CRM.Example.com/a/b?c=d", "crm.example.com", "/a/b?c=d", "https://crm.example.com:443/a/b?c=d"},
        {"HTTPS://crm.example.com:443/x", "crm.example.com", "/x", "https://crm.example.com:443/x"},
        {"https://crm.example.com?x=1", "crm.example.com", "/?x=1", "https://crm.example.com:443/?x=1"},
        {"https://xn--mller-kva.example/", "xn--mller-kva.example", "/", "https://xn--mller-kva.example:443/"},
        {"https://93.184.216.34/", "93.184.216.34", "/", "https://93.184.216.34:443/"},
        {"https://[2606:2800:220:1::1]/", "2606:2800:220:1::1", "/", "https://[2606:2800:220:1::1]:443/"},
        {"https://a1.b2.c3.example/user@mail.example/", "a1.b2.c3.example", "/user@mail.example/",
         "https://a1.b2.c3.example:443/user@mail.example/"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct crm_target target;
        assert_true(allowed(rows[i][0], NULL, *state, &target));
        assert_text(target.host, rows[i][1]);
        assert_text(target.path, rows[i][2]);
        assert_text(target.url, rows[i][3]);
        assert_int_equal(target.port, 443);
        assert_true(target.tls);
        assert_false(target.allowed);
    }
}

/* Forms that other readers of URLs take for an address of our own network, or for another host than we do. */
static const char *const refused[] = {
    /* loopback, private, link-local … as they are */
    "https://127.0.0.1/",
    "https://127.1.2.3/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://0.0.0.0/",
    "https://0.1.2.3/",
    "https://100.64.0.1/",
    "https://192.0.0.1/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://198.51.100.7/",
    "https://203.0.113.9/",
    "https://224.0.0.1/",
    "https://239.255.255.250/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://192.88.99.1/",
    /* decimal, octal, hex, short, padded */
    "https://2130706433/",
    "https://017700000001/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.0.0.1./",
    "https://127.0.0.01/",
    "https://00127.0.0.1/",
    "https://127.0.0.0x1/",
    "https://1.2.3.4.5/",
    "https://256.1.1.1/",
    "https://1.2.3/",
    "https://12345678901/",
    "https://3232235777/",
    "https://0xA9FEA9FE/",
    "https://0251.0376.0251.0376/",
    "https://example.0x7f/",
    /* IPv6 */
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:a9fe:a9fe]/",
    "https://[::127.0.0.1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fe80::1%eth0]/",
    "https://[fc00::1]/",
    "https://[fd12:3456::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001::1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::10.0.0.1]/",
    "https://[100::1]/",
    "https://[3fff::1]/",
    "https://::1/",
    "https://[::1/",
    "https://[127.0.0.1]/",
    "https://[2606:2800:220:1::1]x/",
    "https://[2606:2800::1]:/",
    /* users, escapes, foreign letters, white space */
    "https://user@crm.example.com/",
    "https://crm.example.com@127.0.0.1/",
    "https://user:pw@crm.example.com/",
    "https://crm.example.com:443@127.0.0.1/",
    "https://127.0.0.1%2f@crm.example.com/",
    "https://%6c%6f%63alhost/",
    "https://crm.example.com%00.evil.example/",
    "https://crm.example.com\\@127.0.0.1/",
    "https:\\\\127.0.0.1\\",
    "https://crm.example.com /",
    "https:// 127.0.0.1/",
    "https://crm.example.com\t/",
    "https://crm.example.com\r\nHost: x/",
    "https://①②⑦.⓪.⓪.①/",
    "https://crm。example/",
    "https://müller.example/",
    "https://crm.example.com/ä",
    "https://crm.example.com/#@127.0.0.1/",
    "https://crm_x.example/",
    "https://-crm.example/",
    "https://crm-.example/",
    "https://crm..example/",
    "https://.example/",
    "https://crm.example./",
    /* ports and schemes */
    "http://crm.example.com/",
    "https://crm.example.com:80/",
    "https://crm.example.com:22/",
    "https://crm.example.com:0/",
    "https://crm.example.com:65536/",
    "https://crm.example.com:+443/",
    "https://crm.example.com:-1/",
    "https://crm.example.com:443443/",
    "https://crm.example.com:/",
    "https://crm.example.com:4 43/",
    "https://crm.example.com:0443x/",
    "ftp://crm.example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/_HELO",
    "//crm.example.com/",
    "crm.example.com",
    "https:/crm.example.com/",
    "https:///crm.example.com/",
    "https://",
    "",
    "javascript:alert(1)",
    "dict://127.0.0.1:11211/",
    "ldap://10.0.0.1/",
    "unix:///run/x.sock",
};

static void forms_that_lead_home_are_refused(void **state)
{
    struct crm_target target;
    assert_true(ARRAY_LEN(refused) >= 100);
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        if (allowed(refused[i], NULL, *state, &target))
            fail_msg("taken: %s", refused[i]);
}

/* The list opens one host and port, in the spelling of the list, and nothing else. */
static void forms_that_lead_home_are_refused_beside_a_list(void **state)
{
    struct crm_target target;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        if (allowed(refused[i], "127.0.0.1:5232, radicale.lan:443 [fd00::5]:8000", *state, &target))
            fail_msg("taken: %s", refused[i]);
    assert_true(allowed("http://127.0.0.1:5232/user/", "127.0.0.1:5232, radicale.lan:443", *state, &target));
    assert_true(target.allowed && !target.tls && target.literal);
    assert_true(allowed("https://RADICALE.lan/", "127.0.0.1:5232, radicale.lan:443", *state, &target));
    assert_true(target.allowed);
    assert_true(allowed("http://[fd00::5]:8000/", "[fd00::5]:8000", *state, &target));
    assert_text(target.url, "http://[fd00::5]:8000/");
    assert_false(allowed("http://127.0.0.1:5233/", "127.0.0.1:5232", *state, &target));
    assert_false(allowed("http://127.0.0.2:5232/", "127.0.0.1:5232", *state, &target));
    assert_false(allowed("http://127.1:5232/", "127.0.0.1:5232", *state, &target));
    assert_false(allowed("http://2130706433:5232/", "127.0.0.1:5232", *state, &target));
    assert_false(allowed("http://x@127.0.0.1:5232/", "127.0.0.1:5232", *state, &target));
    assert_false(allowed("http://radicale.lan/", "radicale.lan:443", *state, &target));
}

static bool public(const char *text)
{
    struct crm_address address;
    assert_true(crm_egress_literal(str_c(text), &address));
    return crm_egress_public(&address);
}

static void addresses_are_judged_at_the_edges_of_their_ranges(void **state)
{
    (void)state;
    static const char *const good[] = {
        "1.0.0.0",     "9.255.255.255",   "11.0.0.0",        "100.63.255.255",  "100.128.0.0",     "126.255.255.255",
        "128.0.0.0",   "169.253.255.255", "169.255.0.0",     "172.15.255.255",  "172.32.0.0",      "192.167.255.255",
        "192.169.0.0", "198.17.255.255",  "198.20.0.0",      "223.255.255.255", "2001:200::1",     "2001:db7::1",
        "2001:db9::1", "2003::1",         "2606:4700::1111", "3ffe::1",         "64:ff9b::808:808"};
    static const char *const bad[] = {
        "0.255.255.255", "10.255.255.255",  "100.127.255.255", "127.255.255.255",  "169.254.0.0",     "172.31.255.255",
        "192.0.0.255",   "192.168.255.255", "198.19.255.255",  "224.0.0.0",        "255.255.255.254", "::",
        "::1",           "::ffff:8.8.8.8",  "fe80::1",         "febf::1",          "fec0::1",         "fc00::1",
        "fdff::1",       "ff00::1",         "2001:1ff::1",     "2001:db8:ffff::1", "2002:808:808::1", "3fff:fff::1",
        "4000::1",       "1fff::1",         "64:ff9b::a00:1",  "64:ff9b:1::1",     "5f00::1"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        if (!public(good[i]))
            fail_msg("refused: %s", good[i]);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (public(bad[i]))
            fail_msg("taken: %s", bad[i]);
    struct crm_address none = {0};
    assert_false(crm_egress_public(&none));
}

static void lists_with_half_an_entry_are_invalid(void **state)
{
    (void)state;
    assert_true(crm_egress_list_valid(NULL));
    assert_true(crm_egress_list_valid(""));
    assert_true(crm_egress_list_valid(" 127.0.0.1:5232,\tcrm.lan:8000 [::1]:443 "));
    static const char *const broken[] = {"127.0.0.1",    "crm.lan:",       "crm.lan:0",           ":443",
                                         "*:443",        "10.0.0.0/8:443", "https://crm.lan:443", "127.1:80",
                                         "crm.lan:99999"};
    for (size_t i = 0; i < ARRAY_LEN(broken); i++)
        if (crm_egress_list_valid(broken[i]))
            fail_msg("taken: %s", broken[i]);
}

static void names_are_looked_up_within_their_deadline(void **state)
{
    (void)state;
    struct crm_address addresses[CRM_ADDRESSES];
    assert_true(crm_egress_resolve(NULL, "localhost", 2000, addresses) >= 1);
    assert_false(crm_egress_public(&addresses[0]));
    char longer[300];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(crm_egress_resolve(NULL, longer, 2000, addresses), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(plain_https_hosts_are_taken),
        unit_with_arena(forms_that_lead_home_are_refused),
        unit_with_arena(forms_that_lead_home_are_refused_beside_a_list),
        unit_with_arena(addresses_are_judged_at_the_edges_of_their_ranges),
        unit_with_arena(lists_with_half_an_entry_are_invalid),
        unit_with_arena(names_are_looked_up_within_their_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

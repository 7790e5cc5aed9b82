/* Address, query, cookies, negotiation of a request. */
#include "tests/unit/unit.h"

#include "api/request.h"

static struct api_request *make(const char *target, const char *fields)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct api_request *request = NULL;
    struct err err;
    struct str head = str_printf(arena, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", target, fields);
    return api_request_new(head, &request, &err) < 0 ? NULL : request;
}

static void address_and_query_are_decoded(void **state)
{
    (void)state;
    struct api_request *r = make("/a%20b/c?q=M%C3%BCller+GmbH&empty&x=1%2B1", "");
    assert_non_null(r);
    assert_text(r->path, "/a b/c");
    assert_text(api_request_param(r, "q"), "M\xc3\xbcller GmbH");
    assert_text(api_request_param(r, "empty"), "");
    assert_text(api_request_param(r, "x"), "1+1");
    assert_null(api_request_param(r, "y").p);
    api_request_free(r);
}

static void broken_encodings_are_refused(void **state)
{
    (void)state;
    assert_null(make("/%", ""));
    assert_null(make("/%2", ""));
    assert_null(make("/%zz", ""));
    assert_null(make("/%00", ""));
    assert_null(make("/%ff", ""));
    assert_null(make("/?q=%c3%28", ""));
}

static void a_cookie_is_found_by_its_whole_name(void **state)
{
    (void)state;
    assert_text(api_cookie(STR("a=1; __Host-kartei=tok; b=2"), "__Host-kartei"), "tok");
    assert_null(api_cookie(STR("x__Host-kartei=evil"), "__Host-kartei").p);
    assert_null(api_cookie(STR("__Host-karteix=evil"), "__Host-kartei").p);
    assert_null(api_cookie(STR("__Host-kartei=a; __Host-kartei=b"), "__Host-kartei").p);
    assert_null(api_cookie(STR(""), "__Host-kartei").p);
    assert_text(api_cookie(STR("k="), "k"), "");
}

static void a_plain_request_id_is_kept_and_any_other_replaced(void **state)
{
    (void)state;
    struct api_request *r = make("/", "X-Request-Id: abcd-1234_XYZ\r\n");
    assert_string_equal(r->id, "abcd-1234_XYZ");
    api_request_free(r);
    r = make("/", "X-Request-Id: <script>alert</script>\r\n");
    assert_int_equal(strlen(r->id), 36);
    api_request_free(r);
}

static void the_last_forwarded_address_counts(void **state)
{
    (void)state;
    struct api_request *r = make("/", "X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\n");
    assert_text(r->address, "192.0.2.7");
    api_request_free(r);
}

static void types_are_negotiated(void **state)
{
    static const char *const types[] = {"application/json", "text/vcard"};
    (void)state;
    assert_int_equal(api_accept(STR(""), types, 2), 0);
    assert_int_equal(api_accept(STR("*/*"), types, 2), 0);
    assert_int_equal(api_accept(STR("text/vcard"), types, 2), 1);
    assert_int_equal(api_accept(STR("text/*;q=0.9, application/json;q=0.5"), types, 2), 1);
    assert_int_equal(api_accept(STR("text/vcard;q=0, */*;q=0.1"), types, 2), 0);
    assert_int_equal(api_accept(STR("image/png"), types, 2), -1);
    assert_int_equal(api_accept(STR("application/json;q=0"), types, 1), -1);
}

static void languages_are_negotiated(void **state)
{
    (void)state;
    assert_string_equal(api_accept_language(STR("")), "en");
    assert_string_equal(api_accept_language(STR("de-DE,de;q=0.9,en;q=0.8")), "de");
    assert_string_equal(api_accept_language(STR("en-GB,de;q=0.7")), "en");
    assert_string_equal(api_accept_language(STR("fr, de;q=0.3")), "de");
    assert_string_equal(api_accept_language(STR("de;q=0")), "en");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_and_query_are_decoded),
        cmocka_unit_test(broken_encodings_are_refused),
        cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
        cmocka_unit_test(a_plain_request_id_is_kept_and_any_other_replaced),
        cmocka_unit_test(the_last_forwarded_address_counts),
        cmocka_unit_test(types_are_negotiated),
        cmocka_unit_test(languages_are_negotiated),
    };
    return cmocka_run_group_tests_name("api request", tests, NULL, NULL);
}

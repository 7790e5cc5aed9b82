/* The table of routes, what it demands, and the documents made from it. */
#include "tests/unit/unit.h"

#include "api/auth.h"
#include "api/demand.h"
#include "api/docs/docs.h"
#include "api/problem.h"
#include "base/limits.h"

static enum err_code find(enum api_method method, const char *path, const char *name)
{
    const struct api_route *route = NULL;
    struct str ids[API_IDS];
    struct err err;
    if (api_route_find(method, str_c(path), ids, &route, &err) < 0)
        return err.code;
    assert_string_equal(route->name, name);
    return ERR_NONE;
}

static void paths_lead_to_their_rows(void **state)
{
    struct str ids[API_IDS];
    const struct api_route *route;
    struct err err;
    (void)state;
    assert_int_equal(find(API_GET, "/v1/scans", "scan_list"), ERR_NONE);
    assert_int_equal(find(API_HEAD, "/v1/scans", "scan_list"), ERR_NONE);
    assert_int_equal(find(API_POST, "/v1/scans/x/restore", "scan_restore"), ERR_NONE);
    assert_int_equal(find(API_GET, "/", "app_page"), ERR_NONE);
    assert_int_equal(find(API_GET, "/app/a/b/c", "app_page"), ERR_NONE);
    assert_int_equal(api_route_find(API_GET, STR("/v1/scans/a/cards/2/image"), ids, &route, &err), 0);
    assert_text(ids[0], "a");
    assert_text(ids[1], "2");
    assert_int_equal(api_route_find(API_GET, STR("/assets/h/css/a.css"), ids, &route, &err), 0);
    assert_text(ids[1], "css/a.css");
}

static void everything_else_is_not_found(void **state)
{
    static const char *const nowhere[] = {"",
                                          "/v1",
                                          "/v1/",
                                          "/v1/scans/",
                                          "/v1/scans//image",
                                          "//v1/scans",
                                          "/v1//scans",
                                          "/V1/scans",
                                          "/v1/scan",
                                          "v1/scans",
                                          "/app/",
                                          "/assets/h/",
                                          "/v1/scans/a/cards/2/image/x"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(nowhere); i++)
        assert_int_equal(find(API_GET, nowhere[i], "?"), ERR_NOT_FOUND);
}

static void a_wrong_method_names_the_right_ones(void **state)
{
    struct str ids[API_IDS];
    const struct api_route *route;
    struct err err;
    (void)state;
    assert_int_equal(api_route_find(API_PUT, STR("/v1/lists/x"), ids, &route, &err), -1);
    assert_int_equal(err.code, ERR_METHOD);
    assert_string_equal(err.param, "GET, HEAD, PATCH, DELETE");
}

static void every_row_is_whole_and_stands_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < api_route_count; i++) {
        const struct api_route *a = &api_routes[i];
        assert_true((a->flags & API_OPEN) || (a->resource[0] && a->action[0]));
        assert_true(a->summary[0] && a->path[0] == '/');
        assert_false(a->method == API_GET && (a->flags & (API_KEY | API_MATCH)));
        /* What creates can be repeated. Exceptions: signing in; what answers with something that no store of answers
         * should hold: the address of a consent, the seed of an app, recovery codes, a token, an invitation, all that
         * is known of a person; and what changes nothing, or is said every few seconds. */
        bool secret = strcmp(a->action, "authorize") == 0 || strcmp(a->resource, "second_factor") == 0 ||
                      strcmp(a->path, "/v1/tokens") == 0 || strcmp(a->path, "/v1/invitations") == 0 ||
                      strcmp(a->path, "/v1/subject-requests/{id}/answer") == 0;
        bool idle = strcmp(a->path, "/v1/subject-requests/{id}/preview") == 0 ||
                    strcmp(a->path, "/v1/inbox/{id}/presence") == 0;
        if (a->method == API_POST && !(a->flags & API_OPEN) && !secret && !idle)
            assert_true(a->flags & API_KEY);
        for (size_t k = 0; k < i; k++)
            assert_false(api_routes[k].method == a->method && strcmp(api_routes[k].path, a->path) == 0);
    }
}

static void every_error_has_a_status_of_its_own_choice(void **state)
{
    (void)state;
    for (int code = 1; code < ERR_COUNT; code++) {
        int status = api_problem_status((enum err_code)code);
        assert_true(status >= 400 && status < 600);
        if (code != ERR_INTERNAL && code != ERR_SEAL)
            assert_int_not_equal(status, 500);
    }
}

static void tags_are_strong_and_ours(void **state)
{
    (void)state;
    assert_int_equal(api_etag_version(STR("\"v17\"")), 17);
    static const char *const wrong[] = {"",        "*",
                                        "v17",     "W/\"v17\"",
                                        "\"17\"",  "\"v0\"",
                                        "\"v-1\"", "\"v1\", \"v2\"",
                                        "\"v\"",   "\"v99999999999999999999\""};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(api_etag_version(str_c(wrong[i])), 0);
}

static void a_key_is_quoted_or_bare(void **state)
{
    (void)state;
    assert_text(api_idempotency_key(STR("\"abc\"")), "abc");
    assert_text(api_idempotency_key(STR("abc")), "abc");
    assert_text(api_idempotency_key(STR("\"")), "\"");
}

static enum err_code judge_origin(const char *fields)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct api_request *request = NULL;
    struct err err = {.code = ERR_NONE};
    struct str head = str_printf(arena, "POST / HTTP/1.1\r\nHost: k\r\n%s\r\n", fields);
    assert_int_equal(api_request_new(head, &request, &err), 0);
    int r = api_auth_origin(request, "https://k.example", &err);
    api_request_free(request);
    return r < 0 ? err.code : ERR_NONE;
}

static void only_this_origin_or_no_browser_may_change_anything(void **state)
{
    (void)state;
    assert_int_equal(judge_origin(""), ERR_NONE);
    assert_int_equal(judge_origin("Origin: https://k.example\r\n"), ERR_NONE);
    assert_int_equal(judge_origin("Sec-Fetch-Site: same-origin\r\nOrigin: https://k.example\r\n"), ERR_NONE);
    assert_int_equal(judge_origin("Sec-Fetch-Site: none\r\n"), ERR_NONE);
    assert_int_equal(judge_origin("Sec-Fetch-Site: cross-site\r\n"), ERR_CSRF);
    assert_int_equal(judge_origin("Sec-Fetch-Site: same-site\r\n"), ERR_CSRF);
    assert_int_equal(judge_origin("Origin: null\r\n"), ERR_CSRF);
    assert_int_equal(judge_origin("Sec-Fetch-Site: same-origin\r\nOrigin: null\r\n"), ERR_CSRF);
    assert_int_equal(judge_origin("Sec-Fetch-Site: none\r\nOrigin: null\r\n"), ERR_CSRF);
    assert_int_equal(judge_origin("Sec-Fetch-Site: cross-site\r\nOrigin: null\r\n"), ERR_CSRF);
    assert_int_equal(judge_origin("Origin: https://k.example.evil\r\n"), ERR_CSRF);
    assert_int_equal(judge_origin("Origin: http://k.example\r\n"), ERR_CSRF);
    assert_int_equal(judge_origin("Sec-Fetch-Site: same-origin\r\nOrigin: https://evil.example\r\n"), ERR_CSRF);
}

static void every_example_is_read_by_its_shape(void **state)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    (void)state;
    for (size_t i = 0; i < api_example_count; i++) {
        void *value = arena_alloc(arena, api_examples[i].shape->size);
        struct err err = {.code = ERR_NONE};
        if (json_read(api_examples[i].shape, str_c(api_examples[i].text), arena, value, &err) < 0)
            fail_msg("%s: %s %s", api_examples[i].shape->name, err.pointer, err.param);
    }
    for (size_t i = 0; i < api_route_count; i++) {
        bool found = !api_routes[i].input;
        for (size_t k = 0; k < api_example_count; k++)
            found = found || api_examples[k].shape == api_routes[i].input;
        assert_true(found); /* every input has an example */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_lead_to_their_rows),
        cmocka_unit_test(everything_else_is_not_found),
        cmocka_unit_test(a_wrong_method_names_the_right_ones),
        cmocka_unit_test(every_row_is_whole_and_stands_once),
        cmocka_unit_test(every_error_has_a_status_of_its_own_choice),
        cmocka_unit_test(tags_are_strong_and_ours),
        cmocka_unit_test(a_key_is_quoted_or_bare),
        cmocka_unit_test(only_this_origin_or_no_browser_may_change_anything),
        cmocka_unit_test(every_example_is_read_by_its_shape),
    };
    return cmocka_run_group_tests_name("api routes", tests, NULL, NULL);
}

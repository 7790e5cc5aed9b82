/* The way out with names that lead home: nothing is connected, and the error does not tell why. */
#include "tests/unit/unit.h"

#include "base/clock.h"
#include "crm-connectors/http.h"
#include "crm-connectors/stream.h"

#include <arpa/inet.h>
#include <sys/socket.h>

/* A resolver that answers from a list of texts, one set after the other. */
struct names {
    const char *const *answers[4];
    size_t next;
};

static int resolve(void *self, const char *host, int timeout_ms, struct crm_address ret[CRM_ADDRESSES])
{
    struct names *names = self;
    const char *const *answer = names->answers[names->next++];
    int n = 0;
    (void)host;
    (void)timeout_ms;
    if (!answer)
        return -1;
    for (; answer[n]; n++)
        assert_true(crm_egress_literal(str_c(answer[n]), &ret[n]));
    return n;
}

static const char *const private_only[] = {"10.0.0.5", NULL};
static const char *const mixed[] = {"93.184.216.34", "127.0.0.1", NULL};
static const char *const mapped[] = {"::ffff:127.0.0.1", NULL};
static const char *const nothing[] = {NULL};

static struct err send_to(const char *url, struct names *names, const char *allow, struct arena *arena)
{
    struct str only = str_printf(arena, "crm.example.com:443 crm.lan:443 %s", allow ? allow : "");
    const struct crm_http_options options = {.allow_private = allow,
                                             .only = str_z(arena, only),
                                             .connect_ms = 500,
                                             .total_ms = 1000,
                                             .resolve = resolve,
                                             .resolve_self = names};
    _cleanup_(crm_http_freep) struct crm_http *http = NULL;
    struct crm_answer answer;
    struct err err = {0};
    assert_int_equal(crm_http_new(&options, &http, &err), 0);
    const struct crm_request request = {.method = "GET", .url = str_c(url)};
    assert_int_equal(crm_http_send(http, &request, arena, &answer, &err), -1);
    return err;
}

static void names_that_lead_home_are_refused_like_names_that_do_not_exist(void **state)
{
    struct names names = {.answers = {private_only, mixed, mapped, nothing}};
    char first[160] = "";
    for (int i = 0; i < 4; i++) {
        int64_t began = clock_mono_ms();
        struct err err = send_to("https://crm.example.com/", &names, NULL, *state);
        assert_int_equal(err.code, ERR_HOST_REFUSED);
        assert_true(clock_mono_ms() - began < 200);
        if (i == 0)
            memcpy(first, err.param, sizeof first);
        assert_string_equal(err.param, first);
    }
}

static void a_name_that_nobody_can_look_up_now_is_down(void **state)
{
    struct names names = {0};
    assert_int_equal(send_to("https://crm.example.com/", &names, NULL, *state).code, ERR_CRM_DOWN);
}

/* First the name leads to the outside, then home: each request asks once and goes only where the checked answer said.
 */
static void a_name_that_changes_its_mind_is_checked_each_time(void **state)
{
    static const char *const outside[] = {"192.0.2.1", NULL}; /* listed host, so that nothing leaves this machine */
    struct names names = {.answers = {outside, private_only}};
    assert_int_equal(send_to("http://crm.lan:81/", &names, "crm.lan:81", *state).code, ERR_CRM_DOWN);
    assert_int_equal(names.next, 1);
    assert_int_equal(send_to("https://crm.lan/", &names, "crm.lan:81", *state).code, ERR_HOST_REFUSED);
    assert_int_equal(names.next, 2);
}

/* Who is not on the list is not even looked up, by whatever scheme; without a list nobody is reached. */
static void who_is_not_on_the_list_is_not_contacted(void **state)
{
    static const char *const lists[] = {NULL, "", "other.example:443", "crm.example.com:444", "crm.example:443"};
    struct names names = {.answers = {private_only}};
    struct crm_stream_to mailbox = {.at = {.host = STR("crm.example.com"), .port = 993, .tls = true}};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const struct crm_http_options options = {.only = lists[i], .resolve = resolve, .resolve_self = &names};
        _cleanup_(crm_http_freep) struct crm_http *http = NULL;
        _cleanup_(crm_stream_freep) struct crm_stream *stream = NULL;
        const struct crm_request request = {.method = "GET", .url = STR("https://crm.example.com/")};
        struct crm_answer answer;
        struct err err = {0};
        assert_int_equal(crm_http_new(&options, &http, &err), 0);
        assert_int_equal(crm_http_send(http, &request, *state, &answer, &err), -1);
        assert_int_equal(err.code, ERR_HOST_REFUSED);
        assert_non_null(strstr(err.detail, "crm.example.com:443"));
        assert_int_equal(crm_stream_open(http, &mailbox, &stream, &err), -1);
        assert_int_equal(err.code, ERR_HOST_REFUSED);
        assert_non_null(strstr(err.detail, "crm.example.com:993"));
    }
    assert_int_equal(names.next, 0);
}

static void the_checked_address_is_the_one_connected_to(void **state)
{
    static const char *const home[] = {"127.0.0.1", NULL};
    struct names names = {.answers = {home}};
    _cleanup_(cleanup_close) int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof where;
    assert_int_equal(bind(listener, (void *)&where, size), 0);
    assert_int_equal(listen(listener, 4), 0);
    assert_int_equal(getsockname(listener, (void *)&where, &size), 0);
    struct str url = str_printf(*state, "http://no-such-name.example:%u/", (unsigned)ntohs(where.sin_port));
    struct str allow = str_printf(*state, "no-such-name.example:%u", (unsigned)ntohs(where.sin_port));
    /* It connects, sends, and gets no answer within the deadline: perhaps it arrived. */
    assert_int_equal(send_to(str_z(*state, url), &names, str_z(*state, allow), *state).code, ERR_CRM_UNCERTAIN);
    int arrived = accept(listener, NULL, NULL);
    assert_true(arrived >= 0);
    (void)close(arrived);
}

static void a_header_with_a_line_break_is_not_sent(void **state)
{
    struct names names = {0};
    const struct crm_http_options options = {.only = "crm.example.com:443", .resolve = resolve, .resolve_self = &names};
    _cleanup_(crm_http_freep) struct crm_http *http = NULL;
    struct crm_answer answer;
    struct err err = {0};
    struct crm_header evil = {STR("If-Match"), STR("\"x\"\r\nX-Evil: 1")};
    const struct crm_request request = {
        .method = "PUT", .url = STR("https://crm.example.com/"), .headers = {&evil, 1}, .changes = true};
    assert_int_equal(crm_http_new(&options, &http, &err), 0);
    assert_int_equal(crm_http_send(http, &request, *state, &answer, &err), -1);
    assert_int_equal(err.code, ERR_INVALID);
    assert_int_equal(names.next, 0);
}

static int64_t wait_of(const char *value)
{
    struct crm_header header = {STR("retry-AFTER"), str_c(value)};
    const struct crm_answer answer = {.status = 429, .headers = {&header, value ? 1 : 0}};
    return crm_answer_retry_after(&answer, 1795312712000); /* Sun, 22 Nov 2026 01:58:32 GMT */
}

static void retry_after_is_read_as_seconds_fractions_and_dates(void **state)
{
    (void)state;
    assert_int_equal(wait_of("7"), 7000);
    assert_int_equal(wait_of("0.25"), 250);
    assert_int_equal(wait_of("Sun, 22 Nov 2026 01:59:32 GMT"), 60000);
    assert_int_equal(wait_of("Sun, 22 Nov 2026 01:00:00 GMT"), 0);
    assert_int_equal(wait_of("999999999"), 86400000);
    assert_int_equal(wait_of("inf"), 86400000);
    assert_int_equal(wait_of("nan"), 0);
    assert_int_equal(wait_of("-5"), 0);
    assert_int_equal(wait_of("soon"), 0);
    assert_int_equal(wait_of(""), 0);
    assert_int_equal(wait_of(NULL), 0);
}

static void a_broken_list_or_file_is_told_at_once(void **state)
{
    (void)state;
    struct crm_http *http = NULL;
    struct err err = {0};
    assert_int_equal(crm_http_new(&(struct crm_http_options){.allow_private = "localhost"}, &http, &err), -1);
    assert_int_equal(err.code, ERR_INVALID);
    assert_int_equal(crm_http_new(&(struct crm_http_options){.ca_file = "/nowhere/ca.pem"}, &http, &err), -1);
    assert_int_equal(err.code, ERR_INVALID);
    assert_null(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(names_that_lead_home_are_refused_like_names_that_do_not_exist),
        unit_with_arena(a_name_that_nobody_can_look_up_now_is_down),
        unit_with_arena(a_name_that_changes_its_mind_is_checked_each_time),
        unit_with_arena(who_is_not_on_the_list_is_not_contacted),
        unit_with_arena(the_checked_address_is_the_one_connected_to),
        unit_with_arena(a_header_with_a_line_break_is_not_sent),
        unit_with_arena(retry_after_is_read_as_seconds_fractions_and_dates),
        unit_with_arena(a_broken_list_or_file_is_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The head of a request: what is read, and everything two readers could understand in two ways is refused. */
#include "tests/unit/unit.h"

#include "api/wire/head.h"

static enum err_code judge(struct str bytes)
{
    struct api_head head;
    struct err err = {.code = ERR_NONE};
    assert_int_equal(api_head_end(bytes) > 0, 1);
    return api_head_read(bytes, &head, &err) < 0 ? err.code : ERR_NONE;
}
#define REFUSED(text, error) assert_int_equal(judge(STR(text)), ERR_##error)
#define TAKEN(text)          assert_int_equal(judge(STR(text)), ERR_NONE)
#define GET                  "GET / HTTP/1.1\r\nHost: x\r\n"
#define POST                 "POST / HTTP/1.1\r\nHost: x\r\n"

static void a_plain_head_is_read(void **state)
{
    struct api_head head;
    struct err err;
    (void)state;
    struct str text =
        STR("POST /v1/scans?x=1 HTTP/1.1\r\nHost: k\r\nContent-Length:  12 \r\nExpect: 100-Continue\r\n\r\n");
    assert_int_equal(api_head_read(text, &head, &err), 0);
    assert_int_equal(head.method, API_POST);
    assert_text(head.target, "/v1/scans?x=1");
    assert_int_equal(head.length, 12);
    assert_true(head.expects_100);
    assert_text(api_head_field(&head, "CONTENT-LENGTH"), "12");
    assert_null(api_head_field(&head, "cookie").p);
}

static void an_incomplete_head_has_no_end(void **state)
{
    (void)state;
    struct str text = STR(GET "\r\n");
    for (size_t n = 0; n < text.n; n++)
        assert_int_equal(api_head_end(str_slice(text, 0, n)), 0);
    assert_int_equal(api_head_end(text), text.n);
    assert_int_equal(api_head_end(STR(GET "\r\nbody\r\n\r\n")), strlen(GET) + 2);
}

static void two_lengths_are_refused(void **state)
{
    (void)state;
    REFUSED(POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", MALFORMED);
    REFUSED(POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", MALFORMED);
    REFUSED(POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", MALFORMED);
    REFUSED(POST "Content-Length: 5, 5\r\n\r\n", MALFORMED);
}

static void malformed_lengths_are_refused(void **state)
{
    (void)state;
    REFUSED(POST "Content-Length: +5\r\n\r\n", MALFORMED);
    REFUSED(POST "Content-Length: -1\r\n\r\n", MALFORMED);
    REFUSED(POST "Content-Length: 0x5\r\n\r\n", MALFORMED);
    REFUSED(POST "Content-Length: 5 5\r\n\r\n", MALFORMED);
    REFUSED(POST "Content-Length:\r\n\r\n", MALFORMED);
    REFUSED(POST "Content-Length: 99999999999999999999\r\n\r\n", MALFORMED);
    TAKEN(POST "Content-Length: 0\r\n\r\n");
}

static void only_plain_chunking_is_taken(void **state)
{
    (void)state;
    TAKEN(POST "Transfer-Encoding: chunked\r\n\r\n");
    TAKEN(POST "transfer-encoding: CHUNKED\r\n\r\n");
    REFUSED(POST "Transfer-Encoding: xchunked\r\n\r\n", NOT_IMPLEMENTED);
    REFUSED(POST "Transfer-Encoding: chunked, identity\r\n\r\n", NOT_IMPLEMENTED);
    REFUSED(POST "Transfer-Encoding: gzip, chunked\r\n\r\n", NOT_IMPLEMENTED);
    REFUSED(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", MALFORMED);
    REFUSED("POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", MALFORMED);
}

static void names_with_blanks_and_folded_lines_are_refused(void **state)
{
    (void)state;
    REFUSED(POST "Transfer-Encoding : chunked\r\n\r\n", MALFORMED);
    REFUSED(GET "X Y: 1\r\n\r\n", MALFORMED);
    REFUSED(GET ": 1\r\n\r\n", MALFORMED);
    REFUSED(GET "X: 1\r\n folded\r\n\r\n", MALFORMED);
    REFUSED(GET "X: 1\r\n\tfolded\r\n\r\n", MALFORMED);
    REFUSED(GET "no colon\r\n\r\n", MALFORMED);
}

static void stray_bytes_are_refused(void **state)
{
    (void)state;
    REFUSED(GET "X: a\0b\r\n\r\n", MALFORMED);
    REFUSED(GET "X: a\nY: b\r\n\r\n", MALFORMED);
    REFUSED("GET / HTTP/1.1\nHost: x\n\n", MALFORMED);
    REFUSED(GET "X: a\rb\r\n\r\n", MALFORMED);
    REFUSED(GET "X: \x01\r\n\r\n", MALFORMED);
    REFUSED(GET "X: \xff\xfe\r\n\r\n", MALFORMED);
    REFUSED("\r\n", MALFORMED);
}

static void the_host_is_there_once(void **state)
{
    (void)state;
    REFUSED("GET / HTTP/1.1\r\n\r\n", MALFORMED);
    REFUSED("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", MALFORMED);
    REFUSED("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", MALFORMED);
    TAKEN("GET / HTTP/1.0\r\n\r\n");
}

static void request_lines_are_exact(void **state)
{
    (void)state;
    REFUSED("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", MALFORMED);
    REFUSED("GET / HTTP/1.1 \r\nHost: x\r\n\r\n", MALFORMED);
    REFUSED("GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", MALFORMED);
    REFUSED("GET /#a HTTP/1.1\r\nHost: x\r\n\r\n", MALFORMED);
    REFUSED("GET / HTTP/2.0\r\nHost: x\r\n\r\n", NOT_IMPLEMENTED);
    REFUSED("GET /\r\nHost: x\r\n\r\n", MALFORMED);
    REFUSED("G\x01T / HTTP/1.1\r\nHost: x\r\n\r\n", MALFORMED);
}

static void large_heads_are_refused(void **state)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 24);
    struct strbuf many = {.arena = arena}, large = {.arena = arena}, far = {.arena = arena};
    (void)state;
    strbuf_add_c(&many, GET);
    for (int i = 0; i < API_HEAD_FIELDS; i++)
        strbuf_printf(&many, "X-%d: 1\r\n", i);
    strbuf_add_c(&many, "\r\n");
    assert_int_equal(judge(strbuf_str(&many)), ERR_HEAD_TOO_LARGE);
    strbuf_add_c(&large, GET "X: ");
    for (int i = 0; i < API_HEAD_BYTES; i++)
        strbuf_add_char(&large, 'a');
    strbuf_add_c(&large, "\r\n\r\n");
    assert_int_equal(judge(strbuf_str(&large)), ERR_HEAD_TOO_LARGE);
    strbuf_add_c(&far, "GET /");
    for (int i = 0; i < API_TARGET_BYTES; i++)
        strbuf_add_char(&far, 'a');
    strbuf_add_c(&far, " HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(judge(strbuf_str(&far)), ERR_HEAD_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_head_is_read),
        cmocka_unit_test(an_incomplete_head_has_no_end),
        cmocka_unit_test(two_lengths_are_refused),
        cmocka_unit_test(malformed_lengths_are_refused),
        cmocka_unit_test(only_plain_chunking_is_taken),
        cmocka_unit_test(names_with_blanks_and_folded_lines_are_refused),
        cmocka_unit_test(stray_bytes_are_refused),
        cmocka_unit_test(the_host_is_there_once),
        cmocka_unit_test(request_lines_are_exact),
        cmocka_unit_test(large_heads_are_refused),
    };
    return cmocka_run_group_tests_name("api head", tests, NULL, NULL);
}

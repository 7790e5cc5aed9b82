/* Forms with files: whole, in single bytes, hostile. */
#include "tests/unit/unit.h"

#include "api/wire/multipart.h"

struct seen {
    struct strbuf log;
    bool pause;
};

static int part(void *self, struct str name, bool file, struct err *err)
{
    struct seen *seen = self;
    (void)err;
    strbuf_printf(&seen->log, "[%.*s%s:", STR_ARG(name), file ? " file" : "");
    return seen->pause ? 1 : 0;
}

static int data(void *self, struct str bytes, struct err *err)
{
    struct seen *seen = self;
    (void)err;
    strbuf_add(&seen->log, bytes);
    return 0;
}

static int end(void *self, struct err *err)
{
    struct seen *seen = self;
    (void)err;
    strbuf_add_c(&seen->log, "]");
    return 0;
}

/* Feeds in pieces of `step` bytes; absent when refused or without an end. */
static struct str walk(struct arena *arena, struct str body, size_t step, bool pause)
{
    struct seen *seen = arena_one(arena, struct seen);
    struct api_multipart_hooks hooks = {seen, part, data, end};
    struct api_multipart *m;
    struct err err;
    seen->log.arena = arena;
    seen->pause = pause;
    assert_int_equal(api_multipart_new(STR("multipart/form-data; boundary=\"B\""), &hooks, arena, &m, &err), 0);
    for (size_t at = 0; at < body.n;) {
        size_t taken = 0;
        struct str piece = str_slice(body, at, at + step);
        if (api_multipart_feed(m, piece, &taken, &err) < 0)
            return STR_NONE;
        assert_true(taken == piece.n || pause);
        at += taken;
    }
    return api_multipart_complete(m) ? strbuf_str(&seen->log) : STR_NONE;
}

#define FILE_HEAD                                                                                                      \
    "Content-Disposition: form-data; name=\"image\"; filename=\"x.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"

static void parts_come_out_however_the_bytes_arrive(void **state)
{
    (void)state;
    struct str body = STR("--B\r\nContent-Disposition: form-data; name=\"list\"\r\n\r\nabc\r\n--B\r\n" FILE_HEAD
                          "\r\n--\r\n--A\r\r\n--Bx\r\n--B--\r\n");
    /* "\r\n--Bx" is a delimiter followed by something else: refused; without it all is fine */
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 24);
    assert_null(walk(arena, body, 7, false).p);
    struct str good = STR("--B\r\nContent-Disposition: form-data; name=\"list\"\r\n\r\nabc\r\n--B\r\n" FILE_HEAD
                          "\r\n--\r\n--A\r\r\n-\r\n--B--\r\n");
    for (size_t step = 1; step < good.n + 1; step++)
        assert_text(walk(arena, good, step, false), "[list:abc][image file:\r\n--\r\n--A\r\r\n-]");
}

static void a_pause_stops_before_the_first_byte(void **state)
{
    (void)state;
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 24);
    struct str body = STR("--B\r\n" FILE_HEAD "123\r\n--B\r\n" FILE_HEAD "456\r\n--B--");
    assert_text(walk(arena, body, body.n, true), "[image file:123][image file:456]");
}

static void broken_forms_are_refused(void **state)
{
    (void)state;
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 24);
    static const char *const broken[] = {
        "",
        "--B",
        "preamble\r\n--B\r\n" FILE_HEAD "1\r\n--B--",
        "--B\n" FILE_HEAD "1\r\n--B--",
        "--B\r\n" FILE_HEAD "1\r\n--C--",
        "--B\r\nContent-Type: x\r\n\r\n1\r\n--B--",
        "--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--",
        "--B\r\nContent-Disposition: attachment; name=\"image\"\r\n\r\n1\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"image\"\r\nContent-Transfer-Encoding: base64\r\n\r\n1\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; "
        "name=\"b\"\r\n\r\n1\r\n--B--",
        "--B\r\nno colon\r\n\r\n1\r\n--B--",
    };
    for (size_t i = 0; i < ARRAY_LEN(broken); i++)
        assert_null(walk(arena, str_c(broken[i]), 5, false).p);
}

static void heads_and_numbers_of_parts_have_ceilings(void **state)
{
    (void)state;
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 24);
    struct strbuf head = {.arena = arena}, many = {.arena = arena};
    strbuf_add_c(&head, "--B\r\nX: ");
    for (int i = 0; i < API_PART_HEAD; i++)
        strbuf_add_char(&head, 'a');
    strbuf_add_c(&head, "\r\n" FILE_HEAD "1\r\n--B--");
    assert_null(walk(arena, strbuf_str(&head), 100, false).p);
    for (int i = 0; i <= API_PARTS; i++)
        strbuf_add_c(&many, "--B\r\n" FILE_HEAD "1\r\n");
    strbuf_add_c(&many, "--B--");
    assert_null(walk(arena, strbuf_str(&many), 1000, false).p);
}

static void boundaries_are_checked(void **state)
{
    (void)state;
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct api_multipart_hooks hooks = {NULL, part, data, end};
    struct api_multipart *m;
    struct err err;
    struct str longer = str_printf(arena, "multipart/form-data; boundary=%0*d", API_BOUNDARY + 1, 7);
    assert_int_equal(api_multipart_new(STR("multipart/form-data"), &hooks, arena, &m, &err), -1);
    assert_int_equal(err.code, ERR_MALFORMED);
    assert_int_equal(api_multipart_new(STR("multipart/mixed; boundary=B"), &hooks, arena, &m, &err), -1);
    assert_int_equal(err.code, ERR_MEDIA_TYPE);
    assert_int_equal(api_multipart_new(longer, &hooks, arena, &m, &err), -1);
    assert_int_equal(api_multipart_new(STR("Multipart/Form-Data; charset=x; boundary=B"), &hooks, arena, &m, &err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_come_out_however_the_bytes_arrive),
        cmocka_unit_test(a_pause_stops_before_the_first_byte),
        cmocka_unit_test(broken_forms_are_refused),
        cmocka_unit_test(heads_and_numbers_of_parts_have_ceilings),
        cmocka_unit_test(boundaries_are_checked),
    };
    return cmocka_run_group_tests_name("api multipart", tests, NULL, NULL);
}

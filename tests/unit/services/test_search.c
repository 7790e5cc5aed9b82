/* The look for canaries finds a word in every form in which it may lie in the open, and nothing where it does not; and
 * what both searches together mean. */
#include "tests/unit/unit.h"

#include "base/crypto.h"
#include "services/admin/search.h"

#include <fcntl.h>
#include <sys/stat.h>

#define WORD "zwiebelturmkanarienvogel"
enum { CHUNK = 1 << 20 };

static const char *place(struct arena *arena)
{
    char *folder = str_z(arena, STR("/tmp/kartei-search-XXXXXX"));
    assert_non_null(mkdtemp(folder));
    return folder;
}

static void put(const char *folder, struct str content, size_t before, struct arena *arena)
{
    const char *path = str_printf(arena, "%s/file", folder).p;
    _cleanup_(cleanup_close) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0 && lseek(fd, (off_t)before, SEEK_SET) == (off_t)before);
    assert_int_equal(write(fd, content.p, content.n), content.n);
}

static struct str upper(struct str hex, struct arena *arena)
{
    char *text = str_z(arena, hex);
    for (char *p = text; *p; p++)
        *p = (char)(*p >= 'a' ? *p - 'a' + 'A' : *p);
    return str_c(text);
}

static int64_t hits(const char *folder, struct arena *arena)
{
    struct search_result result;
    struct err err = {0};
    assert_int_equal(search_files(folder, STR(WORD), arena, &result, &err), 0);
    assert_int_equal(result.files, 1);
    return result.hits;
}

static void every_form_is_found_wherever_it_lies(void **state)
{
    const char *folder = place(*state);
    struct str hex = crypto_hex(STR(WORD), *state);
    const struct str forms[] = {
        STR(WORD),
        hex,
        upper(hex, *state),
        crypto_base64(STR(WORD), *state),
        crypto_base64(STR("1" WORD "1"), *state),
        crypto_base64(STR("12" WORD "123"), *state),
        STR("z\0w\0i\0e\0b\0e\0l\0t\0u\0r\0m\0k\0a\0n\0a\0r\0i\0e\0n\0v\0o\0g\0e\0l\0"),
        STR("\0z\0w\0i\0e\0b\0e\0l\0t\0u\0r\0m\0k\0a\0n\0a\0r\0i\0e\0n\0v\0o\0g\0e\0l"),
    };
    static const size_t places[] = {0, 7, CHUNK - 5, 3 * CHUNK - 1};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        for (size_t k = 0; k < ARRAY_LEN(places); k++) {
            put(folder, forms[i], places[k], *state);
            assert_int_equal(hits(folder, *state), 1);
        }
    }
}

static void what_is_not_there_is_not_found(void **state)
{
    const char *folder = place(*state);
    static const char *const others[] = {"", "zwiebelturmkanarienvoge", "ZWIEBELTURMKANARIENVOGEL",
                                         "zwiebelturm kanarienvogel"};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        put(folder, str_c(others[i]), 0, *state);
        assert_int_equal(hits(folder, *state), 0);
    }
}

static void a_canary_convicts_and_so_does_a_control_that_is_missing(void **state)
{
    static const struct {
        int64_t canary, control;
        bool elsewhere, passed;
        const char *detail;
    } cases[] = {
        {0, 1, false, true, "7 files, 3 MB"},
        {1, 1, false, false, "in the open in 1 of 7 files, 3 MB"},
        {2, 0, false, false, "in the open in 2 of 7 files, 3 MB"},
        {0, 0, false, false, "what is in the open was not found either: no proof (7 files, 3 MB)"},
        {0, 0, true, true, "7 files, 3 MB; the database is elsewhere: not looked at"},
        {0, 1, true, true, "7 files, 3 MB"},
        {1, 1, true, false, "in the open in 1 of 7 files, 3 MB"},
        {1, 0, true, false, "in the open in 1 of 7 files, 3 MB; the database is elsewhere: not looked at"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct search_result canary = {cases[i].canary, 7, (int64_t)3 << 20},
                                   control = {cases[i].control, 7, (int64_t)3 << 20};
        struct str detail;
        assert_int_equal(search_judge(&canary, &control, cases[i].elsewhere, *state, &detail), cases[i].passed);
        assert_true(str_eq(detail, str_c(cases[i].detail)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(every_form_is_found_wherever_it_lies),
        unit_with_arena(what_is_not_there_is_not_found),
        unit_with_arena(a_canary_convicts_and_so_does_a_control_that_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

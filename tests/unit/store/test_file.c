/* Sealed files without a database: every length comes back, any place can be read, a full disk leaves nothing behind.
 */
#include "store/core/file.h"
#include "store/core/key.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { CHUNK = STORE_FILE_CHUNK, MOST = 3 * CHUNK + 17 };

static char dir[] = "/tmp/kartei-file-XXXXXX";
static unsigned char plain[MOST];
static struct store_file_key key = {.context = "blobs.file|test"};

static int setup(void **state)
{
    (void)state;
    crypto_random(plain, sizeof plain);
    crypto_random(&key.key, sizeof key.key);
    return mkdtemp(dir) ? 0 : -1;
}

/* Files below `path`, which go, and then the folder itself. */
static int empty_out(const char *path)
{
    int n = 0;
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char name[512];
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_type == DT_DIR)
            n += empty_out(name);
        else
            n += unlink(name) == 0;
    }
    if (folder)
        (void)closedir(folder);
    (void)rmdir(path);
    return n;
}

static int teardown(void **state)
{
    (void)state;
    (void)empty_out(dir);
    return 0;
}

static struct id write_file(size_t n, size_t step)
{
    struct store_file_writer *writer;
    struct id id = id_new();
    struct err err;
    uint64_t bytes;
    assert_int_equal(store_file_create(dir, &id, &key, &writer, &err), 0);
    for (size_t at = 0; at < n; at += step)
        assert_int_equal(store_file_write(writer, plain + at, at + step < n ? step : n - at, &err), 0);
    assert_int_equal(store_file_finish(writer, &bytes, &err), 0);
    store_file_writer_free(writer);
    assert_int_equal(bytes, n);
    return id;
}

static struct store_file_reader *open_file(const struct id *id, size_t n)
{
    struct store_file_reader *reader;
    struct err err;
    struct arena *arena = arena_new(64 * 1024);
    assert_int_equal(store_file_open(store_file_path(dir, id, 1, arena).p, &key, n, &reader, &err), 0);
    arena_free(arena);
    return reader;
}

static void every_length_comes_back(void **state)
{
    static const size_t lengths[] = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, MOST};
    static unsigned char back[MOST + 1];
    struct err err;
    size_t n;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        struct id id = write_file(lengths[i], 1000);
        struct store_file_reader *reader = open_file(&id, lengths[i]);
        assert_int_equal(store_file_read(reader, 0, back, sizeof back, &n, &err), 0);
        assert_int_equal(n, lengths[i]);
        assert_memory_equal(back, plain, n);
        store_file_reader_free(reader);
    }
}

static void any_place_can_be_read(void **state)
{
    unsigned char back[100];
    struct err err;
    size_t n;
    struct id id = write_file(MOST, MOST);
    struct store_file_reader *reader = open_file(&id, MOST);
    (void)state;
    for (size_t at = 0; at < MOST; at += 997) {
        assert_int_equal(store_file_read(reader, at, back, sizeof back, &n, &err), 0);
        assert_int_equal(n, at + sizeof back <= MOST ? sizeof back : MOST - at);
        assert_memory_equal(back, plain + at, n);
    }
    assert_int_equal(store_file_read(reader, MOST, back, sizeof back, &n, &err), 0);
    assert_int_equal(n, 0);
    store_file_reader_free(reader);
}

static void another_key_or_context_opens_nothing(void **state)
{
    struct store_file_key other = key;
    struct store_file_reader *reader;
    struct err err;
    struct id id = write_file(10, 10);
    struct arena *arena = arena_new(64 * 1024);
    struct str path = store_file_path(dir, &id, 1, arena);
    (void)state;
    other.context[0] = 'x';
    assert_int_equal(store_file_open(path.p, &other, 10, &reader, &err), -1);
    assert_int_equal(err.code, ERR_SEAL);
    assert_int_equal(store_file_open(path.p, &key, 9, &reader, &err), -1);
    assert_int_equal(err.code, ERR_SEAL);
    arena_free(arena);
}

static void a_full_disk_is_said_and_leaves_nothing(void **state)
{
    struct rlimit before, small = {.rlim_cur = CHUNK, .rlim_max = RLIM_INFINITY};
    struct store_file_writer *writer;
    struct id id = id_new();
    struct err err = {0};
    (void)state;
    (void)empty_out(dir);
    assert_int_equal(mkdir(dir, 0700), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(store_file_create(dir, &id, &key, &writer, &err), 0);
    assert_int_equal(store_file_write(writer, plain, MOST, &err), -1);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(err.code, ERR_DISK_FULL);
    store_file_writer_free(writer);
    assert_int_equal(empty_out(dir), 0);
    assert_int_equal(mkdir(dir, 0700), 0);
}

static int try_key(const char *name, size_t n, mode_t mode)
{
    char path[256];
    struct store_keys *keys;
    struct err err;
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, plain, n), (ssize_t)n);
    assert_int_equal(fchmod(fd, mode), 0);
    (void)close(fd);
    int r = store_keys_open(path, &keys, &err);
    assert_true(r == 0 || err.code == ERR_SEAL);
    if (r == 0)
        store_keys_close(keys);
    (void)unlink(path);
    return r;
}

static void the_master_key_is_whole_and_private(void **state)
{
    struct store_keys *keys;
    struct err err;
    (void)state;
    assert_int_equal(try_key("good", 32, 0400), 0);
    assert_int_equal(try_key("short", 31, 0400), -1);
    assert_int_equal(try_key("long", 33, 0400), -1);
    assert_int_equal(try_key("group", 32, 0440), -1);
    assert_int_equal(try_key("all", 32, 0604), -1);
    assert_int_equal(store_keys_open("/nonexistent/key", &keys, &err), -1);
    assert_int_equal(store_keys_open("/", &keys, &err), -1);
    assert_int_equal(err.code, ERR_SEAL);
}

static void a_derived_id_is_a_uuid_of_version_8(void **state)
{
    struct crypto_hash hash = crypto_sha256(STR("x"));
    struct id id = store_derived_id(&hash), parsed;
    (void)state;
    assert_true(id_parse(id_str(&id), &parsed) && id_eq(&id, &parsed));
    assert_int_equal(id.s[14], '8');
    assert_non_null(strchr("89ab", id.s[19]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_comes_back),
        cmocka_unit_test(any_place_can_be_read),
        cmocka_unit_test(another_key_or_context_opens_nothing),
        cmocka_unit_test(a_full_disk_is_said_and_leaves_nothing),
        cmocka_unit_test(the_master_key_is_whole_and_private),
        cmocka_unit_test(a_derived_id_is_a_uuid_of_version_8),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

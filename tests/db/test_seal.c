/* What must be noticed: a flipped, cut or exchanged file; a sealed value in
 * another row. */
#include "base/limits.h"
#include "tests/db/fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { CHUNK = 64 * 1024 };

static void events_come_in_order_without_gaps(void **state)
{
    struct fixture *f = *state;
    struct store_events before, events;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_events_after(tx, NULL, 0, f->arena, &before, &f->err));
    store_event(tx, "scan", &f->scan, "read");
    store_event(tx, "contact", &f->contact, "matched");
    fixture_commit(f, tx);
    tx = fixture_begin(f);
    store_event(tx, "contact", &f->contact, "lost");
    store_rollbackp(&tx);
    tx = fixture_begin(f);
    store_event(tx, "contact", &f->contact, "confirmed");
    fixture_commit(f, tx);
    tx = fixture_begin(f);
    MUST(f, store_events_after(tx, NULL, before.last, f->arena, &events, &f->err));
    store_rollbackp(&tx);
    const struct store_event *e = events.items.items;
    assert_int_equal(events.items.n, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(e[i].id, before.last + 1 + i);
    assert_true(str_eq(e[0].state, STR("read")) && str_eq(e[2].state, STR("confirmed")));
    assert_int_equal(events.last, before.last + 3);
}

static struct str file_of(struct fixture *f, const struct id *blob)
{
    return str_printf(f->arena, "%s/blobs/%s/%s", getenv("KARTEI_TEST_DIR"), blob->s + 34, blob->s);
}

/* Three chunks, the last a short one. */
static struct store_blob put(struct fixture *f, char fill)
{
    struct store_blob blob;
    char *bytes = arena_alloc(f->arena, 2 * CHUNK + 100);
    memset(bytes, fill, 2 * CHUNK + 100);
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_blob_put(tx, (struct str){bytes, 2 * CHUNK + 100}, "image/png", &blob, &f->err));
    fixture_commit(f, tx);
    return blob;
}

/* Reads the whole file; 0 and its size, or -1. */
static int read_all(struct fixture *f, const struct id *blob, size_t *ret_n)
{
    _cleanup_(store_blob_reader_freep) struct store_blob_reader *reader = NULL;
    _cleanup_(store_rollbackp) struct store_tx *tx = fixture_begin(f);
    char *bytes = arena_alloc(f->arena, 3 * CHUNK);
    if (store_blob_open(tx, blob, &reader, &f->err) < 0)
        return -1;
    return store_blob_read(reader, 0, bytes, 3 * CHUNK, ret_n, &f->err);
}

static void flip(const char *path, off_t at)
{
    unsigned char byte;
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    (void)close(fd);
}

static void a_file_comes_back_whole_or_not_at_all(void **state)
{
    struct fixture *f = *state;
    struct store_blob blob = put(f, 'a'), other = put(f, 'b');
    struct stat st;
    size_t n;
    const char *path = file_of(f, &blob.id).p;
    MUST(f, read_all(f, &blob.id, &n));
    assert_int_equal(n, 2 * CHUNK + 100);
    assert_int_equal(stat(path, &st), 0);
    for (int i = 0; i < 64; i++) {
        off_t at = st.st_size * i / 64;
        flip(path, at);
        FAILS(f, ERR_SEAL, read_all(f, &blob.id, &n));
        flip(path, at);
    }
    MUST(f, read_all(f, &blob.id, &n));
    const char *other_path = file_of(f, &other.id).p, *aside = str_printf(f->arena, "%s.aside", path).p;
    assert_int_equal(rename(path, aside), 0);
    FAILS(f, ERR_SEAL, read_all(f, &blob.id, &n));
    assert_int_equal(rename(other_path, path), 0);
    FAILS(f, ERR_SEAL, read_all(f, &blob.id, &n)); /* another file of the same length */
    assert_int_equal(rename(aside, path), 0);
    assert_int_equal(truncate(path, st.st_size - 128), 0);
    FAILS(f, ERR_SEAL, read_all(f, &blob.id, &n));
}

static void cutting_a_file_and_its_row_at_a_chunk_is_noticed(void **state)
{
    struct fixture *f = *state;
    struct store_blob blob = put(f, 'c');
    size_t n;
    assert_int_equal(truncate(file_of(f, &blob.id).p, 2 * (CHUNK + 28)), 0);
    fixture_super(f, str_printf(f->arena, "update blobs set bytes = %d where id = '%s'", 2 * CHUNK, blob.id.s).p);
    FAILS(f, ERR_SEAL, read_all(f, &blob.id, &n));
}

static void an_unfinished_or_discarded_file_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct store_blob_writer *writer;
    struct store_blob blob;
    struct stat st;
    MUST(f, store_blob_create(f->store, &f->org, &writer, &f->err));
    MUST(f, store_blob_write(writer, "x", 1, &f->err));
    store_blob_writer_freep(&writer);
    MUST(f, store_blob_create(f->store, &f->org, &writer, &f->err));
    MUST(f, store_blob_finish(&writer, &blob, &f->err));
    assert_int_equal(blob.bytes, 0);
    assert_int_equal(stat(file_of(f, &blob.id).p, &st), 0);
    store_blob_discard(f->store, &blob);
    assert_int_equal(stat(file_of(f, &blob.id).p, &st), -1);
}

static void the_sweep_takes_orphans_only(void **state)
{
    struct fixture *f = *state;
    struct store_blob kept = put(f, 'd'), orphan;
    struct store_blob_writer *writer;
    struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    struct stat st;
    int64_t n;
    MUST(f, store_blob_create(f->store, &f->org, &writer, &f->err));
    MUST(f, store_blob_finish(&writer, &orphan, &f->err));
    MUST(f, store_blob_sweep(f->store, &n, &f->err));
    assert_int_equal(n, 0);
    assert_int_equal(utimensat(AT_FDCWD, file_of(f, &orphan.id).p, old, 0), 0);
    assert_int_equal(utimensat(AT_FDCWD, file_of(f, &kept.id).p, old, 0), 0);
    MUST(f, store_blob_sweep(f->store, &n, &f->err));
    assert_int_equal(n, 1);
    assert_int_equal(stat(file_of(f, &kept.id).p, &st), 0);
    assert_int_equal(stat(file_of(f, &orphan.id).p, &st), -1);
}

static void a_photo_reaches_the_reader_in_a_sealed_memfd(void **state)
{
    struct fixture *f = *state;
    struct store_blob blob = put(f, 'e');
    struct stat st;
    int fd;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_blob_memfd(tx, &blob.id, &fd, &f->err));
    store_rollbackp(&tx);
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_size, 2 * CHUNK + 100);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
    assert_int_equal(write(fd, "x", 1), -1);
    (void)close(fd);
}

static void a_sealed_value_opens_in_its_own_row_only(void **state)
{
    struct fixture *f = *state;
    struct store_contact contact;
    struct id a = fixture_contact(f, "Aigner"), b = fixture_contact(f, "Bauer");
    fixture_super(
        f, str_printf(f->arena,
                      "update contacts x set contact = y.contact from contacts y where x.id = '%s' and y.id = '%s'",
                      a.s, b.s)
               .p);
    struct store_tx *tx = fixture_begin(f);
    FAILS(f, ERR_SEAL, store_contact_get(tx, &a, f->arena, &contact, &f->err));
    MUST(f, store_contact_get(tx, &b, f->arena, &contact, &f->err));
    store_rollbackp(&tx);
}

static void a_lost_connection_says_so_and_the_next_one_works(void **state)
{
    struct fixture *f = *state;
    struct str name;
    struct store_tx *tx = fixture_begin(f);
    fixture_super(f, "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'kartei_app'");
    FAILS(f, ERR_STORE_DOWN, store_org_name(tx, f->arena, &name, &f->err));
    store_rollbackp(&tx);
    tx = fixture_begin(f);
    MUST(f, store_org_name(tx, f->arena, &name, &f->err));
    store_rollbackp(&tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_in_order_without_gaps),
        cmocka_unit_test(a_file_comes_back_whole_or_not_at_all),
        cmocka_unit_test(cutting_a_file_and_its_row_at_a_chunk_is_noticed),
        cmocka_unit_test(an_unfinished_or_discarded_file_leaves_nothing),
        cmocka_unit_test(the_sweep_takes_orphans_only),
        cmocka_unit_test(a_photo_reaches_the_reader_in_a_sealed_memfd),
        cmocka_unit_test(a_sealed_value_opens_in_its_own_row_only),
        cmocka_unit_test(a_lost_connection_says_so_and_the_next_one_works),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}

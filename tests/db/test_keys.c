/* Keys: a data key is changed under load without a failure and without a value left under the old one; another master
 * key; no flipped bit opens, and no value opens in another place. */
#include "base/limits.h"
#include "store/core/master.h"
#include "store/core/tx.h"
#include "store/keys/rotate.h"
#include "tests/db/fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

enum { FLIPS = 10000, THREADS = 4, CALM_MS = 400, VALUES = 64, PICTURES = 10, CHANGES = 200, MOVES = 2000 };

static bool never(void *self)
{
    (void)self;
    return false;
}

static const struct store_reseal how = {never, NULL};

/* ---- Under load ---- */

struct load {
    struct fixture *f;
    atomic_bool stop;
    atomic_int done, failed;
};

/* A picture comes in and is looked at. */
static int picture(struct fixture *f, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(store_blob_reader_freep) struct store_blob_reader *reader = NULL;
    struct store_blob blob;
    char bytes[100];
    size_t n;
    if (store_begin(f->store, &f->org, &tx, err) < 0 ||
        store_blob_put(tx, STR("a picture"), "image/png", &blob, err) < 0 || store_commit(&tx, err) < 0 ||
        store_begin(f->store, &f->org, &tx, err) < 0 || store_blob_open(tx, &blob.id, &reader, err) < 0)
        return -1;
    return store_blob_read(reader, 0, bytes, sizeof bytes, &n, err);
}

static int work_once(struct load *load, struct arena *arena, struct err *err)
{
    struct fixture *f = load->f;
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_contact contact = {.list = f->list,
                                    .owner = f->user,
                                    .state = STR("read"),
                                    .contact = {.given_name = STR("Anna"), .family_name = STR("Schmidt")}};
    struct json_list versions;
    struct id id;
    int64_t version;
    if (store_begin(f->store, &f->org, &tx, err) < 0 || store_contact_add(tx, &contact, &id, err) < 0 ||
        store_commit(&tx, err) < 0)
        return -1;
    if (store_begin(f->store, &f->org, &tx, err) < 0 || store_contact_get(tx, &id, arena, &contact, err) < 0 ||
        store_contact_save(tx, &contact, &f->user, &version, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    if (store_begin(f->store, &f->org, &tx, err) < 0 || store_contact_get(tx, &f->contact, arena, &contact, err) < 0 ||
        store_contact_versions(tx, &id, arena, &versions, err) < 0)
        return -1;
    store_rollbackp(&tx);
    return atomic_load(&load->done) % PICTURES == 0 ? picture(f, err) : 0;
}

static void *work(void *self)
{
    struct load *load = self;
    while (!atomic_load(&load->stop)) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
        struct err err = {.code = ERR_NONE};
        if (work_once(load, arena, &err) < 0) {
            (void)fprintf(stderr, "under load: %s %s %s\n", err_slug(err.code), err.param, err.detail);
            atomic_fetch_add(&load->failed, 1);
        }
        atomic_fetch_add(&load->done, 1);
        (void)nanosleep(&(struct timespec){.tv_nsec = 10 * 1000000L}, NULL); /* a steady load, not as much as goes */
    }
    return NULL;
}

static void rotate(struct fixture *f)
{
    struct store_tx *tx = fixture_begin(f);
    int64_t version, done, left = 1;
    MUST(f, store_key_renew(tx, &version, &f->err));
    fixture_commit(f, tx);
    MUST(f, store_key_settle(f->store, &f->org, &f->err));
    while (left > 0) {
        MUST(f, store_reseal(f->store, &f->org, &how, &done, &f->err));
        tx = fixture_begin(f);
        MUST(f, store_key_retire(tx, CALM_MS, &left, &f->err));
        fixture_commit(f, tx);
        (void)nanosleep(&(struct timespec){.tv_nsec = 100 * 1000000L}, NULL);
    }
}

static void a_data_key_is_changed_under_load(void **state)
{
    struct fixture *f = *state;
    struct load load = {.f = f};
    pthread_t thread[THREADS];
    struct json_list versions;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, work, &load), 0);
    rotate(f);
    atomic_store(&load.stop, true);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    (void)printf("a change of the data key under %d rounds of load: %d failed\n", atomic_load(&load.done),
                 atomic_load(&load.failed));
    assert_int_equal(atomic_load(&load.failed), 0);
    assert_true(atomic_load(&load.done) > THREADS);
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_key_versions(tx, f->arena, &versions, &f->err));
    store_rollbackp(&tx);
    assert_int_equal(versions.n, 1);
    assert_int_equal(((struct store_key_version *)versions.items)->version, 2);
}

static void a_version_that_something_lies_under_stays(void **state)
{
    struct fixture *f = *state;
    struct store_tx *tx = fixture_begin(f);
    int64_t version, left;
    MUST(f, store_key_renew(tx, &version, &f->err));
    fixture_commit(f, tx);
    tx = fixture_begin(f);
    MUST(f, store_key_retire(tx, 0, &left, &f->err));
    MUST(f, store_key_retire(tx, 0, &left, &f->err));
    fixture_commit(f, tx);
    assert_int_equal(left, 1);
    rotate(f);
}

/* ---- What must not open ---- */

/* Every value of every sealed column, with its place. */
struct value {
    struct store_place place;
    struct id row;
    struct str sealed;
};

static size_t values_load(struct fixture *f, struct store_tx *tx, struct value *values)
{
    _cleanup_(store_rows_freep) struct store_rows *columns = NULL;
    size_t n = 0;
    MUST(f, store_run(tx, SQL_RESEAL_COLUMNS, ARGS_NONE, &columns, &f->err));
    for (int i = 0; i < store_rows_count(columns); i++) {
        _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
        struct str table = store_row_str(columns, i, 0, f->arena), name = store_row_str(columns, i, 1, f->arena);
        MUST(f,
             store_run(tx, SQL_RESEAL_PAGE,
                       ARGS(ARG_STR(table), ARG_STR(name), ARG_INT(9999), ARG_C("(0,0)"), ARG_INT(2)), &rows, &f->err));
        for (int k = 0; k < store_rows_count(rows) && n < 2 * VALUES; k++, n++) {
            values[n].row = store_row_id(rows, k, 1);
            values[n].sealed = store_row_str(rows, k, 2, f->arena);
            values[n].place.column = str_printf(f->arena, "%.*s.%.*s", STR_ARG(table), STR_ARG(name)).p;
        }
    }
    for (size_t i = 0; i < n; i++)
        values[i].place.row = &values[i].row;
    return n;
}

static bool same_place(const struct value *a, const struct value *b)
{
    return strcmp(a->place.column, b->place.column) == 0 && id_eq(&a->row, &b->row);
}

static void no_value_opens_in_another_place(void **state)
{
    struct fixture *f = *state;
    struct fixture other;
    struct value values[2 * VALUES];
    struct str plain;
    size_t tried = 0;
    fixture_fill(f, "Zwiebelturm");
    struct store_tx *tx = fixture_begin(f);
    size_t n = values_load(f, tx, values);
    assert_true(n > 40);
    for (size_t i = 0; i < n; i++)
        MUST(f, store_unseal(tx, values[i].place, values[i].sealed, f->arena, &plain, &f->err));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++, tried++)
            if (!same_place(&values[i], &values[k]))
                FAILS(f, ERR_SEAL, store_unseal(tx, values[k].place, values[i].sealed, f->arena, &plain, &f->err));
    store_rollbackp(&tx);
    /* And in another organisation, whatever its row is called. */
    fixture_open(&other, "Andere");
    tx = fixture_begin(&other);
    for (size_t i = 0; i < n; i++, tried++)
        assert_int_equal(store_unseal(tx, values[i].place, values[i].sealed, f->arena, &plain, &f->err), -1);
    store_rollbackp(&tx);
    fixture_close(&other);
    (void)printf("%zu values, %zu exchanges, none opened\n", n, tried);
}

static void no_flipped_bit_opens(void **state)
{
    struct fixture *f = *state;
    struct value values[2 * VALUES];
    struct store_tx *tx = fixture_begin(f);
    size_t n = values_load(f, tx, values);
    for (size_t i = 0; i < FLIPS; i++) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(1024 * 1024);
        const struct value *value = &values[i % n];
        char *bytes = str_z(arena, value->sealed);
        size_t bit = i / n * 7919 % (value->sealed.n * 8);
        struct str plain;
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        FAILS(f, ERR_SEAL,
              store_unseal(tx, value->place, (struct str){bytes, value->sealed.n}, arena, &plain, &f->err));
    }
    store_rollbackp(&tx);
}

/* ---- The master key ---- */

static void key_file(struct fixture *f, const char *path)
{
    unsigned char key[CRYPTO_KEY];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0400);
    (void)f;
    crypto_random(key, sizeof key);
    assert_true(fd >= 0 && write(fd, key, sizeof key) == (ssize_t)sizeof key);
    (void)close(fd);
}

static void the_master_key_is_changed_while_others_work(void **state)
{
    struct fixture *f = *state;
    const char *dir = getenv("KARTEI_TEST_DIR");
    const char *path = str_printf(f->arena, "%s/master.key", dir).p, *next = str_printf(f->arena, "%s.next", path).p;
    struct load load = {.f = f};
    pthread_t thread[THREADS];
    int64_t wrapped, left;
    struct id org;
    FAILS(f, ERR_NOT_FOUND, store_master_rewrap(f->store, &wrapped, &left, &f->err));
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, work, &load), 0);
    key_file(f, next);
    MUST(f, store_org_create(f->store, STR("New in between"), &org, &f->err));
    MUST(f, store_master_rewrap(f->store, &wrapped, &left, &f->err));
    assert_true(wrapped >= 3);
    assert_int_equal(left, 0);
    assert_int_equal(rename(next, path), 0);
    MUST(f, store_org_create(f->store, STR("New after it"), &org, &f->err));
    rotate(f);
    atomic_store(&load.stop, true);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    assert_int_equal(atomic_load(&load.failed), 0);
    FAILS(f, ERR_NOT_FOUND,
          store_master_rewrap(f->store, &wrapped, &left, &f->err)); /* there is no next one any more */
    fixture_super(f,
                  "do $$ begin if (select count(distinct master) from (select master from kartei.orgs union all select "
                  "master from kartei.org_keys union all select master from kartei.instance_keys) m) <> 1 then raise "
                  "exception 'keys under more than one master key'; end if; end $$");
}

/* The next key of a folder takes the present one's place while others look. */
struct moved {
    const char *path, *next;
    pthread_barrier_t ready;
};

static void *move(void *self)
{
    struct moved *moved = self;
    (void)pthread_barrier_wait(&moved->ready);
    assert_int_equal(rename(moved->next, moved->path), 0);
    return NULL;
}

/* In one look, without the store's second one. */
static void a_key_that_takes_its_place_meanwhile_is_found(void **state)
{
    struct fixture *f = *state;
    const struct crypto_key secret = {.b = "what is wrapped"};
    for (int i = 0; i < MOVES; i++) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
        struct moved moved = {.path = str_printf(arena, "%s/moved.key", getenv("KARTEI_TEST_DIR")).p};
        struct store_keys *those, *others;
        struct store_wrapped wrapped;
        struct crypto_key key;
        pthread_t thread;
        moved.next = str_printf(arena, "%s.next", moved.path).p;
        if (i == 0)
            key_file(f, moved.path);
        MUST(f, store_keys_open(moved.path, &those, &f->err));
        key_file(f, moved.next);
        MUST(f, store_keys_open(moved.path, &others, &f->err));
        MUST(f, store_keys_wrap(others, STR("test"), &secret, arena, &wrapped, &f->err));
        assert_int_equal(pthread_barrier_init(&moved.ready, NULL, 2), 0);
        assert_int_equal(pthread_create(&thread, NULL, move, &moved), 0);
        (void)pthread_barrier_wait(&moved.ready);
        MUST(f, store_keys_unwrap(those, STR("test"), &wrapped, &key, &f->err));
        assert_int_equal(pthread_join(thread, NULL), 0);
        (void)pthread_barrier_destroy(&moved.ready);
        store_keys_close(those);
        store_keys_close(others);
    }
}

/* Reads a key that nothing keeps in memory, as a program does that has just started. */
static void *read_always(void *self)
{
    struct load *load = self;
    while (!atomic_load(&load->stop)) {
        struct crypto_key key;
        struct err err = {.code = ERR_NONE};
        if (store_instance_key(load->f->store, "email", &key, &err) < 0) {
            (void)fprintf(stderr, "while the master key changes: %s %s\n", err_slug(err.code), err.param);
            atomic_fetch_add(&load->failed, 1);
        }
        atomic_fetch_add(&load->done, 1);
    }
    return NULL;
}

static void master_change(struct fixture *f, const char *path, const char *next)
{
    int64_t wrapped, left;
    key_file(f, next);
    MUST(f, store_master_rewrap(f->store, &wrapped, &left, &f->err));
    assert_int_equal(left, 0);
    assert_int_equal(rename(next, path), 0);
}

static void no_moment_is_bad_for_a_change_of_the_master_key(void **state)
{
    struct fixture *f = *state;
    const char *path = str_printf(f->arena, "%s/master.key", getenv("KARTEI_TEST_DIR")).p;
    const char *next = str_printf(f->arena, "%s.next", path).p;
    struct load load = {.f = f};
    pthread_t thread[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, read_always, &load), 0);
    for (int i = 0; i < CHANGES; i++)
        master_change(f, path, next);
    atomic_store(&load.stop, true);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    (void)printf("%d changes of the master key under %d reads: %d failed\n", CHANGES, atomic_load(&load.done),
                 atomic_load(&load.failed));
    assert_int_equal(atomic_load(&load.failed), 0);
}

/* An organisation's fresh key that was wrapped under the old master key and is not stored yet. */
static void *rewrap_all(void *self)
{
    struct load *load = self;
    struct err err = {.code = ERR_NONE};
    int64_t wrapped, left;
    if (store_master_rewrap(load->f->store, &wrapped, &left, &err) < 0 || left > 0)
        atomic_fetch_add(&load->failed, 1);
    atomic_store(&load->stop, true);
    return NULL;
}

static void a_key_on_its_way_into_the_store_is_waited_for(void **state)
{
    struct fixture *f = *state;
    const char *path = str_printf(f->arena, "%s/master.key", getenv("KARTEI_TEST_DIR")).p;
    const char *next = str_printf(f->arena, "%s.next", path).p;
    struct load load = {.f = f};
    pthread_t thread;
    int64_t version;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_key_renew(tx, &version, &f->err));
    key_file(f, next);
    assert_int_equal(pthread_create(&thread, NULL, rewrap_all, &load), 0);
    (void)nanosleep(&(struct timespec){.tv_nsec = 300 * 1000000L}, NULL);
    assert_false(atomic_load(&load.stop));
    fixture_commit(f, tx);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(atomic_load(&load.failed), 0);
    assert_int_equal(rename(next, path), 0);
    fixture_super(
        f, "do $$ begin if (select count(distinct master) from kartei.org_keys) <> 1 then raise exception 'a key "
           "under the former master key'; end if; end $$");
    rotate(f);
}

static void a_credential_of_systemd_is_a_master_key_too(void **state)
{
    struct fixture *f = *state;
    struct store_master *master;
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", getenv("KARTEI_TEST_DIR"), 1), 0);
    MUST(f, store_master_open("credential:master.key", &master, &f->err));
    assert_int_equal(strlen(store_master_id(master)), STORE_MASTER_ID - 1);
    store_master_close(master);
    FAILS(f, ERR_SEAL, store_master_open("credential:../master.key", &master, &f->err));
    FAILS(f, ERR_NOT_FOUND, store_master_open("credential:other", &master, &f->err));
    assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
    FAILS(f, ERR_SEAL, store_master_open("credential:master.key", &master, &f->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_data_key_is_changed_under_load),
        cmocka_unit_test(a_version_that_something_lies_under_stays),
        cmocka_unit_test(no_value_opens_in_another_place),
        cmocka_unit_test(no_flipped_bit_opens),
        cmocka_unit_test(the_master_key_is_changed_while_others_work),
        cmocka_unit_test(a_key_that_takes_its_place_meanwhile_is_found),
        cmocka_unit_test(no_moment_is_bad_for_a_change_of_the_master_key),
        cmocka_unit_test(a_key_on_its_way_into_the_store_is_waited_for),
        cmocka_unit_test(a_credential_of_systemd_is_a_master_key_too),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}

/* The match index against a plain list of sets: whatever was put, changed and dropped, in whatever runs it lies, it
 * finds the same. And what many processes may do to it at once. */
#include "base/limits.h"
#include "store/match/merge.h"
#include "tests/db/fixture.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    SUBJECTS = 1500,
    KEYS = 12,
    VALUES = 4000,
    COMMON = 3,
    CAP = 200,
    LIMIT = 500,
    STEP = 5 /* pages */,
    ENOUGH = 5000
};

/* Every subject has a set of values; a value's key is a hash of it. Values below COMMON are carried by many. */
struct model {
    struct id ids[SUBJECTS];
    int values[SUBJECTS][KEYS], n[SUBJECTS]; /* n 0: none */
    uint64_t seed;
};

static uint64_t dice(struct model *model)
{
    model->seed ^= model->seed << 13;
    model->seed ^= model->seed >> 7;
    return model->seed ^= model->seed << 17;
}

static int64_t key_of(int value)
{
    return (int64_t)(((uint64_t)value + 1) * 0x9e3779b97f4a7c15u);
}

static bool has(const struct model *model, size_t subject, int value)
{
    for (int k = 0; k < model->n[subject]; k++)
        if (model->values[subject][k] == value)
            return true;
    return false;
}

static void draw(struct model *model, size_t subject)
{
    model->n[subject] = dice(model) % 10 == 0 ? 0 : KEYS;
    for (int k = 0; k < KEYS; k++)
        model->values[subject][k] = (int)(k < 2 ? dice(model) % COMMON : dice(model) % VALUES);
}

/* Subjects [first, first + n) get other sets, in one call. */
static void change(struct fixture *f, struct model *model, size_t first, size_t n)
{
    struct store_match_set *sets = arena_array(f->arena, n, sizeof *sets);
    for (size_t i = 0; i < n; i++) {
        int64_t *keys = arena_array(f->arena, KEYS, sizeof *keys);
        draw(model, first + i);
        for (int k = 0; k < model->n[first + i]; k++)
            keys[k] = key_of(model->values[first + i][k]);
        sets[i] = (struct store_match_set){model->ids[first + i], keys, (size_t)model->n[first + i]};
    }
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_match_sets_put(tx, STORE_RECORD, sets, n, &f->err));
    fixture_commit(f, tx);
}

/* How many carry each value. */
static void carriers(const struct model *model, int *ret_carriers)
{
    memset(ret_carriers, 0, VALUES * sizeof *ret_carriers);
    for (size_t i = 0; i < SUBJECTS; i++)
        for (int k = 0; k < model->n[i]; k++) {
            bool again = false;
            for (int earlier = 0; earlier < k; earlier++)
                again = again || model->values[i][earlier] == model->values[i][k];
            ret_carriers[model->values[i][k]] += !again;
        }
}

/* How many of the values that are not too common the subject has. */
static int64_t shares(const struct model *model, const int *carried, const int *values, size_t subject)
{
    int64_t n = 0;
    for (int k = 0; k < KEYS; k++)
        n += carried[values[k]] <= CAP && has(model, subject, values[k]);
    return n;
}

static size_t subject_of(const struct model *model, const struct id *id)
{
    for (size_t i = 0; i < SUBJECTS; i++)
        if (id_eq(&model->ids[i], id))
            return i;
    fail_msg("a subject that nobody put");
    return 0;
}

/* The index finds everybody who shares a key that is not too common, with how many, and nobody else. */
static void compare(struct fixture *f, struct model *model)
{
    int values[KEYS], carried[VALUES];
    int64_t keys[KEYS];
    struct json_list found;
    size_t met = 0;
    carriers(model, carried);
    for (int k = 0; k < KEYS; k++) {
        values[k] = k < COMMON ? k : COMMON + (int)(dice(model) % (VALUES / KEYS)) * KEYS + k; /* each once */
        keys[k] = key_of(values[k]);
    }
    struct store_tx *tx = fixture_begin(f);
    struct store_meet meet = {.kind = STORE_RECORD, .keys = keys, .n = KEYS, .cap = CAP, .limit = LIMIT};
    MUST(f, store_match_keys_meet(tx, &meet, f->arena, &found, &f->err));
    store_rollbackp(&tx);
    const struct store_meeting *meeting = found.items;
    for (size_t i = 0; i < found.n; i++)
        assert_int_equal(meeting[i].shared, shares(model, carried, values, subject_of(model, &meeting[i].id)));
    for (size_t i = 0; i < SUBJECTS; i++)
        met += shares(model, carried, values, i) > 0;
    assert_int_equal(found.n, met);
}

/* ENOUGH steps come to an end. */
static void tend(struct fixture *f, int steps)
{
    _cleanup_(store_tending_freep) struct store_tending *tending = store_tending_new(f->store, &f->org, STEP);
    bool more = true;
    for (int i = 0; more && i < steps; i++)
        MUST(f, store_tend(tending, &more, &f->err));
    assert_true(!more || steps < ENOUGH);
}

static void model_new(struct model *model, uint64_t seed)
{
    *model = (struct model){.seed = seed};
    for (size_t i = 0; i < SUBJECTS; i++)
        model->ids[i] = id_new();
}

static void it_finds_what_a_plain_list_finds_in_whatever_runs(void **state)
{
    struct fixture *f = *state;
    static struct model model;
    model_new(&model, 20261130);
    for (int round = 0; round < 30; round++) {
        size_t n = round % 3 == 0 ? 500 : dice(&model) % 40 + 1;
        change(f, &model, dice(&model) % (SUBJECTS - n), n);
        tend(f, (int)(dice(&model) % 3));
        for (int i = 0; i < 5; i++)
            compare(f, &model);
    }
    tend(f, ENOUGH);
    for (int i = 0; i < 50; i++)
        compare(f, &model);
}

/* ---- Having all keys ---- */

static void all_is_all_however_many_have_it(void **state)
{
    enum { CONTACTS = 1700, AT_ONCE = 850, OWN = 5 };
    struct fixture *f = *state;
    const int64_t keys[] = {key_of(1), key_of(2), key_of(3)};
    struct store_match_set sets[AT_ONCE];
    static int64_t has_keys[AT_ONCE][3 + OWN];
    struct id ids[CONTACTS];
    struct json_list found;
    for (int i = 0; i < CONTACTS; i++)
        ids[i] = fixture_contact(f, "Viele");
    for (int first = 0; first < CONTACTS; first += AT_ONCE) {
        struct store_tx *tx = fixture_begin(f);
        /* The first key is everybody's, the second every other one's, the third is of the last alone; enough of their
         * own beside make it a run. */
        for (int i = 0; i < AT_ONCE; i++) {
            int shared = first + i == CONTACTS - 1 ? 3 : 1 + i % 2;
            memcpy(has_keys[i], keys, sizeof keys);
            for (int k = 0; k < OWN; k++)
                has_keys[i][shared + k] = key_of(10 + (first + i) * OWN + k);
            sets[i] = (struct store_match_set){ids[first + i], has_keys[i], (size_t)(shared + OWN)};
        }
        MUST(f, store_match_sets_put(tx, STORE_CONTACT, sets, AT_ONCE, &f->err));
        for (size_t n = 1; n <= 3; n++) {
            MUST(f,
                 store_match_keys_all(tx, &(struct store_having){STORE_CONTACT, keys, n}, f->arena, &found, &f->err));
            int so_far = first + AT_ONCE;
            assert_int_equal(found.n, n == 1 ? so_far : n == 2 ? so_far / 2 : so_far / CONTACTS);
        }
        fixture_commit(f, tx);
        tend(f, ENOUGH);
    }
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_contact_delete(tx, &ids[CONTACTS - 1], 0, &f->err));
    MUST(f, store_match_keys_all(tx, &(struct store_having){STORE_CONTACT, keys, 1}, f->arena, &found, &f->err));
    assert_int_equal(found.n, CONTACTS); /* also what lies in the bin */
    MUST(f, store_match_keys_set(tx, STORE_CONTACT, &ids[0], NULL, 0, &f->err));
    MUST(f, store_match_keys_all(tx, &(struct store_having){STORE_CONTACT, keys, 1}, f->arena, &found, &f->err));
    assert_int_equal(found.n, CONTACTS - 1);
    store_rollbackp(&tx);
}

/* ---- At the same time ---- */

struct tender {
    struct fixture *f;
    atomic_bool stop;
    atomic_int steps;
};

static void *tend_on(void *arg)
{
    struct tender *tender = arg;
    struct err err;
    while (!atomic_load(&tender->stop)) {
        _cleanup_(store_tending_freep) struct store_tending *tending =
            store_tending_new(tender->f->store, &tender->f->org, 2);
        bool more = true;
        while (more && !atomic_load(&tender->stop)) {
            if (store_tend(tending, &more, &err) < 0)
                return tender;
            atomic_fetch_add(&tender->steps, more);
        }
    }
    return NULL;
}

static void nobody_is_lost_while_runs_are_merged(void **state)
{
    enum { STEADY = 600, ROUNDS = 20, TENDERS = 2 };
    struct fixture *f = *state;
    static struct model model;
    struct tender tender = {.f = f};
    pthread_t threads[TENDERS];
    model_new(&model, 7);
    change(f, &model, 0, STEADY);
    for (int i = 0; i < TENDERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, tend_on, &tender), 0);
    for (int round = 0; round < ROUNDS; round++) {
        change(f, &model, STEADY + dice(&model) % 400, 500);
        for (int i = 0; i < 10; i++)
            compare(f, &model);
    }
    atomic_store(&tender.stop, true);
    for (int i = 0; i < TENDERS; i++) {
        void *said;
        assert_int_equal(pthread_join(threads[i], &said), 0);
        assert_null(said);
    }
    assert_true(atomic_load(&tender.steps) > ROUNDS);
}

static void what_has_not_changed_is_not_written(void **state)
{
    enum { BATCH = 500 };
    struct fixture *f = *state;
    int64_t keys[BATCH][KEYS];
    struct store_match_set sets[BATCH];
    struct json_list found;
    struct store_tx *tx = fixture_begin(f);
    for (int i = 0; i < BATCH; i++)
        sets[i] = (struct store_match_set){id_new(), keys[i], KEYS};
    /* Were each a change, the keys would have more carriers than the cap. The order does not matter, nor do repeats. */
    for (int turn = 0; turn < 3; turn++) {
        for (int i = 0; i < BATCH; i++)
            for (int k = 0; k < KEYS; k++)
                keys[i][k] = key_of(i * KEYS + (turn == 1 ? KEYS - 1 - k : k) % (KEYS - 1));
        MUST(f, store_match_sets_put(tx, STORE_RECORD, sets, BATCH, &f->err));
    }
    struct store_meet meet = {.kind = STORE_RECORD, .keys = keys[7], .n = KEYS, .cap = 1, .limit = 9};
    MUST(f, store_match_keys_meet(tx, &meet, f->arena, &found, &f->err));
    assert_int_equal(found.n, 1);
    store_rollbackp(&tx);
}

static void keys_on_one_page_are_not_counted_for_each_other(void **state)
{
    enum { BATCH = 500, SAME = 40 };
    struct fixture *f = *state;
    int64_t keys[BATCH][KEYS];
    struct store_match_set sets[BATCH];
    struct json_list found;
    struct store_tx *tx = fixture_begin(f);
    for (int i = 0; i < BATCH; i++) {
        sets[i] = (struct store_match_set){id_new(), keys[i], KEYS};
        for (int k = 0; k < KEYS; k++) /* of SAME subjects all keys are the same, and neighbours */
            keys[i][k] = i < SAME ? (INT64_C(1) << 40) + ((int64_t)k << 20) : key_of(i * KEYS + k);
    }
    MUST(f, store_match_sets_put(tx, STORE_RECORD, sets, BATCH, &f->err));
    struct store_meet meet = {.kind = STORE_RECORD, .keys = keys[0], .n = KEYS, .cap = SAME, .limit = BATCH};
    MUST(f, store_match_keys_meet(tx, &meet, f->arena, &found, &f->err));
    assert_int_equal(found.n, SAME);
    assert_int_equal(((const struct store_meeting *)found.items)->shared, KEYS);
    store_rollbackp(&tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_finds_what_a_plain_list_finds_in_whatever_runs, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(all_is_all_however_many_have_it, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(nobody_is_lost_while_runs_are_merged, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(what_has_not_changed_is_not_written, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(keys_on_one_page_are_not_counted_for_each_other, fixture_setup,
                                        fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

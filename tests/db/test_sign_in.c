/* Sign-in on a real database: links that work once, sessions that end, addresses looked up by hash, rights. */
#include "base/limits.h"
#include "tests/db/fixture.h"

#include <pthread.h>

enum { RACERS = 50, MINUTE = 60000 };

struct racer {
    struct store *store;
    pthread_barrier_t *start;
    bool won;
};

static void *race(void *self)
{
    struct racer *racer = self;
    struct id org, user;
    struct err err;
    (void)pthread_barrier_wait(racer->start);
    racer->won = store_login_link_use(racer->store, STR("the token"), &org, &user, &err) == 0;
    return NULL;
}

static void add_link(struct fixture *f, struct str token, int64_t life)
{
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_login_link_add(tx, &f->user, token, life, &f->err));
    fixture_commit(f, tx);
}

static void of_fifty_callers_one_gets_the_link(void **state)
{
    struct fixture *f = *state;
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    pthread_barrier_t start;
    int won = 0;
    add_link(f, STR("the token"), MINUTE);
    assert_int_equal(pthread_barrier_init(&start, NULL, RACERS), 0);
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.store = f->store, .start = &start};
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < RACERS; i++) {
        (void)pthread_join(threads[i], NULL);
        won += racers[i].won;
    }
    (void)pthread_barrier_destroy(&start);
    assert_int_equal(won, 1);
}

static void a_newer_link_voids_the_older_and_time_voids_all(void **state)
{
    struct fixture *f = *state;
    struct id org, user;
    add_link(f, STR("older"), MINUTE);
    add_link(f, STR("newer"), MINUTE);
    FAILS(f, ERR_BAD_LOGIN, store_login_link_use(f->store, STR("older"), &org, &user, &f->err));
    MUST(f, store_login_link_use(f->store, STR("newer"), &org, &user, &f->err));
    assert_true(id_eq(&user, &f->user) && id_eq(&org, &f->org));
    add_link(f, STR("gone by"), -1);
    FAILS(f, ERR_BAD_LOGIN, store_login_link_use(f->store, STR("gone by"), &org, &user, &f->err));
}

static void a_session_gives_its_user_until_it_ends(void **state)
{
    struct fixture *f = *state;
    struct store_session session, again;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_session_add(tx, &f->user, STR("session"), MINUTE, &f->err));
    MUST(f, store_session_add(tx, &f->user, STR("over"), -1, &f->err));
    fixture_commit(f, tx);
    MUST(f, store_session_find(f->store, STR("session"), MINUTE, f->arena, &session, &f->err));
    MUST(f, store_session_find(f->store, STR("session"), MINUTE, f->arena, &again, &f->err));
    assert_string_equal(session.user.role.p, "admin");
    assert_true(str_eq(session.user.language, STR("de")));
    assert_memory_equal(&session.csrf_key, &again.csrf_key, sizeof session.csrf_key);
    FAILS(f, ERR_UNAUTHENTICATED, store_session_find(f->store, STR("over"), MINUTE, f->arena, &again, &f->err));
    FAILS(f, ERR_UNAUTHENTICATED, store_session_find(f->store, STR("session"), 0, f->arena, &again, &f->err));
    FAILS(f, ERR_UNAUTHENTICATED, store_session_find(f->store, STR("other"), MINUTE, f->arena, &again, &f->err));
    tx = fixture_begin(f);
    MUST(f, store_session_end(tx, &session.id, &f->err));
    fixture_commit(f, tx);
    FAILS(f, ERR_UNAUTHENTICATED, store_session_find(f->store, STR("session"), MINUTE, f->arena, &again, &f->err));
}

static void less_rights_end_all_sessions(void **state)
{
    struct fixture *f = *state;
    struct store_session session;
    struct store_user user;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_session_add(tx, &f->user, STR("before"), MINUTE, &f->err));
    MUST(f, store_user_get(tx, &f->user, f->arena, &user, &f->err));
    user.name = STR("Renamed");
    user.password_hash = STR_NONE;
    MUST(f, store_user_save(tx, &user, &f->err));
    fixture_commit(f, tx);
    MUST(f, store_session_find(f->store, STR("before"), MINUTE, f->arena, &session, &f->err));
    tx = fixture_begin(f);
    FAILS(f, ERR_STALE, store_user_save(tx, &user, &f->err));
    MUST(f, store_user_get(tx, &f->user, f->arena, &user, &f->err));
    assert_true(str_eq(user.password_hash, STR("$argon2id$none")));
    user.role = STR("user");
    MUST(f, store_user_save(tx, &user, &f->err));
    fixture_commit(f, tx);
    FAILS(f, ERR_UNAUTHENTICATED, store_session_find(f->store, STR("before"), MINUTE, f->arena, &session, &f->err));
}

static void an_address_is_found_in_any_spelling_and_taken_once(void **state)
{
    struct fixture *f = *state;
    struct json_list found;
    struct id id;
    struct store_user user = {
        .email = STR("Eve@Example.com"), .name = STR("Eve"), .role = STR("user"), .state = STR("active")};
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_user_add(tx, &user, &id, &f->err));
    user.email = STR(" eve@example.COM ");
    FAILS(f, ERR_CONFLICT, store_user_add(tx, &user, &id, &f->err));
    fixture_commit(f, tx);
    MUST(f, store_sign_in_find(f->store, STR("EVE@example.com"), f->arena, &found, &f->err));
    assert_int_equal(found.n, 1);
    MUST(f, store_sign_in_find(f->store, STR("eve@example.org"), f->arena, &found, &f->err));
    assert_int_equal(found.n, 0);
}

static void what_no_row_allows_is_denied(void **state)
{
    const struct store *store = ((struct fixture *)*state)->store;
    assert_int_equal(store_right(store, STR("admin"), STR("user"), STR("create")), STORE_ANY);
    assert_int_equal(store_right(store, STR("user"), STR("scan"), STR("create")), STORE_OWN);
    assert_int_equal(store_right(store, STR("user"), STR("connection"), STR("read")), STORE_ANY);
    assert_int_equal(store_right(store, STR("user"), STR("connection"), STR("create")), STORE_NOTHING);
    assert_int_equal(store_right(store, STR("user"), STR("user"), STR("list")), STORE_NOTHING);
    assert_int_equal(store_right(store, STR("stranger"), STR("scan"), STR("read")), STORE_NOTHING);
}

static void pruning_takes_what_ran_out_only(void **state)
{
    struct fixture *f = *state;
    struct store_session session;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_session_add(tx, &f->user, STR("kept"), MINUTE, &f->err));
    fixture_commit(f, tx);
    MUST(f, store_prune(f->store, &f->err));
    MUST(f, store_session_find(f->store, STR("kept"), MINUTE, f->arena, &session, &f->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_fifty_callers_one_gets_the_link),
        cmocka_unit_test(a_newer_link_voids_the_older_and_time_voids_all),
        cmocka_unit_test(a_session_gives_its_user_until_it_ends),
        cmocka_unit_test(less_rights_end_all_sessions),
        cmocka_unit_test(an_address_is_found_in_any_spelling_and_taken_once),
        cmocka_unit_test(what_no_row_allows_is_denied),
        cmocka_unit_test(pruning_takes_what_ran_out_only),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}

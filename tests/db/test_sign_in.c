/* Sign-in on a real database: links that work once, sessions that end, addresses looked up by hash, rights. */
#include "base/limits.h"
#include "tests/db/fixture.h"

#include <pthread.h>

enum { RACERS = 50, MINUTE = 60000 };

struct racer {
    struct store *store;
    pthread_barrier_t *start;
    const struct id *org, *id; /* of what they race for, where that is a row */
    bool won;
};

static void *race(void *self)
{
    struct racer *racer = self;
    struct store_link_user user;
    struct err err;
    (void)pthread_barrier_wait(racer->start);
    racer->won =
        store_login_link_use(racer->store, &(struct store_link_try){.token = STR("the token")}, &user, &err) == 0;
    return NULL;
}

static void add_link(struct fixture *f, struct store_link_new link)
{
    struct store_tx *tx = fixture_begin(f);
    link.user = f->user;
    link.life_ms = link.life_ms ? link.life_ms : MINUTE;
    MUST(f, store_login_link_add(tx, &link, &f->err));
    fixture_commit(f, tx);
}

/* Uses a link; 1 when it wants the code. */
static int use(struct fixture *f, struct str token, struct str browser, struct str code)
{
    struct store_link_user user = {.wants_code = false};
    struct store_link_try attempt = {token, browser, code};
    int r = store_login_link_use(f->store, &attempt, &user, &f->err);
    if (r == 0 && !user.wants_code)
        assert_true(id_eq(&user.user, &f->user) && id_eq(&user.org, &f->org));
    return r == 0 ? user.wants_code : r;
}

static void of_fifty_callers_one_gets_the_link(void **state)
{
    struct fixture *f = *state;
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    pthread_barrier_t start;
    int won = 0;
    add_link(f, (struct store_link_new){.token = STR("the token")});
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

static void a_newer_link_voids_the_older_of_its_kind_and_time_voids_all(void **state)
{
    struct fixture *f = *state;
    add_link(f, (struct store_link_new){.token = STR("older")});
    add_link(f, (struct store_link_new){.token = STR("mailed"), .browser = STR("b"), .code = STR("1")});
    add_link(f, (struct store_link_new){.token = STR("newer")});
    FAILS(f, ERR_BAD_LOGIN, use(f, STR("older"), STR_NONE, STR_NONE));
    assert_int_equal(use(f, STR("newer"), STR_NONE, STR_NONE), 0);
    assert_int_equal(use(f, STR("mailed"), STR("b"), STR_NONE), 0);
    add_link(f, (struct store_link_new){.token = STR("gone by"), .life_ms = -1});
    FAILS(f, ERR_BAD_LOGIN, use(f, STR("gone by"), STR_NONE, STR_NONE));
}

static void a_mailed_link_is_good_in_its_browser_or_with_the_code(void **state)
{
    struct fixture *f = *state;
    struct store_link_new link = {.token = STR("bound"), .browser = STR("mine"), .code = STR("123456")};
    add_link(f, link);
    assert_int_equal(use(f, link.token, STR_NONE, STR_NONE), 1);
    assert_int_equal(use(f, link.token, STR("other"), STR("123457")), 1);
    assert_int_equal(use(f, link.token, STR("other"), STR("123456")), 0);
    FAILS(f, ERR_BAD_LOGIN, use(f, link.token, STR("mine"), STR("123456")));
    link.token = STR("guessed");
    add_link(f, link);
    for (int i = 0; i < 5; i++)
        assert_int_equal(use(f, link.token, STR("other"), STR("000000")), 1);
    FAILS(f, ERR_BAD_LOGIN, use(f, link.token, STR("mine"), STR("123456")));
}

static void another_address_voids_the_link(void **state)
{
    struct fixture *f = *state;
    struct store_user user;
    add_link(f, (struct store_link_new){.token = STR("to the old"), .browser = STR("b")});
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_user_get(tx, &f->user, f->arena, &user, &f->err));
    struct str former = user.email;
    user.email = STR("new@example.com");
    MUST(f, store_user_save(tx, &user, &f->err));
    fixture_commit(f, tx);
    FAILS(f, ERR_BAD_LOGIN, use(f, STR("to the old"), STR("b"), STR_NONE));
    tx = fixture_begin(f);
    user.email = former;
    user.version++;
    MUST(f, store_user_save(tx, &user, &f->err));
    fixture_commit(f, tx);
    assert_int_equal(use(f, STR("to the old"), STR("b"), STR_NONE), 0); /* the judge sees the address, not luck */
}

static int add_session(struct fixture *f, struct store_tx *tx, struct str token, int64_t life)
{
    struct store_session_new fresh = {f->user, token, life, "password", STR("Browser")};
    return store_session_add(tx, &fresh, &f->err);
}

static void a_session_gives_its_user_until_it_ends(void **state)
{
    struct fixture *f = *state;
    struct store_session session, again;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, add_session(f, tx, STR("session"), MINUTE));
    MUST(f, add_session(f, tx, STR("over"), -1));
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
    MUST(f, add_session(f, tx, STR("before"), MINUTE));
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
    MUST(f, add_session(f, tx, STR("kept"), MINUTE));
    fixture_commit(f, tx);
    MUST(f, store_prune(f->store, &f->err));
    MUST(f, store_session_find(f->store, STR("kept"), MINUTE, f->arena, &session, &f->err));
}

static void sessions_are_listed_and_cut_off(void **state)
{
    struct fixture *f = *state;
    struct store_session session;
    struct json_list list;
    struct id stranger = id_new();
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_session_cut_off(tx, &f->user, &f->err));
    MUST(f, add_session(f, tx, STR("one"), MINUTE));
    MUST(f, add_session(f, tx, STR("two"), MINUTE));
    MUST(f, store_session_list(tx, &f->user, MINUTE, f->arena, &list, &f->err));
    assert_int_equal(list.n, 2);
    const struct store_session_row *row = list.items;
    assert_true(str_eq(row->client, STR("Browser")) && str_eq(row->method, STR("password")));
    FAILS(f, ERR_NOT_FOUND, store_session_end_of(tx, &row->id, &stranger, &f->err));
    MUST(f, store_session_end_of(tx, &row->id, &f->user, &f->err));
    fixture_commit(f, tx);
    add_link(f, (struct store_link_new){.token = STR("cut")});
    tx = fixture_begin(f);
    MUST(f, store_session_cut_off(tx, NULL, &f->err));
    fixture_commit(f, tx);
    FAILS(f, ERR_UNAUTHENTICATED, store_session_find(f->store, STR("one"), MINUTE, f->arena, &session, &f->err));
    FAILS(f, ERR_UNAUTHENTICATED, store_session_find(f->store, STR("two"), MINUTE, f->arena, &session, &f->err));
    FAILS(f, ERR_BAD_LOGIN, use(f, STR("cut"), STR_NONE, STR_NONE));
}

static void *race_for_tries(void *self)
{
    struct racer *racer = self;
    struct store_try tries[] = {{STR("account"), 5, MINUTE}, {STR("place"), 100, MINUTE}};
    struct err err;
    (void)pthread_barrier_wait(racer->start);
    if (store_throttle_take(racer->store, tries, ARRAY_LEN(tries), &racer->won, &err) < 0)
        racer->won = false;
    return NULL;
}

static void limits_hold_for_many_at_once(void **state)
{
    struct fixture *f = *state;
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    pthread_barrier_t start;
    int won = 0;
    bool allowed;
    assert_int_equal(pthread_barrier_init(&start, NULL, RACERS), 0);
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.store = f->store, .start = &start};
        assert_int_equal(pthread_create(&threads[i], NULL, race_for_tries, &racers[i]), 0);
    }
    for (int i = 0; i < RACERS; i++) {
        (void)pthread_join(threads[i], NULL);
        won += racers[i].won;
    }
    (void)pthread_barrier_destroy(&start);
    assert_int_equal(won, 5);
    struct store_try account = {STR("account"), 5, MINUTE}, place = {STR("place"), 6, MINUTE};
    MUST(f, store_throttle_take(f->store, &place, 1, &allowed, &f->err)); /* refused tries counted nowhere */
    assert_true(allowed);
    MUST(f, store_throttle_give(f->store, &account, 1, true, &f->err));
    MUST(f, store_throttle_take(f->store, &account, 1, &allowed, &f->err));
    assert_true(allowed);
}

static void *race_for_uses(void *self)
{
    struct racer *racer = self;
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct err err;
    (void)pthread_barrier_wait(racer->start);
    racer->won = store_begin(racer->store, racer->org, &tx, &err) == 0 &&
                 store_invitation_use(tx, racer->id, &err) == 0 && store_commit(&tx, &err) == 0;
    return NULL;
}

static void an_invitation_lets_in_as_many_as_it_says(void **state)
{
    struct fixture *f = *state;
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    pthread_barrier_t start;
    struct id id, org, found;
    int won = 0;
    const struct store_invitation fresh = {.role = STR("user"), .uses = 3, .creator = f->user};
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_invitation_add(tx, &fresh, STR("code of three"), MINUTE, &id, &f->err));
    fixture_commit(f, tx);
    MUST(f, store_invitation_find(f->store, STR("code of three"), &org, &found, &f->err));
    assert_true(id_eq(&org, &f->org) && id_eq(&found, &id));
    assert_int_equal(pthread_barrier_init(&start, NULL, RACERS), 0);
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.store = f->store, .start = &start, .org = &f->org, .id = &id};
        assert_int_equal(pthread_create(&threads[i], NULL, race_for_uses, &racers[i]), 0);
    }
    for (int i = 0; i < RACERS; i++) {
        (void)pthread_join(threads[i], NULL);
        won += racers[i].won;
    }
    (void)pthread_barrier_destroy(&start);
    assert_int_equal(won, 3);
    FAILS(f, ERR_NOT_FOUND, store_invitation_find(f->store, STR("code of three"), &org, &found, &f->err));
}

static void what_does_not_hold_is_not_found(void **state)
{
    struct fixture *f = *state;
    struct store_invitation fresh = {.role = STR("user"), .uses = 1, .creator = f->user}, row;
    struct id org, id;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_invitation_add(tx, &fresh, STR("code that is over"), -1, &id, &f->err));
    FAILS(f, ERR_NOT_FOUND, store_invitation_use(tx, &id, &f->err));
    MUST(f, store_invitation_add(tx, &fresh, STR("code that is revoked"), MINUTE, &id, &f->err));
    MUST(f, store_invitation_revoke(tx, &id, &f->err));
    FAILS(f, ERR_NOT_FOUND, store_invitation_revoke(tx, &id, &f->err));
    FAILS(f, ERR_NOT_FOUND, store_invitation_use(tx, &id, &f->err));
    MUST(f, store_invitation_get(tx, &id, f->arena, &row, &f->err));
    assert_true(row.revoked_at > 0 && row.used == 0);
    fixture_commit(f, tx);
    FAILS(f, ERR_NOT_FOUND, store_invitation_find(f->store, STR("code that is over"), &org, &id, &f->err));
    FAILS(f, ERR_NOT_FOUND, store_invitation_find(f->store, STR("code that is revoked"), &org, &id, &f->err));
    fresh.role = STR("admin");
    tx = fixture_begin(f);
    assert_int_equal(store_invitation_add(tx, &fresh, STR("code of an administrator"), MINUTE, &id, &f->err), -1);
    store_rollbackp(&tx);
}

static void a_sign_up_is_confirmed_once_and_voids_the_older(void **state)
{
    struct fixture *f = *state;
    const struct store_sign_up_domain domain = {.domain = STR("join.example"), .role = STR("user")};
    struct store_sign_up_new fresh = {.sign_up = {.email = STR("nele@join.example"), .name = STR("Nele")},
                                      .token = STR("first sign-up"),
                                      .browser = STR("mine"),
                                      .code = STR("123456"),
                                      .life_ms = MINUTE};
    struct store_link_try attempt = {.token = fresh.token, .browser = STR("mine")};
    struct store_sign_up_found found;
    struct store_sign_up sign_up;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_sign_up_domain_add(tx, &domain, &f->user, &fresh.sign_up.domain, &f->err));
    MUST(f, store_sign_up_put(tx, &fresh, &f->err));
    fresh.token = STR("second sign-up");
    MUST(f, store_sign_up_put(tx, &fresh, &f->err));
    fixture_commit(f, tx);
    FAILS(f, ERR_BAD_LOGIN, store_sign_up_find(f->store, &attempt, &found, &f->err));
    attempt = (struct store_link_try){.token = fresh.token, .browser = STR("other"), .code = STR("000000")};
    for (int i = 0; i < 4; i++) {
        MUST(f, store_sign_up_find(f->store, &attempt, &found, &f->err));
        assert_true(found.wants_code);
    }
    attempt.browser = STR("mine");
    MUST(f, store_sign_up_find(f->store, &attempt, &found, &f->err));
    assert_false(found.wants_code);
    tx = fixture_begin(f);
    MUST(f, store_sign_up_use(tx, &found.id, fresh.token, f->arena, &sign_up, &f->err));
    assert_true(str_eq(sign_up.name, STR("Nele")) && id_eq(&sign_up.domain, &fresh.sign_up.domain));
    FAILS(f, ERR_BAD_LOGIN, store_sign_up_use(tx, &found.id, fresh.token, f->arena, &sign_up, &f->err));
    MUST(f, store_sign_up_put(tx, &fresh, &f->err));
    MUST(f, store_sign_up_domain_drop(tx, &fresh.sign_up.domain, &f->err));
    fixture_commit(f, tx);
    FAILS(f, ERR_BAD_LOGIN, store_sign_up_find(f->store, &attempt, &found, &f->err));
}

static void a_step_counts_once_and_a_recovery_code_too(void **state)
{
    struct fixture *f = *state;
    struct store_factor factor;
    struct str code = STR("ABCD");
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_factor_drop(tx, &f->user, &f->err));
    MUST(f, store_factor_begin(tx, &f->user, STR("first"), &f->err));
    MUST(f, store_factor_begin(tx, &f->user, STR("second"), &f->err));
    MUST(f, store_factor_step(tx, &f->user, 100, &f->err));
    FAILS(f, ERR_BAD_LOGIN, store_factor_step(tx, &f->user, 100, &f->err));
    FAILS(f, ERR_BAD_LOGIN, store_factor_step(tx, &f->user, 99, &f->err));
    MUST(f, store_factor_step(tx, &f->user, 101, &f->err));
    MUST(f, store_factor_get(tx, &f->user, f->arena, &factor, &f->err));
    assert_true(factor.confirmed && factor.last_step == 101 && str_eq(factor.seed, STR("second")));
    FAILS(f, ERR_CONFLICT, store_factor_begin(tx, &f->user, STR("third"), &f->err));
    MUST(f, store_recovery_put(tx, &f->user, &code, 1, &f->err));
    MUST(f, store_recovery_use(tx, &f->user, code, &f->err));
    FAILS(f, ERR_BAD_LOGIN, store_recovery_use(tx, &f->user, code, &f->err));
    MUST(f, store_factor_drop(tx, &f->user, &f->err));
    fixture_commit(f, tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_fifty_callers_one_gets_the_link),
        cmocka_unit_test(a_newer_link_voids_the_older_of_its_kind_and_time_voids_all),
        cmocka_unit_test(a_mailed_link_is_good_in_its_browser_or_with_the_code),
        cmocka_unit_test(another_address_voids_the_link),
        cmocka_unit_test(sessions_are_listed_and_cut_off),
        cmocka_unit_test(limits_hold_for_many_at_once),
        cmocka_unit_test(an_invitation_lets_in_as_many_as_it_says),
        cmocka_unit_test(what_does_not_hold_is_not_found),
        cmocka_unit_test(a_sign_up_is_confirmed_once_and_voids_the_older),
        cmocka_unit_test(a_step_counts_once_and_a_recovery_code_too),
        cmocka_unit_test(a_session_gives_its_user_until_it_ends),
        cmocka_unit_test(less_rights_end_all_sessions),
        cmocka_unit_test(an_address_is_found_in_any_spelling_and_taken_once),
        cmocka_unit_test(what_no_row_allows_is_denied),
        cmocka_unit_test(pruning_takes_what_ran_out_only),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}

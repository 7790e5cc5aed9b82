/* Rights that change while somebody uses them: a role that is taken away during a request, administrators who leave at
 * the same moment, one answer given many times, a contact that is binned and taken out at once. Exactly one effect. */
#include "tests/flow/world.h"

#include "flow/people.h"
#include "store/people.h"

#include <pthread.h>
#include <stdatomic.h>

#define W(state) struct world *w = *(state)

struct store_tx;
int __real_store_actor_check(struct store_tx *tx, struct err *err);
int __wrap_store_actor_check(struct store_tx *tx, struct err *err);

/* What happens between a request's work and its commit, once. */
static struct {
    const struct flow *flow;
    const struct flow_actor *admin;
    struct id user;
    int64_t version;
    struct flow_user_change change;
    bool armed, unchecked; /* unchecked: as if the commit did not ask */
} between;

int __wrap_store_actor_check(struct store_tx *tx, struct err *err)
{
    if (between.armed) {
        _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)1 << 22);
        struct flow_user_patch patch = {between.user, between.version, between.change};
        struct flow_user changed;
        struct err failed = {.code = ERR_NONE};
        between.armed = false;
        if (flow_user_patch(between.flow, between.admin, &patch, arena, &changed, &failed) < 0)
            return err_set(err, ERR_INTERNAL, "%s", err_slug(failed.code));
    }
    return between.unchecked ? 0 : __real_store_actor_check(tx, err);
}

static struct flow_actor new_user(struct world *w, int role)
{
    static int number;
    struct flow_user user;
    struct flow_user_new input = {.email = str_printf(w->arena, "racer%d-%s@example.com", number++, w->admin.org.s),
                                  .name = STR("Racer"),
                                  .role = role};
    MUST(w, flow_user_create(&w->flow, &w->admin, &input, w->arena, &user, &w->err));
    return (struct flow_actor){.org = w->admin.org,
                               .user = world_id(user.id),
                               .role = flow_role_words[role],
                               .any = role == FLOW_ROLE_ADMIN,
                               .language = "en",
                               .request = "test"};
}

static void arm(struct world *w, const struct flow_actor *actor, struct flow_user_change change)
{
    between.flow = &w->flow;
    between.admin = &w->admin;
    between.user = actor->user;
    between.version = 1;
    between.change = change;
    between.armed = true;
}

/* A list of the actor's, and a request that renames it while the role goes. */
static int rename_meanwhile(struct world *w, const struct flow_actor *actor, struct flow_user_change change)
{
    const struct flow_folder_input before = {.name = STR("before")}, after = {.name = STR("after")};
    struct flow_folder made;
    MUST(w, flow_folder_create(&w->flow, actor, &before, w->arena, &made, &w->err));
    const struct flow_folder_patch patch = {.list = world_id(made.id), .version = made.version, .input = after};
    arm(w, actor, change);
    int r = flow_folder_patch(&w->flow, actor, &patch, w->arena, &made, &w->err);
    struct err answer = w->err;
    MUST(w, flow_folder_get(&w->flow, &w->admin, patch.list, w->arena, &made, &w->err));
    assert_string_equal(str_z(w->arena, made.name), r == 0 ? "after" : "before");
    w->err = answer;
    return r;
}

static void a_role_that_goes_during_a_request_takes_the_change_with_it(void **state)
{
    W(state);
    const struct flow_user_change changes[] = {{.role = FLOW_ROLE_REPORTER, .state = -1}, {.role = -1, .state = 1}};
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        struct flow_actor actor = new_user(w, FLOW_ROLE_USER);
        FAILS(w, ERR_FORBIDDEN, rename_meanwhile(w, &actor, changes[i]));
    }
}

static void without_the_question_at_commit_the_change_would_stand(void **state)
{
    W(state);
    struct flow_actor actor = new_user(w, FLOW_ROLE_USER);
    between.unchecked = true;
    int r = rename_meanwhile(w, &actor, (struct flow_user_change){.role = FLOW_ROLE_REPORTER, .state = -1});
    between.unchecked = false;
    assert_int_equal(r, 0);
}

/* ---- Many at one moment ---- */

enum { CALLERS = 40, ROUNDS = 5 };

struct race {
    struct world *world;
    int (*act)(struct race *race, int turn, struct arena *arena, struct err *err);
    struct flow_actor admins[2];
    struct id id;
    int64_t version;
    pthread_barrier_t start;
    atomic_int turn, good;
};

static void *caller(void *self)
{
    struct race *race = self;
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)1 << 22);
    struct err err = {.code = ERR_NONE};
    int turn = atomic_fetch_add(&race->turn, 1);
    (void)pthread_barrier_wait(&race->start);
    if (race->act(race, turn, arena, &err) == 0)
        (void)atomic_fetch_add(&race->good, 1);
    return NULL;
}

static int run(struct race *race, int callers)
{
    pthread_t threads[CALLERS];
    assert_int_equal(pthread_barrier_init(&race->start, NULL, (unsigned)callers), 0);
    for (int i = 0; i < callers; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, caller, race), 0);
    for (int i = 0; i < callers; i++)
        (void)pthread_join(threads[i], NULL);
    (void)pthread_barrier_destroy(&race->start);
    return atomic_load(&race->good);
}

static int leave(struct race *race, int turn, struct arena *arena, struct err *err)
{
    const struct flow_actor *me = &race->admins[turn];
    struct flow_user_patch patch = {me->user, 1, {.role = FLOW_ROLE_USER, .state = -1}};
    struct flow_user left;
    return flow_user_patch(&race->world->flow, me, &patch, arena, &left, err);
}

static void of_two_administrators_who_leave_at_once_one_stays(void **state)
{
    W(state);
    for (int i = 0; i < ROUNDS; i++) {
        struct world *n = world_neighbour(w);
        struct world here = *w;
        here.admin = n->admin;
        struct race race = {.world = n, .act = leave, .admins = {n->admin, new_user(&here, FLOW_ROLE_ADMIN)}};
        assert_int_equal(run(&race, 2), 1);
    }
}

static int change_other(struct race *race, int turn, struct arena *arena, struct err *err)
{
    struct flow_user_patch patch = {race->admins[1 - turn].user, 1, {.role = FLOW_ROLE_USER, .state = -1}};
    struct flow_user left;
    return flow_user_patch(&race->world->flow, &race->admins[turn], &patch, arena, &left, err);
}

static void of_two_administrators_who_demote_each_other_one_stays(void **state)
{
    W(state);
    for (int i = 0; i < ROUNDS; i++) {
        struct world *n = world_neighbour(w);
        struct world here = *w;
        here.admin = n->admin;
        struct race race = {.world = n, .act = change_other, .admins = {n->admin, new_user(&here, FLOW_ROLE_ADMIN)}};
        assert_int_equal(run(&race, 2), 1);
    }
}

static int bin_or_restore(struct race *race, int turn, struct arena *arena, struct err *err)
{
    struct flow_contact restored;
    if (turn % 2)
        return flow_contact_restore(&race->world->flow, &race->world->user, race->id, arena, &restored, err);
    return flow_contact_delete(&race->world->flow, &race->world->user, race->id, race->version, err);
}

static void a_contact_is_binned_once_and_taken_out_at_most_once(void **state)
{
    W(state);
    struct contact person = world_person(w, 9100);
    struct flow_contact contact = world_contact(w, &person);
    struct race race = {.world = w, .act = bin_or_restore, .id = world_id(contact.id), .version = contact.version};
    int good = run(&race, CALLERS);
    assert_in_range(good, 1, 2); /* binned; and taken out, if that came later */
    MUST(w, flow_contact_get(&w->flow, &w->user, race.id, w->arena, &contact, &w->err));
    assert_int_equal(contact.deleted_at.p ? 1 : 2, good);
    assert_int_equal(contact.version, race.version + good);
}

static int restore(struct race *race, int turn, struct arena *arena, struct err *err)
{
    struct flow_contact restored;
    (void)turn;
    return flow_contact_restore(&race->world->flow, &race->world->user, race->id, arena, &restored, err);
}

static void taken_out_of_the_bin_many_times_is_once(void **state)
{
    W(state);
    struct contact person = world_person(w, 9200);
    struct flow_contact contact = world_contact(w, &person);
    struct race race = {.world = w, .act = restore, .id = world_id(contact.id)};
    MUST(w, flow_contact_delete(&w->flow, &w->user, race.id, contact.version, &w->err));
    assert_int_equal(run(&race, CALLERS), 1);
}

static int decide(struct race *race, int turn, struct arena *arena, struct err *err)
{
    const struct flow_decide answer = {race->id, race->version, {.same = turn % 2 == 0}};
    struct flow_candidate decided;
    return flow_candidate_decide(&race->world->flow, &race->world->user, &answer, arena, &decided, err);
}

static void one_question_answered_many_times_at_once_has_one_answer(void **state)
{
    W(state);
    struct contact person = world_person(w, 9300);
    struct flow_contact first = world_contact(w, &person);
    struct flow_list candidates;
    (void)world_write(w, &first, w->fake);
    (void)world_work(w);
    struct flow_contact second = world_contact(w, &person);
    MUST(w, flow_candidate_list(&w->flow, &w->user, world_id(second.id), w->arena, &candidates, &w->err));
    assert_true(candidates.items.n > 0);
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(second.id), w->arena, &second, &w->err));
    struct race race = {.world = w,
                        .act = decide,
                        .id = world_id(((const struct flow_candidate *)candidates.items.items)->id),
                        .version = second.version};
    assert_int_equal(run(&race, CALLERS), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_role_that_goes_during_a_request_takes_the_change_with_it),
        cmocka_unit_test(without_the_question_at_commit_the_change_would_stand),
        cmocka_unit_test(of_two_administrators_who_leave_at_once_one_stays),
        cmocka_unit_test(of_two_administrators_who_demote_each_other_one_stays),
        cmocka_unit_test(a_contact_is_binned_once_and_taken_out_at_most_once),
        cmocka_unit_test(taken_out_of_the_bin_many_times_is_once),
        cmocka_unit_test(one_question_answered_many_times_at_once_has_one_answer),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}

/* Many callers at one moment: the same change decided twice, taken back twice, written while its connection goes.
 * Exactly one effect, judged by the CRM's ledger. */
#include "tests/flow/world.h"

#include "services/worker/loop.h"

#include <pthread.h>
#include <stdatomic.h>

#define W(state) struct world *w = *(state)

enum { CALLERS = 200 };

/* One act that many threads begin at the same moment. */
struct race {
    struct world *world;
    int (*act)(struct race *race, struct arena *arena, struct err *err);
    struct flow_write write;
    struct id id;
    int64_t version;
    pthread_barrier_t start;
    atomic_int good, refused;
    enum err_code strange; /* an error that a race does not explain */
};

static bool race_explains(enum err_code code)
{
    return code == ERR_NOT_FOUND || code == ERR_CONFLICT || code == ERR_STALE || code == ERR_NOT_UNDOABLE;
}

static void *caller(void *self)
{
    struct race *race = self;
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)1 << 22);
    struct err err = {.code = ERR_NONE};
    (void)pthread_barrier_wait(&race->start);
    if (race->act(race, arena, &err) == 0)
        (void)atomic_fetch_add(&race->good, 1);
    else if (race_explains(err.code))
        (void)atomic_fetch_add(&race->refused, 1);
    else
        race->strange = err.code;
    return NULL;
}

static void run(struct race *race, int callers)
{
    pthread_t threads[CALLERS];
    assert_int_equal(pthread_barrier_init(&race->start, NULL, (unsigned)callers), 0);
    for (int i = 0; i < callers; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, caller, race), 0);
    for (int i = 0; i < callers; i++)
        (void)pthread_join(threads[i], NULL);
    (void)pthread_barrier_destroy(&race->start);
    assert_string_equal(err_slug(race->strange), err_slug(ERR_NONE));
    assert_int_equal(atomic_load(&race->good) + atomic_load(&race->refused), callers);
}

static int commit(struct race *race, struct arena *arena, struct err *err)
{
    struct flow_write_back made;
    return flow_write_commit(&race->world->flow, &race->world->user, &race->write, arena, &made, err);
}

static int undo(struct race *race, struct arena *arena, struct err *err)
{
    struct flow_write_back asked;
    return flow_write_undo(&race->world->flow, &race->world->user, race->id, arena, &asked, err);
}

/* Several workers at once bring everything to its end. */
static void work_side_by_side(struct world *w)
{
    struct worker *workers[3];
    for (int i = 0; i < 3; i++)
        MUST(w, worker_start(&w->flow, 4, &workers[i], &w->err));
    (void)usleep(500 * 1000);
    for (int i = 0; i < 3; i++)
        worker_stop(workers[i]);
    (void)world_work(w);
}

static int people = 700;

static struct flow_write decided(struct world *w, struct contact *ret_person)
{
    *ret_person = world_person(w, people++);
    struct flow_contact contact = world_contact(w, ret_person);
    struct flow_preview preview = world_preview(w, &contact, w->fake);
    return (struct flow_write){world_id(preview.id), contact.version};
}

static struct flow_write_back newest(struct world *w)
{
    struct flow_write_query query = {.state = -1, .page = {.limit = 1}};
    struct flow_list list;
    MUST(w, flow_write_list(&w->flow, &w->user, &query, w->arena, &list, &w->err));
    return *(const struct flow_write_back *)list.items.items;
}

static void the_same_decision_two_hundred_times_is_one_record(void **state)
{
    W(state);
    struct contact person, mapped;
    struct race race = {.world = w, .act = commit, .write = decided(w, &person)};
    run(&race, CALLERS);
    assert_int_equal(atomic_load(&race.good), 1);
    work_side_by_side(w);
    mapped = world_mapped(&person);
    assert_int_equal(fake_crm_count("create", &mapped, w->arena), 1);
    assert_state(newest(w), "written");
}

static void two_hundred_previews_of_one_contact_are_one_record(void **state)
{
    W(state);
    struct contact person = world_person(w, people++), mapped = world_mapped(&person);
    struct flow_contact contact = world_contact(w, &person);
    int good = 0;
    for (int i = 0; i < 5; i++) { /* five tabs, each with its dry run */
        struct flow_preview preview = world_preview(w, &contact, w->fake);
        struct race race = {.world = w, .act = commit, .write = {world_id(preview.id), contact.version}};
        run(&race, CALLERS / 5);
        good += atomic_load(&race.good);
        if (i == 0)
            assert_int_equal(good, 1);
        MUST(w, flow_contact_get(&w->flow, &w->user, world_id(contact.id), w->arena, &contact, &w->err));
    }
    assert_int_equal(good, 1); /* one is under way until a worker comes */
    work_side_by_side(w);
    assert_int_equal(fake_crm_count("create", &mapped, w->arena), 1);
}

static void undo_two_hundred_times_is_one_deletion(void **state)
{
    W(state);
    struct contact person, mapped;
    struct race race = {.world = w, .act = commit, .write = decided(w, &person)};
    run(&race, 1);
    (void)world_work(w);
    struct race back = {.world = w, .act = undo, .id = world_id(newest(w).id)};
    run(&back, CALLERS);
    assert_int_equal(atomic_load(&back.good), 1);
    work_side_by_side(w);
    mapped = world_mapped(&person);
    assert_int_equal(fake_crm_count("delete", &mapped, w->arena), 1);
    assert_int_equal(fake_crm_living(&mapped, w->arena), 0);
    assert_state(newest(w), "undone");
}

/* ---- A connection that goes while something is written to it ---- */

static int write_or_part(struct race *race, struct arena *arena, struct err *err)
{
    static atomic_int turn;
    if (atomic_fetch_add(&turn, 1) % 2)
        return commit(race, arena, err);
    return flow_connection_delete(&race->world->flow, &race->world->admin, race->id, race->version, err);
}

static void a_write_meets_a_connection_that_goes_wholly_or_not_at_all(void **state)
{
    W(state);
    struct flow_connection_new input = {.policy = FLOW_POLICY_CONFIRM,
                                        .kind = STR("fake"),
                                        .name = STR("Sommer"),
                                        .settings = STR("{\"url\":\"https://crm.example\"}"),
                                        .secret = STR("{\"password\":\"good\"}")};
    for (int i = 0; i < 6; i++) {
        struct contact person = world_person(w, people++), mapped = world_mapped(&person);
        struct flow_contact contact = world_contact(w, &person);
        struct flow_connection connection;
        MUST(w, flow_connection_create(&w->flow, &w->admin, &input, w->arena, &connection, &w->err));
        (void)world_work(w);
        struct id id = world_id(connection.id);
        struct flow_preview preview = world_preview(w, &contact, id);
        struct race race = {.world = w,
                            .act = write_or_part,
                            .write = {world_id(preview.id), contact.version},
                            .id = id,
                            .version = connection.version};
        run(&race, 20);
        assert_int_equal(atomic_load(&race.good), 1); /* whoever was first forbids the other */
        work_side_by_side(w);
        bool gone = flow_connection_get(&w->flow, &w->admin, id, w->arena, &connection, &w->err) < 0;
        assert_int_equal(fake_crm_count("create", &mapped, w->arena), gone ? 0 : 1);
        if (!gone)
            MUST(w, flow_connection_delete(&w->flow, &w->admin, id, connection.version, &w->err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_decision_two_hundred_times_is_one_record),
        cmocka_unit_test(two_hundred_previews_of_one_contact_are_one_record),
        cmocka_unit_test(undo_two_hundred_times_is_one_deletion),
        cmocka_unit_test(a_write_meets_a_connection_that_goes_wholly_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}

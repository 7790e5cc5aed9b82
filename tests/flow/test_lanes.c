/* A CRM that takes calls and never answers: the queue of every other organisation goes on as if it were not there, and
 * the dead one is called less and less. The control takes the lines away and sees everybody wait. */
#include "tests/flow/world.h"

#include "base/clock.h"
#include "flow/traffic.h"
#include "services/worker/loop.h"
#include "store/connection.h"

#define W(state) struct world *w = *(state)

enum { THREADS = 4, STUCK = 12, MINE = 30, HOLE_MS = 1200 };

/* Write-backs of the neighbour that wait for a place at its dead CRM. */
static void fill_the_hole(struct world *neighbour, int from)
{
    for (int i = 0; i < STUCK; i++) {
        struct contact person = world_person(neighbour, from + i);
        struct flow_contact contact = world_contact(neighbour, &person);
        (void)world_write(neighbour, &contact, neighbour->fake);
    }
}

static int by_size(const void *a, const void *b)
{
    return (*(const int64_t *)a > *(const int64_t *)b) - (*(const int64_t *)a < *(const int64_t *)b);
}

/* Milliseconds from deciding to written, the 99th of a hundred: of MINE one after the other. */
static int64_t slowest_of_mine(struct world *w, const struct flow_contact *contacts)
{
    int64_t took[MINE];
    for (int i = 0; i < MINE; i++) {
        int64_t begin = clock_mono_ms();
        struct flow_write_back write_back = world_write(w, &contacts[i], w->fake);
        while (world_write_back(w, &write_back).state != FLOW_WRITE_BACK_written && clock_mono_ms() - begin < 60 * 1000)
            (void)usleep(5000);
        took[i] = clock_mono_ms() - begin;
    }
    qsort(took, MINE, sizeof *took, by_size);
    return took[MINE * 99 / 100];
}

static int64_t measure(struct world *w, bool lanes, int from)
{
    struct world *neighbour = world_neighbour(w);
    struct flow_contact contacts[MINE];
    struct worker *worker;
    for (int i = 0; i < MINE; i++) {
        struct contact person = world_person(w, from + i);
        contacts[i] = world_contact(w, &person);
    }
    fake_crm->hole_ms = HOLE_MS;
    fill_the_hole(neighbour, from + MINE);
    if (!lanes)
        world_no_lanes();
    MUST(w, worker_start(&w->flow, THREADS, &worker, &w->err));
    (void)usleep(200 * 1000); /* the hole has swallowed what it can */
    int64_t slowest = slowest_of_mine(w, contacts);
    worker_stop(worker);
    fake_crm->hole_ms = 0;
    return slowest;
}

static void a_dead_crm_slows_nobody_else(void **state)
{
    W(state);
    int64_t with = measure(w, true, 1000), without = measure(w, false, 2000);
    (void)printf("p99 of another organisation beside a black hole of %d ms: %lld ms in lines, %lld ms without\n",
                 HOLE_MS, (long long)with, (long long)without);
    assert_true(without > HOLE_MS);  /* the control waits for the hole: else the other figure says nothing */
    assert_true(with < without / 3); /* against each other, as a busy machine makes both slower */
}

/* One call, then a probe after each rest: not one for each that waits. */
static void a_dead_crm_is_probed_and_not_stormed(void **state)
{
    W(state);
    struct world *neighbour = world_neighbour(w);
    fill_the_hole(neighbour, 3000);
    int n = 0;
    while (world_work(neighbour) > 0)
        n++;
    struct store_calls calls;
    struct store_tx *tx = NULL;
    MUST(neighbour, store_begin(neighbour->store, &neighbour->user.org, &tx, &neighbour->err));
    MUST(neighbour, store_connection_calls(tx, &neighbour->fake, &calls, &neighbour->err));
    assert_int_equal(calls.failures, 1);
    assert_true(calls.retry_at > store_tx_now(tx));
    store_rollbackp(&tx);
    assert_int_equal(n, 1);
}

/* What is decided while a connection is paused waits, and goes when it goes on. */
static void a_paused_connection_is_not_called(void **state)
{
    W(state);
    struct contact person = world_person(w, 4000);
    struct flow_contact contact = world_contact(w, &person);
    struct flow_traffic traffic;
    while (world_work(w) > 0)
        ;
    MUST(w, flow_traffic_pause(&w->flow, &w->admin, w->fake, true, &w->err));
    MUST(w, flow_traffic_pause(&w->flow, &w->admin, w->fake, true, &w->err));
    struct flow_write_back write_back = world_write(w, &contact, w->fake);
    (void)world_work(w);
    assert_int_equal(world_write_back(w, &write_back).state, FLOW_WRITE_BACK_intent);
    MUST(w, flow_traffic_get(&w->flow, &w->user, w->fake, w->arena, &traffic, &w->err));
    assert_true(traffic.paused_at.p && traffic.paused_by.p && traffic.waiting == 1);
    MUST(w, flow_traffic_pause(&w->flow, &w->admin, w->fake, false, &w->err));
    (void)world_work(w);
    assert_int_equal(world_write_back(w, &write_back).state, FLOW_WRITE_BACK_written);
    MUST(w, flow_traffic_get(&w->flow, &w->user, w->fake, w->arena, &traffic, &w->err));
    assert_true(!traffic.paused_at.p && traffic.waiting == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dead_crm_slows_nobody_else),
        cmocka_unit_test(a_dead_crm_is_probed_and_not_stormed),
        cmocka_unit_test(a_paused_connection_is_not_called),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}

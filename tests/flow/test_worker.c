/* The worker loop: many threads and two workers on one database; each job runs once, stopping waits for what is under
 * way and leaves nothing locked. */
#include "tests/flow/world.h"

#include "base/clock.h"
#include "services/worker/loop.h"

#include <stdatomic.h>

#define W(state) struct world *w = *(state)

static atomic_int running, most_at_once, finished;
static atomic_int reading_ms;

/* A reader that takes its time and counts who is in it. */
static int slow_reader(void *self, int fd, int deadline_ms, struct arena *arena, struct str *ret_json, struct err *err)
{
    (void)self, (void)fd, (void)deadline_ms, (void)arena, (void)err;
    int now = atomic_fetch_add(&running, 1) + 1, most = atomic_load(&most_at_once);
    while (now > most && !atomic_compare_exchange_weak(&most_at_once, &most, now))
        continue;
    (void)usleep((useconds_t)atomic_load(&reading_ms) * 1000);
    (void)atomic_fetch_sub(&running, 1);
    (void)atomic_fetch_add(&finished, 1);
    *ret_json = STR(
        "{\"width\":1,\"height\":1,\"media_type\":\"image/jpeg\",\"cards\":[],\"problem\":\"no-card\",\"param\":\"\"}");
    return 0;
}

static void submit(struct world *w, int number)
{
    _cleanup_(flow_submit_freep) struct flow_submit *submit = NULL;
    struct flow_scan scan;
    bool earlier;
    MUST(w, flow_submit_begin(&w->flow, &w->user, &(struct flow_submit_goal){0}, &submit, &w->err));
    MUST(w, flow_submit_write(submit, str_printf(w->arena, "\xff\xd8\xff\xe0 number %d %0100d", number, 0), &w->err));
    MUST(w, flow_submit_commit(submit, w->arena, &scan, &earlier, &w->err));
    assert_false(earlier);
}

static size_t scans_in(struct world *w, enum flow_scan_state wanted)
{
    struct flow_scan_query query = {.filter = {.state = (int)wanted}, .page = {.limit = 200}};
    struct flow_list list;
    MUST(w, flow_scan_list(&w->flow, &w->user, &query, w->arena, &list, &w->err));
    return list.items.n;
}

static void wait_for(int n)
{
    int64_t deadline = clock_mono_ms() + 20000;
    while (atomic_load(&finished) < n && clock_mono_ms() < deadline)
        (void)usleep(10000);
}

static void begin(struct world *w, int ms)
{
    atomic_store(&finished, 0);
    atomic_store(&most_at_once, 0);
    atomic_store(&reading_ms, ms);
    w->flow.reader.read = slow_reader;
}

static void two_workers_run_each_job_once_and_side_by_side(void **state)
{
    enum { JOBS = 24 };
    W(state);
    struct worker *one, *two;
    begin(w, 30);
    size_t before = scans_in(w, FLOW_SCAN_failed);
    MUST(w, worker_start(&w->flow, 3, &one, &w->err));
    MUST(w, worker_start(&w->flow, 3, &two, &w->err));
    for (int i = 0; i < JOBS; i++)
        submit(w, i);
    wait_for(JOBS);
    worker_stop(one);
    worker_stop(two);
    assert_int_equal(atomic_load(&finished), JOBS);
    assert_int_equal(scans_in(w, FLOW_SCAN_failed) - before, JOBS);
    assert_true(atomic_load(&most_at_once) > 1);
}

static void news_wake_a_sleeping_worker(void **state)
{
    W(state);
    struct worker *worker;
    begin(w, 1);
    MUST(w, worker_start(&w->flow, 1, &worker, &w->err));
    (void)usleep(300000); /* it found nothing and sleeps for seconds now */
    int64_t start = clock_mono_ms();
    submit(w, 1000);
    wait_for(1);
    assert_true(clock_mono_ms() - start < 2000);
    worker_stop(worker);
}

static void stopping_waits_for_what_is_under_way_and_takes_no_more(void **state)
{
    W(state);
    struct worker *worker;
    begin(w, 700);
    submit(w, 2000);
    submit(w, 2001);
    submit(w, 2002);
    MUST(w, worker_start(&w->flow, 1, &worker, &w->err));
    for (int i = 0; i < 500 && atomic_load(&running) == 0; i++)
        (void)usleep(10000);
    worker_stop(worker);
    assert_int_equal(atomic_load(&finished), 1);
    assert_int_equal(scans_in(w, FLOW_SCAN_received), 2);
    assert_int_equal(scans_in(w, FLOW_SCAN_reading), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_workers_run_each_job_once_and_side_by_side),
        cmocka_unit_test(news_wake_a_sleeping_worker),
        cmocka_unit_test(stopping_waits_for_what_is_under_way_and_takes_no_more),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}

/* Jobs on a real database: nobody runs one twice, a lost lease changes nothing, the last attempt is the last. */
#include "base/limits.h"
#include "tests/db/fixture.h"

#include <pthread.h>

enum { JOBS = 160, WORKERS = 8, LEASE = 60000 };

static struct id add_job(struct fixture *f, const char *kind, struct id subject, int attempts)
{
    struct id id;
    struct store_job_spec spec = {.kind = kind, .subject = subject, .user = f->user, .max_attempts = attempts};
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_job_add(tx, &spec, &id, &f->err));
    fixture_commit(f, tx);
    return id;
}

static struct store_job get_job(struct fixture *f, const struct id *id)
{
    struct store_job job;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_job_get(tx, id, f->arena, &job, &f->err));
    store_rollbackp(&tx);
    return job;
}

/* Claims one job of a kind for a fresh worker; NULL when there is none. */
static struct store_job *claim(struct fixture *f, const char *kind, int64_t lease)
{
    const char *kinds[] = {kind, NULL};
    struct store_claim ask = {.worker = id_new(), .kinds = kinds, .limit = 1, .lease_ms = lease};
    struct json_list jobs;
    MUST(f, store_job_claim(f->store, &ask, f->arena, &jobs, &f->err));
    return jobs.n ? jobs.items : NULL;
}

static int finish(struct fixture *f, const struct store_job *job)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = fixture_begin(f);
    return store_job_finish(tx, job, &f->err) < 0 ? -1 : store_commit(&tx, &f->err);
}

static int give_up(struct fixture *f, const struct store_job *job, int64_t again, bool *ret_dead)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = fixture_begin(f);
    struct err why = {.code = ERR_CRM_DOWN, .param = "down"};
    return store_job_fail(tx, job, &why, again, ret_dead, &f->err) < 0 ? -1 : store_commit(&tx, &f->err);
}

struct worker {
    struct fixture *f;
    struct id ids[JOBS];
    size_t n;
    bool failed;
};

static void *work(void *self)
{
    struct worker *worker = self;
    struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    const char *kinds[] = {"race", NULL};
    struct store_claim ask = {.worker = id_new(), .kinds = kinds, .limit = 3, .lease_ms = LEASE};
    struct json_list jobs = {.n = 1};
    struct err err;
    while (jobs.n && !worker->failed) {
        if (store_job_claim(worker->f->store, &ask, arena, &jobs, &err) < 0)
            worker->failed = true;
        for (size_t i = 0; !worker->failed && i < jobs.n; i++) {
            const struct store_job *job = (const struct store_job *)jobs.items + i;
            struct store_tx *tx = NULL;
            worker->ids[worker->n++] = job->id;
            worker->failed = store_begin(worker->f->store, &job->org, &tx, &err) < 0 ||
                             store_job_finish(tx, job, &err) < 0 || store_commit(&tx, &err) < 0;
            store_rollbackp(&tx);
        }
    }
    arena_free(arena);
    return NULL;
}

static int by_id(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct id));
}

static void eight_workers_run_every_job_once(void **state)
{
    struct fixture *f = *state;
    struct worker *workers = calloc(WORKERS, sizeof *workers);
    pthread_t threads[WORKERS];
    struct id all[JOBS];
    size_t n = 0;
    for (int i = 0; i < JOBS; i++)
        (void)add_job(f, "race", id_new(), 1);
    for (int i = 0; i < WORKERS; i++) {
        workers[i].f = f;
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < WORKERS; i++) {
        (void)pthread_join(threads[i], NULL);
        assert_false(workers[i].failed);
        assert_true(n + workers[i].n <= JOBS);
        memcpy(all + n, workers[i].ids, workers[i].n * sizeof *all);
        n += workers[i].n;
    }
    assert_int_equal(n, JOBS);
    qsort(all, n, sizeof *all, by_id);
    for (size_t i = 1; i < n; i++)
        assert_false(id_eq(&all[i - 1], &all[i]));
    free(workers);
}

static void who_lost_the_lease_changes_nothing(void **state)
{
    struct fixture *f = *state;
    bool cancel, dead;
    struct id id = add_job(f, "lease", id_new(), 3);
    struct store_job *first = claim(f, "lease", -1); /* over at once */
    assert_non_null(first);
    struct store_job *second = claim(f, "lease", LEASE);
    assert_non_null(second);
    assert_true(id_eq(&second->id, &id));
    assert_int_equal(second->attempt, first->attempt + 1);
    FAILS(f, ERR_CONFLICT, finish(f, first));
    FAILS(f, ERR_CONFLICT, give_up(f, first, STORE_JOB_BACK_OFF, &dead));
    FAILS(f, ERR_CONFLICT, store_job_heartbeat(f->store, first, LEASE, &cancel, &f->err));
    MUST(f, store_job_heartbeat(f->store, second, LEASE, &cancel, &f->err));
    assert_false(cancel);
    MUST(f, finish(f, second));
    assert_true(str_eq(get_job(f, &id).state, STR("done")));
    FAILS(f, ERR_CONFLICT, finish(f, second));
}

static void a_failed_job_waits_longer_each_time_and_then_dies(void **state)
{
    struct fixture *f = *state;
    bool dead;
    struct id id = add_job(f, "fail", id_new(), 2);
    MUST(f, give_up(f, claim(f, "fail", LEASE), STORE_JOB_BACK_OFF, &dead));
    assert_false(dead);
    struct store_job job = get_job(f, &id);
    assert_true(str_eq(job.state, STR("queued")));
    int64_t pause = job.run_at - job.started_at; /* 4 s, half of it at random */
    assert_in_range(pause, 1900, 4200);
    assert_null(claim(f, "fail", LEASE));
    assert_true(str_eq(job.problem, STR("crm-unreachable")));
}

static void waiting_for_the_crm_costs_no_attempt(void **state)
{
    struct fixture *f = *state;
    bool dead;
    struct id id = add_job(f, "wait", id_new(), 1);
    for (int i = 0; i < 4; i++) {
        struct store_job *job = claim(f, "wait", LEASE);
        assert_non_null(job);
        MUST(f, give_up(f, job, 0, &dead));
        assert_false(dead);
    }
    MUST(f, give_up(f, claim(f, "wait", LEASE), STORE_JOB_BACK_OFF, &dead));
    assert_true(dead);
    struct store_job job = get_job(f, &id);
    assert_true(str_eq(job.state, STR("dead")));
    assert_true(str_eq(job.problem, STR("crm-unreachable")));
    id = add_job(f, "wait", id_new(), 5);
    MUST(f, give_up(f, claim(f, "wait", LEASE), STORE_JOB_NEVER, &dead));
    assert_true(dead);
}

static void a_worker_that_dies_in_the_last_attempt_is_swept(void **state)
{
    struct fixture *f = *state;
    struct json_list lost;
    bool dead;
    struct id id = add_job(f, "sweep", id_new(), 1);
    struct store_job *job = claim(f, "sweep", -1);
    assert_non_null(job);
    assert_null(claim(f, "sweep", LEASE));
    MUST(f, store_job_sweep(f->store, f->arena, &lost, &f->err));
    assert_int_equal(lost.n, 1);
    const struct store_job *found = lost.items;
    assert_true(id_eq(&found->id, &id));
    FAILS(f, ERR_CONFLICT, finish(f, job)); /* the lost one comes back */
    MUST(f, give_up(f, found, STORE_JOB_NEVER, &dead));
    struct store_job end = get_job(f, &id);
    assert_true(dead && str_eq(end.state, STR("dead")) && str_eq(end.param, STR("down")));
    MUST(f, store_job_sweep(f->store, f->arena, &lost, &f->err));
    assert_int_equal(lost.n, 0);
}

static void the_same_work_is_queued_once_and_never_runs_beside_itself(void **state)
{
    struct fixture *f = *state;
    struct id subject = id_new(), first = add_job(f, "same", subject, 3), again = add_job(f, "same", subject, 3);
    assert_true(id_eq(&first, &again));
    struct store_job *running = claim(f, "same", LEASE);
    struct id next = add_job(f, "same", subject, 3);
    assert_false(id_eq(&first, &next));
    assert_null(claim(f, "same", LEASE));
    MUST(f, finish(f, running));
    assert_non_null(claim(f, "same", -1)); /* lost at once, while a third one is queued */
    struct id third = add_job(f, "same", subject, 3);
    struct store_job *job = claim(f, "same", LEASE);
    assert_non_null(job);
    assert_true(id_eq(&job->id, &third));
    assert_true(str_eq(get_job(f, &next).state, STR("cancelled")));
}

static void cancelling_stops_before_or_asks_while_running(void **state)
{
    struct fixture *f = *state;
    bool cancel;
    struct id waiting = add_job(f, "cancel", id_new(), 3);
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_job_cancel(tx, &waiting, &f->err));
    FAILS(f, ERR_CONFLICT, store_job_cancel(tx, &waiting, &f->err));
    fixture_commit(f, tx);
    struct id id = add_job(f, "cancel", id_new(), 3);
    struct store_job *job = claim(f, "cancel", LEASE);
    assert_true(id_eq(&job->id, &id));
    tx = fixture_begin(f);
    MUST(f, store_job_cancel(tx, &id, &f->err));
    fixture_commit(f, tx);
    MUST(f, store_job_heartbeat(f->store, job, LEASE, &cancel, &f->err));
    assert_true(cancel);
}

static void a_listener_hears_of_new_work(void **state)
{
    struct fixture *f = *state;
    struct store_listener *listener;
    enum store_hint hint;
    struct id org;
    MUST(f, store_listen(f->store, &listener, &f->err));
    MUST(f, store_listener_wait(listener, 0, &hint, &org, &f->err));
    assert_int_equal(hint, STORE_HINT_NONE);
    (void)add_job(f, "hint", id_new(), 1);
    MUST(f, store_listener_wait(listener, 5000, &hint, &org, &f->err));
    assert_int_equal(hint, STORE_HINT_JOB);
    struct store_tx *tx = fixture_begin(f);
    store_event(tx, "contact", &f->contact, "matched");
    fixture_commit(f, tx);
    MUST(f, store_listener_wait(listener, 5000, &hint, &org, &f->err));
    assert_int_equal(hint, STORE_HINT_EVENT);
    assert_true(id_eq(&org, &f->org));
    store_listener_freep(&listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_workers_run_every_job_once),
        cmocka_unit_test(who_lost_the_lease_changes_nothing),
        cmocka_unit_test(a_failed_job_waits_longer_each_time_and_then_dies),
        cmocka_unit_test(waiting_for_the_crm_costs_no_attempt),
        cmocka_unit_test(a_worker_that_dies_in_the_last_attempt_is_swept),
        cmocka_unit_test(the_same_work_is_queued_once_and_never_runs_beside_itself),
        cmocka_unit_test(cancelling_stops_before_or_asks_while_running),
        cmocka_unit_test(a_listener_hears_of_new_work),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}

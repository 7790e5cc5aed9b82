/* See loop.h. A job is logged once, when it fails; what it did is in the audit trail. */
#include "services/worker/loop.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "flow/events.h"
#include "flow/jobs.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    POLL_MS = 5 * 1000,     /* news may be missed */
    SWEEP_MS = 10 * 1000,   /* after each sweep */
    TROUBLE_MS = 1000,      /* first pause when the store is away; doubles … */
    MOST_TROUBLE_MS = 15000 /* … up to this */
};

/* What one runner has in its hands. */
struct slot {
    struct worker *worker;
    pthread_t thread;
    pthread_mutex_t lock; /* over claim, busy, started */
    struct flow_claim claim;
    bool busy;
    int64_t started;   /* monotonic ms */
    atomic_bool hurry; /* what claim.stop points to */
    struct flow_progress progress;
};

struct worker {
    const struct flow *flow;
    struct id id; /* fresh per process: part of every lease */
    struct slot *slots;
    int n;
    pthread_t heart, ear, broom;
    pthread_mutex_t lock; /* over news and stopping */
    pthread_cond_t wake;  /* one waiting runner: there may be a job */
    pthread_cond_t end;   /* everyone who sleeps: we stop */
    bool news, stopping;
    struct flow_listener *listener;
    atomic_bool store_away; /* told once, whichever runner sees it first */
};

/* ---- Sleeping ---- */

static struct timespec until(int ms)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

static bool stopping(struct worker *worker)
{
    (void)pthread_mutex_lock(&worker->lock);
    bool stop = worker->stopping;
    (void)pthread_mutex_unlock(&worker->lock);
    return stop;
}

/* Sleeps, unless we stop; true while we go on. */
static bool sleep_ms(struct worker *worker, int ms)
{
    struct timespec at = until(ms);
    (void)pthread_mutex_lock(&worker->lock);
    while (!worker->stopping && pthread_cond_timedwait(&worker->end, &worker->lock, &at) == 0)
        continue;
    bool go_on = !worker->stopping;
    (void)pthread_mutex_unlock(&worker->lock);
    return go_on;
}

/* A runner waits for news, or for the time to look anyway. */
static void wait_for_news(struct worker *worker)
{
    struct timespec at = until(POLL_MS);
    (void)pthread_mutex_lock(&worker->lock);
    while (!worker->news && !worker->stopping)
        if (pthread_cond_timedwait(&worker->wake, &worker->lock, &at) != 0)
            break;
    worker->news = false;
    (void)pthread_mutex_unlock(&worker->lock);
}

/* Wakes one runner; one that finds a job wakes the next, so that nobody looks in vain. */
static void tell_news(struct worker *worker)
{
    (void)pthread_mutex_lock(&worker->lock);
    worker->news = true;
    (void)pthread_cond_signal(&worker->wake);
    (void)pthread_mutex_unlock(&worker->lock);
}

/* ---- Runners ---- */

static void slot_take(struct slot *slot, struct flow_claim *claim)
{
    (void)pthread_mutex_lock(&slot->lock);
    atomic_store(&slot->hurry, stopping(slot->worker));
    claim->stop = &slot->hurry;
    atomic_store(&slot->progress.done, 0);
    atomic_store(&slot->progress.total, 0);
    claim->progress = &slot->progress;
    slot->claim = *claim;
    slot->started = clock_mono_ms();
    slot->busy = true;
    (void)pthread_mutex_unlock(&slot->lock);
}

static void slot_free(struct slot *slot)
{
    (void)pthread_mutex_lock(&slot->lock);
    slot->busy = false;
    (void)pthread_mutex_unlock(&slot->lock);
}

static void run_one(struct slot *slot, struct flow_claim *claim, struct arena *arena)
{
    struct err err = {.code = ERR_NONE};
    slot_take(slot, claim);
    int r = flow_job_run(slot->worker->flow, claim, arena, &err);
    slot_free(slot);
    if (r < 0)
        log_err(LOG_WARN, "job failed", &err, "job", claim->id.s, "kind", str_z(arena, claim->kind), "org",
                claim->org.s, "subject", claim->subject.s, "attempt",
                str_printf(arena, "%lld", (long long)claim->attempt).p, NULL);
}

static void *runner(void *self)
{
    struct slot *slot = self;
    struct worker *worker = slot->worker;
    int trouble = 0;
    while (!stopping(worker)) {
        _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)LIMIT_ARENA_REQUEST * 2);
        struct err err = {.code = ERR_NONE};
        struct flow_claim claim;
        bool found = false;
        if (flow_job_claim(worker->flow, &worker->id, arena, &claim, &found, &err) < 0) {
            if (!atomic_exchange(&worker->store_away, true))
                log_err(LOG_ERROR, "cannot claim jobs", &err, NULL);
            trouble = trouble ? (trouble * 2 < MOST_TROUBLE_MS ? trouble * 2 : MOST_TROUBLE_MS) : TROUBLE_MS;
            (void)sleep_ms(worker, trouble);
            continue;
        }
        trouble = 0;
        atomic_store(&worker->store_away, false);
        if (found) {
            tell_news(worker);
            run_one(slot, &claim, arena);
        } else {
            wait_for_news(worker);
        }
    }
    return NULL;
}

/* ---- Leases ---- */

/* Renews one lease. A job past its deadline loses it: it is told to hurry, and another worker may have it. */
static void beat(struct slot *slot)
{
    struct err err = {.code = ERR_NONE};
    bool cancel = false;
    (void)pthread_mutex_lock(&slot->lock);
    if (slot->busy) {
        bool late = clock_mono_ms() - slot->started > slot->claim.deadline_ms;
        int r = late ? -1 : flow_job_heartbeat(slot->worker->flow, &slot->claim, &cancel, &err);
        if (late || cancel || (r < 0 && err.code == ERR_CONFLICT))
            atomic_store(&slot->hurry, true);
    }
    (void)pthread_mutex_unlock(&slot->lock);
}

static void *heart(void *self)
{
    struct worker *worker = self;
    while (sleep_ms(worker, FLOW_HEARTBEAT_MS))
        for (int i = 0; i < worker->n; i++)
            beat(&worker->slots[i]);
    /* Jobs under way keep their leases while they come to an end. */
    for (int i = 0; i < worker->n; i++)
        beat(&worker->slots[i]);
    return NULL;
}

/* ---- News and sweeping ---- */

static void *ear(void *self)
{
    struct worker *worker = self;
    while (!stopping(worker)) {
        struct err err = {.code = ERR_NONE};
        enum flow_news news = FLOW_NEWS_NONE;
        struct id org;
        if (flow_listen_wait(worker->listener, POLL_MS, &news, &org, &err) < 0)
            (void)sleep_ms(worker, TROUBLE_MS); /* the runners tell of a store that is away */
        if (news == FLOW_NEWS_JOB)
            tell_news(worker);
    }
    return NULL;
}

static void *broom(void *self)
{
    struct worker *worker = self;
    do {
        _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
        struct err err = {.code = ERR_NONE};
        if (flow_job_sweep(worker->flow, arena, &err) < 0)
            log_err(LOG_WARN, "sweep failed", &err, NULL);
    } while (sleep_ms(worker, SWEEP_MS));
    return NULL;
}

/* ---- Start and end ---- */

static void worker_free(struct worker *worker)
{
    flow_listen_freep(&worker->listener);
    for (int i = 0; i < worker->n; i++)
        (void)pthread_mutex_destroy(&worker->slots[i].lock);
    (void)pthread_cond_destroy(&worker->wake);
    (void)pthread_cond_destroy(&worker->end);
    (void)pthread_mutex_destroy(&worker->lock);
    free(worker->slots);
    free(worker);
}

static struct worker *worker_new(const struct flow *flow, int threads)
{
    struct worker *worker = calloc(1, sizeof *worker);
    struct slot *slots = calloc((size_t)threads, sizeof *slots);
    pthread_condattr_t monotonic;
    if (!worker || !slots)
        abort();
    *worker = (struct worker){.flow = flow, .id = id_new(), .slots = slots, .n = threads};
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&worker->lock, NULL);
    (void)pthread_cond_init(&worker->wake, &monotonic);
    (void)pthread_cond_init(&worker->end, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    for (int i = 0; i < threads; i++) {
        slots[i].worker = worker;
        (void)pthread_mutex_init(&slots[i].lock, NULL);
    }
    return worker;
}

/* A process that cannot have its few threads at its start cannot work at all. */
static void thread_start(pthread_t *ret_thread, void *(*run)(void *), void *self)
{
    if (pthread_create(ret_thread, NULL, run, self) != 0)
        abort();
}

int worker_start(const struct flow *flow, int threads, struct worker **ret_worker, struct err *err)
{
    struct worker *worker = worker_new(flow, threads);
    if (flow_listen(flow, &worker->listener, err) < 0) {
        worker_free(worker);
        return -1;
    }
    for (int i = 0; i < threads; i++)
        thread_start(&worker->slots[i].thread, runner, &worker->slots[i]);
    thread_start(&worker->heart, heart, worker);
    thread_start(&worker->ear, ear, worker);
    thread_start(&worker->broom, broom, worker);
    *ret_worker = worker;
    return 0;
}

void worker_stop(struct worker *worker)
{
    (void)pthread_mutex_lock(&worker->lock);
    worker->stopping = true;
    (void)pthread_cond_broadcast(&worker->wake);
    (void)pthread_cond_broadcast(&worker->end);
    (void)pthread_mutex_unlock(&worker->lock);
    flow_listen_wake(worker->listener);
    for (int i = 0; i < worker->n; i++)
        atomic_store(&worker->slots[i].hurry, true);
    for (int i = 0; i < worker->n; i++)
        (void)pthread_join(worker->slots[i].thread, NULL);
    (void)pthread_join(worker->heart, NULL);
    (void)pthread_join(worker->ear, NULL);
    (void)pthread_join(worker->broom, NULL);
    worker_free(worker);
}

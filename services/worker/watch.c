/* See watch.h. A connection that breaks is logged once, by its mailbox's id; the lease's pause comes before the next.
 */
#include "services/worker/watch.h"

#include "base/log.h"
#include "flow/mailbox.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>

enum { LOOK_MS = 2000, STACK_BYTES = 512 * 1024 };

/* One mailbox that is waited at. */
struct waiter {
    struct watch *watch;
    struct flow_watch what;
    pthread_t thread;
    bool used;
    atomic_bool ended;
};

struct watch {
    const struct flow *flow;
    struct id id; /* fresh per process: part of every lease */
    int wake_fd;  /* readable once we stop */
    pthread_t thread;
    struct waiter waiters[FLOW_WATCH_MOST];
};

static void *wait_there(void *self)
{
    struct waiter *waiter = self;
    struct err err = {.code = ERR_NONE};
    if (flow_watch_run(waiter->watch->flow, &waiter->what, &err) < 0)
        log_err(LOG_INFO, "mailbox not watched", &err, "mailbox", waiter->what.mailbox.s, NULL);
    atomic_store(&waiter->ended, true);
    return NULL;
}

static bool waiter_start(struct waiter *waiter, const struct flow_watch *what)
{
    pthread_attr_t attributes;
    waiter->what = *what;
    waiter->what.wake_fd = waiter->watch->wake_fd;
    atomic_store(&waiter->ended, false);
    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
    waiter->used = pthread_create(&waiter->thread, &attributes, wait_there, waiter) == 0;
    (void)pthread_attr_destroy(&attributes);
    return waiter->used; /* without a thread the lease runs out, and the quarter of an hour's look remains */
}

/* Joins those that ended; how many places are free. */
static int reap(struct watch *watch)
{
    int free_places = 0;
    for (size_t i = 0; i < ARRAY_LEN(watch->waiters); i++) {
        struct waiter *waiter = &watch->waiters[i];
        if (waiter->used && atomic_load(&waiter->ended)) {
            (void)pthread_join(waiter->thread, NULL);
            waiter->used = false;
        }
        free_places += !waiter->used;
    }
    return free_places;
}

static void look(struct watch *watch)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)1 << 20);
    struct json_list found = {.n = 0};
    struct err ignored; /* the runners tell of a store that is away */
    size_t next = 0;
    int most = reap(watch);
    if (most == 0 || flow_watch_claim(watch->flow, &watch->id, most, arena, &found, &ignored) < 0)
        return;
    for (size_t i = 0; i < ARRAY_LEN(watch->waiters) && next < found.n; i++)
        if (!watch->waiters[i].used)
            (void)waiter_start(&watch->waiters[i], (const struct flow_watch *)found.items + next++);
}

static void *keep_looking(void *self)
{
    struct watch *watch = self;
    struct pollfd wake = {.fd = watch->wake_fd, .events = POLLIN};
    do
        look(watch);
    while (poll(&wake, 1, LOOK_MS) == 0);
    return NULL;
}

struct watch *watch_start(const struct flow *flow)
{
    struct watch *watch = calloc(1, sizeof *watch);
    if (!watch || (watch->wake_fd = eventfd(0, EFD_CLOEXEC)) < 0)
        abort(); /* a process without memory or descriptors cannot work at all */
    watch->flow = flow;
    watch->id = id_new();
    for (size_t i = 0; i < ARRAY_LEN(watch->waiters); i++)
        watch->waiters[i].watch = watch;
    if (pthread_create(&watch->thread, NULL, keep_looking, watch) != 0)
        abort();
    return watch;
}

void watch_stop(struct watch *watch)
{
    (void)eventfd_write(watch->wake_fd, 1);
    (void)pthread_join(watch->thread, NULL);
    for (size_t i = 0; i < ARRAY_LEN(watch->waiters); i++)
        if (watch->waiters[i].used)
            (void)pthread_join(watch->waiters[i].thread, NULL);
    (void)close(watch->wake_fd);
    free(watch);
}

/* Threads that live as long as one step. */
#include "base/parallel.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

struct job {
    void (*work)(void *part);
    void *part;
    pthread_t thread;
    bool started;
};

static void *run(void *self)
{
    struct job *job = self;
    job->work(job->part);
    return NULL;
}

void parallel_run(void (*work)(void *part), void *parts, size_t size, unsigned n)
{
    struct job jobs[PARALLEL_MAX];
    assert(n <= PARALLEL_MAX);
    for (unsigned i = 0; i < n; i++) {
        jobs[i] = (struct job){.work = work, .part = (unsigned char *)parts + i * size};
        jobs[i].started = i > 0 && pthread_create(&jobs[i].thread, NULL, run, &jobs[i]) == 0;
    }
    for (unsigned i = 0; i < n; i++) {
        if (!jobs[i].started)
            work(jobs[i].part);
    }
    for (unsigned i = 0; i < n; i++) {
        if (jobs[i].started)
            (void)pthread_join(jobs[i].thread, NULL);
    }
}

unsigned parallel_cores(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n < 1 ? 1 : n > PARALLEL_MAX ? PARALLEL_MAX : (unsigned)n;
}

/* Children that must run: started in order, restarted with back-off when they die, stopped in reverse. The supervisor
 * is their parent and reaps them itself, because a zombie postmaster keeps its lock (see docs/adr/0009). */
#ifndef SERVICES_SUPERVISE_H
#define SERVICES_SUPERVISE_H

#include "base/err.h"

#include <signal.h>

enum { SUPERVISE_MAX = 12, SUPERVISE_ARGS = 16 };

struct supervise_child {
    const char *name;                 /* for the log and the pid file run/NAME.pid */
    const char *argv[SUPERVISE_ARGS]; /* argv[0] is a path; NULL-terminated; lives as long as the child's row */
    int stop_signal;                  /* SIGTERM, or SIGINT for a fast stop of postgres */
    int stop_seconds;                 /* then SIGKILL (postgres: SIGQUIT first) */
    /* Called until it answers true after a start; NULL: ready at once. */
    bool (*ready)(void *arg);
    void *ready_arg;
    int ready_seconds;            /* 0: not awaited */
    pid_t pid;                    /* 0: not running */
    int64_t started_ms, retry_ms; /* monotonic */
    int failures;                 /* deaths within 10 s of their start, in a row */
};

struct supervise {
    struct supervise_child children[SUPERVISE_MAX];
    size_t n;
    const char *run_dir; /* where pid files go */
    /* Called every chore_seconds, and with asked = true when SIGHUP arrives. NULL: nothing to do. */
    void (*chore)(void *arg, bool asked);
    void *chore_arg;
    int chore_seconds;
};

/* Starts child `at`; returns at once. A failure shows in supervise_await(). */
void supervise_launch(struct supervise *s, size_t at);
/* Waits until child `at` is ready. Errors: ERR_BUSY with the child's name when it ended or is not ready in time. */
int supervise_await(struct supervise *s, size_t at, struct err *err);
/* Both. */
int supervise_start(struct supervise *s, size_t at, struct err *err);
/* Restarts whoever dies until SIGTERM or SIGINT arrives; blocks. Call supervise_signals() before the first start. */
void supervise_run(struct supervise *s);
/* Stops all children in reverse order of their rows. */
void supervise_stop(struct supervise *s);
/* Blocks SIGTERM, SIGINT, SIGHUP, SIGCHLD so that supervise_run() receives them in order. */
void supervise_signals(void);

#endif

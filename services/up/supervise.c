/* See supervise.h. */
#include "services/up/supervise.h"

#include "base/clock.h"
#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { QUICK_DEATH_MS = 10 * 1000, BACKOFF_MAX_MS = 2 * 1000, READY_POLL_US = 10 * 1000 };

static void wait_signals(sigset_t *set)
{
    (void)sigemptyset(set);
    (void)sigaddset(set, SIGTERM);
    (void)sigaddset(set, SIGINT);
    (void)sigaddset(set, SIGHUP);
    (void)sigaddset(set, SIGCHLD);
}

void supervise_signals(void)
{
    sigset_t set;
    wait_signals(&set);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
}

/* The pid file lets operators and tests find a child; nothing here depends on it. */
static void write_pid(const struct supervise *s, const struct supervise_child *child)
{
    char path[256], text[32];
    int n = snprintf(text, sizeof text, "%d\n", (int)child->pid);
    (void)snprintf(path, sizeof path, "%s/%s.pid", s->run_dir, child->name);
    _cleanup_(cleanup_close) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, text, (size_t)n) != n)
        log_event(LOG_WARN, "pid-file", "path", path, NULL);
}

static _Noreturn void become(struct supervise_child *child, pid_t parent)
{
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)prctl(PR_SET_PDEATHSIG, child->stop_signal);
    if (getppid() != parent)
        _exit(1);
    (void)execv(child->argv[0], (char *const *)(uintptr_t)child->argv);
    _exit(127);
}

static void launch(struct supervise *s, struct supervise_child *child)
{
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become(child, parent);
    child->pid = pid > 0 ? pid : 0;
    child->started_ms = clock_mono_ms();
    if (child->pid)
        write_pid(s, child);
}

/* Notes the death of one child; it is due again at once, or later when it keeps dying young. */
static void bury(struct supervise *s, pid_t pid, int status)
{
    for (size_t i = 0; i < s->n; i++) {
        struct supervise_child *child = &s->children[i];
        if (child->pid != pid)
            continue;
        char how[48];
        int64_t now = clock_mono_ms();
        bool young = now - child->started_ms < QUICK_DEATH_MS;
        child->pid = 0;
        child->failures = young ? child->failures + 1 : 0;
        int64_t wait = child->failures < 2 ? 0 : (int64_t)100 << (child->failures < 8 ? child->failures : 8);
        child->retry_ms = now + (wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS);
        (void)snprintf(how, sizeof how, WIFSIGNALED(status) ? "signal %d" : "exit %d",
                       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        log_event(LOG_WARN, "child-died", "child", child->name, "how", how, NULL);
    }
}

static void reap(struct supervise *s)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        bury(s, pid, status);
}

void supervise_launch(struct supervise *s, size_t at)
{
    assert(at < s->n);
    launch(s, &s->children[at]);
}

int supervise_await(struct supervise *s, size_t at, struct err *err)
{
    assert(at < s->n);
    struct supervise_child *child = &s->children[at];
    if (!child->ready)
        return 0;
    for (int64_t deadline = clock_mono_ms() + (int64_t)child->ready_seconds * 1000;; (void)usleep(READY_POLL_US)) {
        reap(s); /* first: a dead child's address may be answered by somebody else */
        if (!child->pid)
            return err_set(err, ERR_BUSY, "%s ended while starting; see the log", child->name);
        if (child->ready(child->ready_arg))
            return 0;
        if (clock_mono_ms() > deadline)
            return err_set(err, ERR_BUSY, "%s was not ready within %d s", child->name, child->ready_seconds);
    }
}

int supervise_start(struct supervise *s, size_t at, struct err *err)
{
    supervise_launch(s, at);
    return supervise_await(s, at, err);
}

/* Starts who is due and returns the milliseconds until the next one is. */
static int64_t relaunch(struct supervise *s)
{
    int64_t now = clock_mono_ms(), next = 60 * 1000;
    for (size_t i = 0; i < s->n; i++) {
        struct supervise_child *child = &s->children[i];
        if (child->pid)
            continue;
        if (child->retry_ms <= now)
            launch(s, child);
        else if (child->retry_ms - now < next)
            next = child->retry_ms - now;
    }
    return next;
}

void supervise_run(struct supervise *s)
{
    sigset_t set;
    wait_signals(&set);
    int64_t chore_ms = clock_mono_ms() + (int64_t)s->chore_seconds * 1000;
    for (int64_t wait = relaunch(s);; wait = relaunch(s)) {
        struct timespec timeout = {.tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000};
        int got = sigtimedwait(&set, NULL, &timeout);
        if (got == SIGTERM || got == SIGINT)
            return;
        reap(s);
        if (s->chore && (got == SIGHUP || clock_mono_ms() >= chore_ms)) {
            s->chore(s->chore_arg, got == SIGHUP);
            chore_ms = clock_mono_ms() + (int64_t)s->chore_seconds * 1000;
        }
    }
}

static void stop_one(struct supervise_child *child)
{
    int status;
    int64_t deadline = clock_mono_ms() + (int64_t)child->stop_seconds * 1000;
    (void)kill(child->pid, child->stop_signal);
    while (waitpid(child->pid, &status, WNOHANG) == 0) {
        if (clock_mono_ms() > deadline) {
            log_event(LOG_WARN, "child-killed", "child", child->name, NULL);
            (void)kill(child->pid, child->stop_signal == SIGINT ? SIGQUIT : SIGKILL);
            deadline += (int64_t)child->stop_seconds * 1000;
        }
        (void)usleep(READY_POLL_US);
    }
    child->pid = 0;
}

void supervise_stop(struct supervise *s)
{
    for (size_t i = s->n; i-- > 0;)
        if (s->children[i].pid > 0)
            stop_one(&s->children[i]);
}

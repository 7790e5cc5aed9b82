/* kartei-worker: claims and runs jobs (read, match, write, undo, pull) until SIGTERM. Many may run, on many machines.
 */
#include "base/log.h"
#include "services/parse_client.h"
#include "services/settings.h"
#include "services/wiring.h"
#include "services/worker/loop.h"
#include "services/worker/watch.h"

#include <signal.h>
#include <sys/prctl.h>

static const char help[] = "Usage: kartei-worker\n"
                           "Runs jobs until SIGTERM; then lets those under way come to a good place. Settings: see\n"
                           "docs/settings.md, above all KARTEI_WORKERS, KARTEI_DATABASE_URL, KARTEI_VAR.\n";

/* Threads inherit the mask, so the signals reach sigwait() alone. */
static void prepare_process(sigset_t *ret_signals)
{
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)sigemptyset(ret_signals);
    (void)sigaddset(ret_signals, SIGTERM);
    (void)sigaddset(ret_signals, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, ret_signals, NULL);
}

static int thread_count(int *ret_n, struct err *err)
{
    int64_t n;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (settings_int("KARTEI_WORKERS", 0, 256, &n, err) < 0)
        return -1;
    *ret_n = n > 0 ? (int)n : (int)(2 * (cores > 0 ? cores : 1));
    return 0;
}

static int work(struct arena *arena, struct err *err)
{
    sigset_t signals;
    int signal_number, threads;
    struct worker *worker = NULL;
    _cleanup_(wiring_close) struct wiring wiring = {.store = NULL};
    prepare_process(&signals);
    if (thread_count(&threads, err) < 0 || wiring_open(&wiring, arena, err) < 0)
        return -1;
    wiring.flow.reader = (struct flow_reader){.self = (void *)(uintptr_t)settings_run_path(arena, "parse.sock"),
                                              .read = parse_client_read,
                                              .mail = parse_client_mail};
    if (worker_start(&wiring.flow, threads, &worker, err) < 0)
        return -1;
    struct watch *watch = watch_start(&wiring.flow);
    log_event(LOG_INFO, "working", "threads", str_printf(arena, "%d", threads).p, NULL);
    while (sigwait(&signals, &signal_number) != 0)
        continue;
    log_event(LOG_INFO, "stopping", NULL);
    watch_stop(watch);
    worker_stop(worker);
    return 0;
}

int main(int argc, char **argv)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)1 << 20);
    struct err err = {.code = ERR_NONE};
    if (argc > 1) {
        bool asked = strcmp(argv[1], "--help") == 0;
        return fputs(help, asked ? stdout : stderr) < 0 ? 1 : asked ? 0 : 2;
    }
    log_open("kartei-worker", (enum log_level)settings_log_level());
    if (work(arena, &err) < 0) {
        log_err(LOG_ERROR, "cannot work", &err, NULL);
        return 1;
    }
    log_event(LOG_INFO, "stopped", NULL);
    return 0;
}

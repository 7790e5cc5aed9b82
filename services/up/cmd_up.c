/* `kartei up`: runs an instance (instance.c), in the foreground or, with --detach, in the background; --stop ends it,
 * --reload renews its certificate and configuration, --reset deletes its data. */
#include "base/clock.h"
#include "base/log.h"
#include "services/kartei.h"
#include "services/settings.h"
#include "services/up/up.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

struct options {
    bool detach, stop, reload, reset, yes, demo, only_database;
};

static const char help[] = "kartei up            run Kartei in the foreground\n"
                           "kartei up --detach   run it in the background; returns when it answers\n"
                           "kartei up --stop     stop the running one\n"
                           "kartei up --reload   the running one reads its certificate again, without a pause\n"
                           "kartei up --reset    stop it and delete everything in var/ (asks; --yes does not)\n"
                           "kartei up --no-demo  without the demo organisation\n"
                           "kartei up --only-database  the private database alone, for restoring and repairs\n";

static int fail(const struct err *err)
{
    (void)fprintf(stderr, "kartei up: %s\n", err->param[0] ? err->param : err_title(err->code, "en"));
    if (err->detail[0])
        (void)fprintf(stderr, "  %s\n", err->detail);
    return up_status(err);
}

static bool read_options(int argc, char **argv, struct options *ret)
{
    static const char *const words[] = {"--detach", "--stop",    "--reload",       "--reset",
                                        "--yes",    "--no-demo", "--only-database"};
    bool on[ARRAY_LEN(words)] = {false};
    for (int i = 1; i < argc; i++) {
        size_t k = 0;
        while (k < ARRAY_LEN(words) && strcmp(words[k], argv[i]) != 0)
            k++;
        if (k == ARRAY_LEN(words))
            return false;
        on[k] = true;
    }
    *ret = (struct options){.detach = on[0],
                            .stop = on[1],
                            .reload = on[2],
                            .reset = on[3],
                            .yes = on[4],
                            .demo = !on[5],
                            .only_database = on[6]};
    return true;
}

/* The background half: its own session, no terminal, log file instead of stderr. */
static int become_daemon(const struct up *up, const int pipe_ends[2])
{
    (void)setsid();
    (void)close(pipe_ends[0]);
    int log = open(up_path(up, up->var, "log/kartei.log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (log < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
        dup2(log, STDERR_FILENO) < 0)
        return -1;
    return pipe_ends[1];
}

static int detach(struct up *up, const struct options *options)
{
    int ends[2];
    char text[4096];
    bool running = false;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return 1;
    pid_t pid = fork();
    if (pid == 0) {
        int report = become_daemon(up, ends);
        _exit(report < 0 ? 1 : up_serve(up, options->demo, report));
    }
    (void)close(ends[1]);
    for (ssize_t n; (n = read(ends[0], text, sizeof text)) > 0;) {
        running = running || memmem(text, (size_t)n, "runs at", 7);
        (void)fwrite(text, 1, (size_t)n, running ? stdout : stderr);
    }
    (void)close(ends[0]);
    int status = 0;
    if (running || pid < 0)
        return running ? 0 : 1;
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : 1;
}

/* --- stopping ------------------------------------------------------------------------------------------------------
 */

/* Sends the running one a signal. 0: nothing runs; -1: may not. */
static pid_t signal_running(const struct up *up, int signal_number)
{
    pid_t pid = up_running(up, NULL);
    if (pid == 0)
        (void)puts("Kartei does not run.");
    else if (kill(pid, signal_number) < 0 && errno == EPERM) {
        (void)fprintf(stderr, "kartei up: process %d belongs to another user\n", (int)pid);
        return -1;
    }
    return pid;
}

static int reload(const struct up *up)
{
    pid_t pid = signal_running(up, SIGHUP);
    if (pid > 0)
        (void)puts("Kartei reads its certificate again; the log says how that went.");
    return pid > 0 ? 0 : 1;
}

static int stop(const struct up *up)
{
    pid_t pid = signal_running(up, SIGTERM);
    if (pid <= 0)
        return pid == 0 ? 0 : 1;
    for (int64_t deadline = clock_mono_ms() + 90 * 1000; clock_mono_ms() < deadline; (void)usleep(20 * 1000))
        if (up_running(up, NULL) == 0) {
            (void)puts("Kartei has stopped.");
            return 0;
        }
    (void)fprintf(stderr, "kartei up: process %d does not stop\n", (int)pid);
    return 1;
}

static bool confirmed(const struct up *up, const struct options *options)
{
    char answer[16] = {0};
    if (options->yes)
        return true;
    (void)printf("Delete all data in %s, with its keys, for ever? Type yes: ", up->var);
    (void)fflush(stdout);
    return fgets(answer, sizeof answer, stdin) && str_eq(str_trim(str_c(answer)), STR("yes"));
}

static int reset(const struct up *up, const struct options *options)
{
    static const char *const folders[] = {"pg",  "blobs", "audit",       "erasures", "keys",
                                          "tls", "log",   "haproxy.cfg", NULL};
    struct err err;
    if (!confirmed(up, options)) {
        (void)puts("Nothing was deleted.");
        return 1;
    }
    if (stop(up) != 0)
        return 1;
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        const char *path = folders[i] ? up_path(up, up->var, folders[i]) : up->run;
        const char *argv[] = {"rm", "-rf", "--", path, NULL};
        if (up_run(up, argv, NULL, &err) < 0)
            return fail(&err);
    }
    (void)puts("All data has been deleted.");
    return 0;
}

static int already_running(const struct up *up, pid_t pid, struct str url)
{
    static const char *const programs[] = {"kartei", "kartei-api", "kartei-worker", "kartei-parse"};
    struct stat info;
    bool newer = false;
    for (size_t i = 0; i < ARRAY_LEN(programs); i++)
        newer = newer || (stat(up_path(up, up->bin, programs[i]), &info) == 0 && info.st_mtime > up_started(up));
    (void)printf("Kartei already runs at %.*s (process %d).\n%s", STR_ARG(url), (int)pid,
                 newer ? "It runs an earlier build; ./up --stop && ./up takes up the new one.\n"
                       : "Stop it with ./up --stop\n");
    return 0;
}

/* What the programs that we start shall see. People type the port that we listen on unless they say otherwise. */
static void set_environment(const struct up *up)
{
    (void)setenv("KARTEI_VAR", up->var, 1);
    (void)setenv("KARTEI_RUN", up->run, 1);
    (void)setenv("OMP_THREAD_LIMIT", "1", 1);
    (void)unsetenv("NOTIFY_SOCKET");
    const char *url = getenv("KARTEI_PUBLIC_URL");
    if (!url || !*url)
        (void)setenv("KARTEI_PUBLIC_URL", str_printf(up->arena, "https://localhost:%s", up->port).p, 1);
}

int cmd_up(int argc, char **argv)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)16 * 1024 * 1024);
    struct options options;
    struct err err = {0};
    char self[PATH_MAX] = {0};
    if (!read_options(argc, argv, &options)) {
        bool asked = argc == 2 && strcmp(argv[1], "--help") == 0;
        (void)fputs(help, asked ? stdout : stderr);
        return asked ? 0 : 2;
    }
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
        return 1;
    *strrchr(self, '/') = '\0';
    struct up up = {
        .arena = arena, .bin = self, .var = settings_get("KARTEI_VAR"), .listen = settings_get("KARTEI_LISTEN")};
    if (geteuid() == 0)
        return fail(
            (err_set(&err, ERR_INVALID, "run ./up, which leaves root's rights behind, or use another user"), &err));
    if (up_place(&up, &err) < 0)
        return fail(&err);
    up.only_database = options.only_database;
    const char *notify = getenv("NOTIFY_SOCKET");
    up.notify = notify ? str_z(arena, str_c(notify)) : NULL;
    set_environment(&up);
    log_open("kartei-up", LOG_INFO);
    if (options.reset)
        return reset(&up, &options);
    if (options.stop)
        return stop(&up);
    if (options.reload)
        return reload(&up);
    struct str url;
    pid_t pid = up_running(&up, &url);
    if (pid)
        return already_running(&up, pid, url);
    return options.detach ? detach(&up, &options) : up_serve(&up, options.demo, STDOUT_FILENO);
}

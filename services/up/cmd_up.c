/* `kartei up`: prepares var/, starts PostgreSQL, kartei-parse, kartei-api, kartei-worker and HAProxy, and keeps them
 * running. With --detach it returns once everything answers; --stop ends a running instance; --reset deletes its data.
 */
#include "base/clock.h"
#include "base/log.h"
#include "services/kartei.h"
#include "services/settings.h"
#include "services/up/supervise.h"
#include "services/up/up.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

struct options {
    bool detach, stop, reset, yes, demo;
};

static const char help[] = "kartei up            run Kartei in the foreground\n"
                           "kartei up --detach   run it in the background; returns when it answers\n"
                           "kartei up --stop     stop the running one\n"
                           "kartei up --reset    stop it and delete everything in var/ (asks; --yes does not)\n"
                           "kartei up --no-demo  without the demo organisation\n";

static int fail(const struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)64 * 1024);
    (void)fprintf(stderr, "kartei up: %s\n", err->param[0] ? err->param : err_title(err->code, "en"));
    if (err->detail[0])
        (void)fprintf(stderr, "  %s\n", err->detail);
    return err->code == ERR_CONFLICT ? 4 : 1;
}

static bool read_options(int argc, char **argv, struct options *ret)
{
    static const char *const words[] = {"--detach", "--stop", "--reset", "--yes", "--no-demo"};
    bool on[ARRAY_LEN(words)] = {false};
    for (int i = 1; i < argc; i++) {
        size_t k = 0;
        while (k < ARRAY_LEN(words) && strcmp(words[k], argv[i]) != 0)
            k++;
        if (k == ARRAY_LEN(words))
            return false;
        on[k] = true;
    }
    *ret = (struct options){.detach = on[0], .stop = on[1], .reset = on[2], .yes = on[3], .demo = !on[4]};
    return true;
}

/* --- the children, in the order they start ------------------------------------------------------------------------ */

enum { POSTGRES, PARSE, API, WORKER, HAPROXY, CHILDREN };

static struct supervise_child postgres_child(struct up *up)
{
    char *socket_dir = str_z(up->arena, str_printf(up->arena, "unix_socket_directories=%s", up->run));
    return (struct supervise_child){
        .name = "postgres",
        .argv = {"/usr/lib/postgresql/15/bin/postgres", "-D", up_path(up, up->var, "pg/data"), "-c",
                 "listen_addresses=", "-c", socket_dir, "-c", "unix_socket_permissions=0700", "-c",
                 "max_connections=60", "-c", "dynamic_shared_memory_type=mmap", "-c", "log_min_messages=warning"},
        .stop_signal = SIGINT,
        .stop_seconds = 30,
        .ready = up_socket_answers,
        .ready_arg = up_path(up, up->run, ".s.PGSQL.5432"),
        .ready_seconds = 60,
    };
}

static struct supervise_child program(struct up *up, const char *name, const char *socket, bool (*ready)(void *))
{
    return (struct supervise_child){
        .name = name,
        .argv = {up_path(up, up->bin, name)},
        .stop_signal = SIGTERM,
        .stop_seconds = 20,
        .ready = ready,
        .ready_arg = socket ? up_path(up, up->run, socket) : NULL,
        .ready_seconds = 30,
    };
}

static void list_children(struct up *up, struct supervise *s)
{
    s->run_dir = up->run;
    s->n = CHILDREN;
    s->children[POSTGRES] = postgres_child(up);
    s->children[PARSE] = program(up, "kartei-parse", "parse.sock", up_socket_answers);
    s->children[API] = program(up, "kartei-api", "api.sock", up_api_ready);
    s->children[WORKER] = program(up, "kartei-worker", NULL, NULL);
    s->children[HAPROXY] = (struct supervise_child){
        .name = "haproxy",
        .argv = {"/usr/sbin/haproxy", "-db", "-f", up_path(up, up->var, "haproxy.cfg")},
        .stop_signal = SIGTERM,
        .stop_seconds = 10,
        .ready = up_port_answers,
        .ready_arg = up,
        .ready_seconds = 20,
    };
}

/* --- starting ------------------------------------------------------------------------------------------------------
 */

static int prepare(struct up *up, int *ret_lock, struct err *err)
{
    int lock;
    if (up_lock(up, &lock, err) < 0)
        return -1;
    *ret_lock = lock;
    if (up_port_free(up, err) < 0 || up_master_key(up, err) < 0 || up_certificates(up, err) < 0 ||
        up_haproxy_config(up, err) < 0)
        return -1;
    return up_database(up, err);
}

static int migrate(const struct up *up, struct err *err)
{
    const char *argv[] = {up_path(up, up->bin, "kartei"), "migrate", NULL};
    int r;
    /* The socket answers before recovery has ended: "starting up" is no failure yet. */
    for (int64_t deadline = clock_mono_ms() + (int64_t)30 * 1000; (r = up_run(up, argv, NULL, err)) < 0;)
        if (clock_mono_ms() > deadline || usleep(100 * 1000) < 0)
            break;
    return r;
}

/* What the person sees after a start; with the demo organisation also a link that signs in once. */
static struct str welcome(const struct up *up, const struct options *options)
{
    struct strbuf text = {.arena = up->arena};
    struct str link = STR_NONE;
    struct err err;
    const char *demo[] = {up_path(up, up->bin, "kartei"), "admin", "demo", NULL};
    if (options->demo && up_run(up, demo, &link, &err) < 0)
        log_err(LOG_ERROR, "demo", &err, NULL);
    strbuf_printf(&text, "\nKartei runs at %s\n\n", settings_get("KARTEI_PUBLIC_URL"));
    if (!str_empty(link))
        strbuf_printf(&text, "Sign in once with this link (it works one time):\n  %.*s\n\n", STR_ARG(str_trim(link)));
    else
        strbuf_add_c(&text,
                     "First steps: kartei admin create-org, create-user, login-link (see kartei admin --help)\n\n");
    strbuf_printf(
        &text,
        "The certificate is self-made. To trust it on this machine:\n"
        "  sudo cp %s/tls/ca.crt /usr/local/share/ca-certificates/kartei.crt && sudo update-ca-certificates\n"
        "or import that file in the browser or phone that you use.\n\nStop: ./up --stop   Log: %s/log/kartei.log\n",
        up->var, up->var);
    return strbuf_str(&text);
}

static int start_all(struct up *up, struct supervise *s, struct err *err)
{
    for (size_t i = 0; i < s->n; i++) {
        if (supervise_start(s, i, err) < 0)
            return -1;
        if (i == POSTGRES && migrate(up, err) < 0)
            return -1;
    }
    return 0;
}

/* Runs the instance; `report` gets the welcome text, or the error, and is closed then. */
static int serve(struct up *up, const struct options *options, int report)
{
    struct supervise s = {0};
    struct err err = {0};
    _cleanup_(cleanup_close) int lock = -1;
    supervise_signals();
    list_children(up, &s);
    int r = prepare(up, &lock, &err);
    if (r == 0)
        r = start_all(up, &s, &err);
    struct str text = r == 0 ? welcome(up, options) : str_printf(up->arena, "kartei up: %s\n", err.param);
    bool told = write(report, text.p, text.n) == (ssize_t)text.n;
    if (report > STDERR_FILENO)
        (void)close(report);
    if (r == 0 && told) {
        log_event(LOG_INFO, "up", "listen", up->listen, NULL);
        supervise_run(&s);
    }
    supervise_stop(&s);
    log_event(LOG_INFO, "down", NULL);
    return r == 0 ? 0 : err.code == ERR_CONFLICT ? 4 : 1;
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
        _exit(report < 0 ? 1 : serve(up, options, report));
    }
    (void)close(ends[1]);
    for (ssize_t n; (n = read(ends[0], text, sizeof text)) > 0;) {
        running = running || memmem(text, (size_t)n, "runs at", 7);
        (void)fwrite(text, 1, (size_t)n, running ? stdout : stderr);
    }
    (void)close(ends[0]);
    return pid > 0 && running ? 0 : 1;
}

/* --- stopping ------------------------------------------------------------------------------------------------------
 */

static int stop(const struct up *up)
{
    pid_t pid = up_running(up);
    if (pid == 0) {
        (void)puts("Kartei does not run.");
        return 0;
    }
    (void)kill(pid, SIGTERM);
    for (int64_t deadline = clock_mono_ms() + 90 * 1000; clock_mono_ms() < deadline; (void)usleep(20 * 1000))
        if (up_running(up) == 0) {
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
    static const char *const folders[] = {"pg", "blobs", "keys", "tls", "log", "run", "haproxy.cfg", NULL};
    struct err err;
    if (!confirmed(up, options)) {
        (void)puts("Nothing was deleted.");
        return 1;
    }
    if (stop(up) != 0)
        return 1;
    for (size_t i = 0; folders[i]; i++) {
        const char *argv[] = {"rm", "-rf", up_path(up, up->var, folders[i]), NULL};
        if (up_run(up, argv, NULL, &err) < 0)
            return fail(&err);
    }
    (void)puts("All data has been deleted.");
    return 0;
}

static int already_running(const struct up *up, pid_t pid)
{
    (void)printf("Kartei already runs at %s (process %d).\nStop it with ./up --stop\n",
                 settings_get("KARTEI_PUBLIC_URL"), (int)pid);
    (void)up;
    return 0;
}

int cmd_up(int argc, char **argv)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)16 * 1024 * 1024);
    struct options options;
    struct err err = {0};
    char self[512] = {0};
    if (!read_options(argc, argv, &options)) {
        (void)fputs(help, stderr);
        return 2;
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
    (void)setenv("KARTEI_VAR", up.var, 1);
    (void)setenv("KARTEI_RUN", up.run, 1);
    (void)setenv("KARTEI_WEB", up_path(&up, up.bin, "../web/dist"), 0);
    (void)setenv("OMP_THREAD_LIMIT", "1", 1);
    log_open("kartei-up", LOG_INFO);
    if (options.reset)
        return reset(&up, &options);
    if (options.stop)
        return stop(&up);
    pid_t pid = up_running(&up);
    if (pid)
        return already_running(&up, pid);
    return options.detach ? detach(&up, &options) : serve(&up, &options, STDOUT_FILENO);
}

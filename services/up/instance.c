/* One running instance: the programs it consists of, the order in which they come up, what the person sees then, and
 * what is to be done while it runs. See up.h. */
#include "base/clock.h"
#include "base/log.h"
#include "services/settings.h"
#include "services/up/supervise.h"
#include "services/up/up.h"

#include <signal.h>
#include <stdio.h>

enum { CHORE_SECONDS = 6 * 3600, MIGRATE_PATIENCE_MS = 30 * 1000 };

/* They stop in reverse. With KARTEI_DATABASE_URL the database is somewhere else and the first row is left out. */
enum child { POSTGRES, PARSE, API, WORKER, HAPROXY, CHILDREN };

struct instance {
    struct up *up;
    enum child first, end; /* rows from first up to, but not with, end */
    struct supervise supervise;
};

static size_t row(const struct instance *instance, enum child child)
{
    return (size_t)child - (size_t)instance->first;
}

static struct supervise_child postgres_child(struct up *up)
{
    const char *socket_dir = str_printf(up->arena, "unix_socket_directories=%s", up->run).p;
    return (struct supervise_child){
        .name = "postgres",
        .argv = {(UP_POSTGRES "/postgres"), "-D", up_path(up, up->var, "pg/data"), "-clisten_addresses=", "-c",
                 socket_dir, "-cunix_socket_permissions=0700", "-cmax_connections=60", "-cjit=off",
                 "-cdynamic_shared_memory_type=mmap", "-clog_min_messages=warning", "-clog_checkpoints=off"},
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

/* As master and worker, so that a new certificate is taken up (SIGUSR2) without losing a connection. */
static struct supervise_child haproxy_child(struct up *up)
{
    return (struct supervise_child){
        .name = "haproxy",
        .argv = {"/usr/sbin/haproxy", "-W", "-db", "-q", "-f", up_path(up, up->var, "haproxy.cfg")},
        .stop_signal = SIGTERM,
        .stop_seconds = 10,
        .ready = up_port_answers,
        .ready_arg = up,
        .ready_seconds = 20,
    };
}

static void list_children(struct instance *instance)
{
    struct up *up = instance->up;
    const struct supervise_child all[CHILDREN] = {
        [POSTGRES] = postgres_child(up),
        [PARSE] = program(up, "kartei-parse", "parse.sock", up_socket_answers),
        [API] = program(up, "kartei-api", "api.sock", up_api_ready),
        [WORKER] = program(up, "kartei-worker", NULL, NULL),
        [HAPROXY] = haproxy_child(up),
    };
    instance->first = *settings_get("KARTEI_DATABASE_URL") ? PARSE : POSTGRES;
    instance->end = up->only_database ? PARSE : CHILDREN;
    instance->supervise.n = row(instance, instance->end);
    instance->supervise.run_dir = up->run;
    for (size_t i = 0; i < instance->supervise.n; i++)
        instance->supervise.children[i] = all[i + (size_t)instance->first];
}

static int prepare(struct up *up, int *ret_lock, struct err *err)
{
    bool changed;
    if (up_lock(up, ret_lock, err) < 0)
        return -1;
    return up_leftovers(up, err) < 0 || (!up->only_database && up_port_free(up, err) < 0) ||
                   up_master_key(up, err) < 0 || up_certificates(up, &changed, err) < 0 ||
                   up_haproxy_config(up, err) < 0
               ? -1
               : 0;
}

int up_migrate(const struct up *up, struct err *err)
{
    const char *argv[] = {up_path(up, up->bin, "kartei"), "migrate", NULL};
    int r;
    /* The socket answers before recovery has ended: "starting up" is no failure yet. */
    for (int64_t deadline = clock_mono_ms() + MIGRATE_PATIENCE_MS; (r = up_run(up, argv, NULL, err)) < 0;)
        if (clock_mono_ms() > deadline || usleep(100 * 1000) < 0)
            break;
    return r;
}

/* The reader loads its models while the database comes up; the rest needs the database. The front door comes last: who
 * does not answer when it first looks is taken for away, and people are refused until it looks again. */
static int start_all(struct instance *instance, struct err *err)
{
    struct supervise *s = &instance->supervise;
    if (instance->end > PARSE)
        supervise_launch(s, row(instance, PARSE));
    if (instance->first == POSTGRES &&
        (up_database(instance->up, err) < 0 || supervise_start(s, row(instance, POSTGRES), err) < 0))
        return -1;
    if (up_migrate(instance->up, err) < 0)
        return -1;
    if (instance->end <= PARSE)
        return 0;
    for (int child = API; child < HAPROXY; child++)
        supervise_launch(s, row(instance, (enum child)child));
    for (int child = PARSE; child < HAPROXY; child++)
        if (supervise_await(s, row(instance, (enum child)child), err) < 0)
            return -1;
    return supervise_start(s, row(instance, HAPROXY), err);
}

/* How people come to trust a certificate that we made; nothing to say about one that was given. */
static void add_trust(const struct up *up, struct strbuf *text)
{
    if (*settings_get("KARTEI_TLS_PEM"))
        return;
    strbuf_printf(text,
                  "The certificate is self-made. To trust it on this machine:\n"
                  "  sudo cp %s/tls/ca.crt /usr/local/share/ca-certificates/kartei.crt && sudo update-ca-certificates\n"
                  "or import that file in the browser or phone that you use.\n\n",
                  up->var);
}

static struct str welcome_database(const struct up *up)
{
    return str_printf(up->arena,
                      "\nOnly the database of Kartei runs at %s:\n  psql 'host=%s user=kartei_super dbname=kartei'\n\n"
                      "Stop: ./up --stop   Log: %s/log/kartei.log\n",
                      up->run, up->run, up->var);
}

/* What the person sees after a start; with the demo organisation also a link that signs in once. */
static struct str welcome(const struct up *up, bool demo)
{
    struct strbuf text = {.arena = up->arena};
    struct str link = STR_NONE;
    struct err err;
    const char *argv[] = {up_path(up, up->bin, "kartei"), "admin", "demo", NULL};
    if (demo && up_run(up, argv, &link, &err) < 0)
        log_err(LOG_ERROR, "demo", &err, NULL);
    strbuf_printf(&text, "\nKartei runs at %s\n\n", settings_get("KARTEI_PUBLIC_URL"));
    if (!str_empty(link))
        strbuf_printf(&text, "Sign in once with this link (it works one time):\n  %.*s\n\n", STR_ARG(str_trim(link)));
    else
        strbuf_printf(&text,
                      "First steps: export KARTEI_VAR=%s; %s/kartei admin --help\n"
                      "(create-org, create-user, login-link)\n\n",
                      up->var, up->bin);
    add_trust(up, &text);
    if (up->notify)
        strbuf_add_c(&text, "Stop: systemctl stop kartei   Log: journalctl -u kartei\n");
    else
        strbuf_printf(&text, "Stop: ./up --stop   Log: %s/log/kartei.log\n", up->var);
    return strbuf_str(&text);
}

/* Renews what has an end. A failure is logged and tried again at the next turn; what runs goes on running. */
static void renew(void *arg, bool asked)
{
    struct instance *instance = arg;
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)1024 * 1024);
    struct up up = *instance->up;
    struct err err = {0};
    bool changed = false;
    up.arena = arena;
    if (up_certificates(&up, &changed, &err) < 0 || up_haproxy_config(&up, &err) < 0) {
        log_err(LOG_ERROR, "renew", &err, "what", err.param, NULL);
        return;
    }
    if (instance->end <= HAPROXY)
        return;
    pid_t haproxy = instance->supervise.children[row(instance, HAPROXY)].pid;
    if ((changed || asked) && haproxy > 0 && kill(haproxy, SIGUSR2) == 0)
        log_event(LOG_INFO, "reload", "certificate", changed ? "new" : "as given", NULL);
}

static void tell(int report, struct str text)
{
    if (write(report, text.p, text.n) != (ssize_t)text.n)
        log_event(LOG_WARN, "nobody-listens", NULL); /* who started us went away; we go on */
    if (report > STDERR_FILENO)
        (void)close(report);
}

int up_serve(struct up *up, bool demo, int report)
{
    struct instance instance = {.up = up};
    struct err err = {0};
    _cleanup_(cleanup_close) int lock = -1;
    instance.supervise = (struct supervise){.chore = renew, .chore_arg = &instance, .chore_seconds = CHORE_SECONDS};
    (void)signal(SIGPIPE, SIG_IGN);
    supervise_signals();
    list_children(&instance);
    int r = prepare(up, &lock, &err);
    if (r == 0)
        r = start_all(&instance, &err);
    if (r < 0)
        log_err(LOG_ERROR, "start", &err, "what", err.param, NULL);
    tell(report, r == 0 ? up->only_database ? welcome_database(up) : welcome(up, demo)
                        : str_printf(up->arena, "kartei up: %s\n", err.param));
    if (r == 0) {
        up_notify(up, "READY=1");
        log_event(LOG_INFO, "up", "listen", up->listen, NULL);
        supervise_run(&instance.supervise);
        up_notify(up, "STOPPING=1");
    }
    supervise_stop(&instance.supervise);
    log_event(LOG_INFO, "down", NULL);
    return r == 0 ? 0 : up_status(&err);
}

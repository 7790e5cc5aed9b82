/* kartei-api: REST API, pages and event stream on a Unix socket, behind the front door. Reads settings, wires, serves
 * until SIGTERM, lets requests under way end. */
#include "api/api.h"
#include "base/log.h"
#include "flow/proof_pages.h"
#include "services/settings.h"
#include "services/wiring.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static const char help[] = "Usage: kartei-api [SOCKET]\n"
                           "Serves the API and the pages over the Unix socket (default: run/api.sock in KARTEI_VAR).\n"
                           "       kartei-api --document openapi|routes|errors|settings|table\n"
                           "Prints a document that is made from the program's tables.\n";

static void say_failure(const struct err *err, const char *route, const char *request_id)
{
    log_err(LOG_ERROR, "request failed", err, "route", route, "request", request_id, NULL);
}

static struct str settings_document(struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    strbuf_add_c(&buf,
                 "# Settings\n\nMade from `services/settings.def`; a test compares. Environment variables; an empty "
                 "one counts as not set.\n\n| variable | default | what it does |\n|---|---|---|\n");
    for (size_t i = 0; i < settings_count; i++)
        strbuf_printf(&buf, "| `%s` | `%s` | %s |\n", settings_rows[i].name, settings_rows[i].preset,
                      settings_rows[i].doc);
    return strbuf_str(&buf);
}

static int print_document(const char *name, struct arena *arena)
{
    struct str text = STR_NONE;
    if (strcmp(name, "openapi") == 0)
        text = api_openapi(KARTEI_VERSION, arena);
    else if (strcmp(name, "routes") == 0)
        text = api_routes_markdown(arena);
    else if (strcmp(name, "errors") == 0)
        text = api_errors_markdown(arena);
    else if (strcmp(name, "table") == 0)
        text = api_routes_table(arena);
    else if (strcmp(name, "settings") == 0)
        text = settings_document(arena);
    if (!text.p)
        return fputs(help, stderr) < 0 ? 1 : 2;
    return fwrite(text.p, 1, text.n, stdout) == text.n && fflush(stdout) == 0 ? 0 : 1;
}

/* What lies beside the program: the first of the places (NULL at the end) that can be read, or NULL. */
static const char *beside(const char *const *places, struct arena *arena)
{
    char program[4096];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    char *slash = n > 0 ? memrchr(program, '/', (size_t)n) : NULL;
    for (; slash && *places; places++) {
        const char *path = str_printf(arena, "%.*s/%s", (int)(slash - program), program, *places).p;
        if (access(path, R_OK) == 0)
            return path;
    }
    return NULL;
}

/* The pages: beside the program in a build tree, else where they are installed. */
static const char *web_dir(struct arena *arena)
{
    static const char *const places[] = {"../web/dist", "../share/kartei/web", NULL};
    const char *set = settings_get("KARTEI_WEB"), *found = *set ? set : beside(places, arena);
    return found ? found : "web/dist";
}

/* The bill of materials: made anew for this machine, else the one that the build made. */
static const char *sbom_file(struct arena *arena)
{
    static const char *const places[] = {"sbom.json", "../share/kartei/sbom.json", NULL};
    const char *set = settings_get("KARTEI_SBOM"), *own = settings_var_path(arena, "sbom.json");
    if (*set || access(own, R_OK) == 0)
        return *set ? set : own;
    return beside(places, arena);
}

static void wait_for_end(const sigset_t *signals)
{
    int signal_number;
    while (sigwait(signals, &signal_number) != 0)
        continue;
}

/* Threads inherit the mask, so the signals reach sigwait() alone. A peer that went away is an error code, not a signal.
 */
static void prepare_process(sigset_t *ret_signals)
{
    struct rlimit files;
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)sigemptyset(ret_signals);
    (void)sigaddset(ret_signals, SIGTERM);
    (void)sigaddset(ret_signals, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, ret_signals, NULL);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max < 16384 ? files.rlim_max : 16384;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
}

static int serve(const char *socket_path, struct arena *arena, struct err *err)
{
    sigset_t signals;
    int64_t threads;
    struct api *api = NULL;
    _cleanup_(wiring_close) struct wiring wiring = {.store = NULL};
    struct api_settings settings = {
        .socket_path = socket_path ? socket_path : settings_run_path(arena, "api.sock"),
        .public_url = settings_get("KARTEI_PUBLIC_URL"),
        .web_dir = web_dir(arena),
        .version = KARTEI_VERSION,
        .metrics_token = settings_get("KARTEI_METRICS_TOKEN"),
        .posture = {.security_contact = settings_get("KARTEI_SECURITY_CONTACT"),
                    .security_expires = settings_get("KARTEI_SECURITY_EXPIRES"),
                    .certificate_ends_file = settings_var_path(arena, "tls/ends"),
                    .listen = settings_get("KARTEI_LISTEN"),
                    .redirect_listen = settings_get("KARTEI_REDIRECT_LISTEN"),
                    .inner_listen = settings_get("KARTEI_INNER_LISTEN"),
                    .program = KARTEI_VERSION,
                    .lowered_reason = settings_get("KARTEI_LOWERED_REASON"),
                    .proof_public = settings_get("KARTEI_PROOF_PUBLIC"),
                    .sbom_file = sbom_file(arena)},
        .io_threads = 2,
        .on_failure = say_failure,
    };
    prepare_process(&signals);
    if (settings_int("KARTEI_API_THREADS", 1, 64, &threads, err) < 0 || wiring_open(&wiring, arena, err) < 0 ||
        store_instance_key(wiring.store, "api cursor", &settings.cursor_key, err) < 0)
        return -1;
    if (!flow_proof_public_valid(settings.posture.proof_public))
        return err_set(err, ERR_INVALID, "KARTEI_PROOF_PUBLIC: firewall privacy inventory changes components");
    settings.crew_threads = (int)threads;
    if (api_start(&settings, &wiring.flow, &api, err) < 0)
        return -1;
    crypto_wipe(&settings.cursor_key, sizeof settings.cursor_key);
    log_event(LOG_INFO, "serving", "socket", settings.socket_path, NULL);
    wait_for_end(&signals);
    log_event(LOG_INFO, "stopping", NULL);
    api_stop(api);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct option names[] = {
        {"document", required_argument, NULL, 'd'}, {"help", no_argument, NULL, 'h'}, {0}};
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)64 << 20);
    struct err err = {.code = ERR_NONE};
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (c == 'd')
            return print_document(optarg, arena);
        return fputs(help, c == 'h' ? stdout : stderr) < 0 ? 1 : c == 'h' ? 0 : 2;
    }
    log_open("kartei-api", (enum log_level)settings_log_level());
    if (serve(optind < argc ? argv[optind] : NULL, arena, &err) < 0) {
        log_err(LOG_ERROR, "cannot serve", &err, NULL);
        return 1;
    }
    log_event(LOG_INFO, "stopped", NULL);
    return 0;
}

/* Many who use one connection at the same moment: callers APP KEY BLOBS ALLOW ORG CONNECTION THREADS. Opens the store,
 * prints a line, waits for one on stdin, then every thread calls the CRM once; prints how often each outcome came. */
#include "base/log.h"
#include "flow/crm/crm.h"
#include "store/store.h"

#include <pthread.h>

enum { MOST = 64 };

struct caller {
    const struct flow *flow;
    struct id org, connection;
    pthread_barrier_t *start;
    const char *outcome;
};

static void *call(void *argument)
{
    struct caller *caller = argument;
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    struct crm_result result;
    struct err err = {.code = ERR_NONE};
    (void)pthread_barrier_wait(caller->start);
    if (flow_crm_open(caller->flow, &caller->org, &caller->connection, &crm, &err) == 0) {
        int r = crm.connector->test(&crm.lent, crm.arena, &result, &err);
        flow_crm_note(&crm, &result, r < 0 ? &err : NULL);
        if (r == 0)
            (void)flow_crm_judge(&result, &err);
    }
    caller->outcome = err.code == ERR_NONE ? "ok" : err_slug(err.code);
    return NULL;
}

static void count(const struct caller *callers, size_t n)
{
    const char *comma = "";
    (void)printf("{");
    for (size_t i = 0; i < n; i++) {
        size_t same = 0, before = 0;
        for (size_t k = 0; k < n; k++) {
            same += strcmp(callers[k].outcome, callers[i].outcome) == 0;
            before += k < i && strcmp(callers[k].outcome, callers[i].outcome) == 0;
        }
        if (before)
            continue;
        (void)printf("%s\"%s\":%zu", comma, callers[i].outcome, same);
        comma = ",";
    }
    (void)printf("}\n");
}

int main(int argc, char **argv)
{
    _cleanup_(store_closep) struct store *store = NULL;
    struct caller callers[MOST], one;
    pthread_t threads[MOST];
    pthread_barrier_t start;
    int64_t n;
    struct err err = {.code = ERR_NONE};
    if (argc != 8 || !id_parse(str_c(argv[5]), &one.org) || !id_parse(str_c(argv[6]), &one.connection) ||
        !str_to_int(str_c(argv[7]), 1, MOST, &n))
        return 2;
    const struct store_settings settings = {
        .conninfo = argv[1], .master_key = argv[2], .blob_dir = argv[3], .connections = 4};
    const struct crm_http_options egress = {.allow_private = argv[4]};
    log_open("callers", LOG_INFO);
    if (store_open(&settings, &store, &err) < 0) {
        log_err(LOG_ERROR, "failed", &err, NULL);
        return 1;
    }
    const struct flow flow = {.store = store, .egress = &egress, .public_url = "https://localhost:8443"};
    one.flow = &flow;
    one.start = &start;
    (void)pthread_barrier_init(&start, NULL, (unsigned)n);
    (void)printf("ready\n");
    (void)fflush(stdout);
    if (getchar() == EOF)
        return 1;
    for (int64_t i = 0; i < n; i++) {
        callers[i] = one;
        if (pthread_create(&threads[i], NULL, call, &callers[i]) != 0)
            abort();
    }
    for (int64_t i = 0; i < n; i++)
        (void)pthread_join(threads[i], NULL);
    count(callers, (size_t)n);
    return 0;
}

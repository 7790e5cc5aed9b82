/* Names to addresses with a deadline: getaddrinfo() cannot be stopped, so it runs in a thread that may outlive us. */
#include "base/clock.h"
#include "crm-connectors/egress.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>

/* Shared by the asker and the thread; the last one to leave frees it. */
struct job {
    pthread_mutex_t lock;
    pthread_cond_t done;
    int users;
    bool finished;
    int count; /* as crm_resolve_fn returns */
    struct crm_address addresses[CRM_ADDRESSES];
    char host[256];
};

static void job_leave(struct job *job)
{
    bool last = --job->users == 0;
    pthread_mutex_unlock(&job->lock);
    if (!last)
        return;
    pthread_cond_destroy(&job->done);
    pthread_mutex_destroy(&job->lock);
    free(job);
}

static int collect(const struct addrinfo *list, struct crm_address *ret)
{
    int n = 0;
    for (; list && n < CRM_ADDRESSES; list = list->ai_next) {
        if (list->ai_family == AF_INET) {
            const struct sockaddr_in *v4 = (const void *)list->ai_addr;
            ret[n].family = 4;
            memcpy(ret[n++].b, &v4->sin_addr, 4);
        } else if (list->ai_family == AF_INET6) {
            const struct sockaddr_in6 *v6 = (const void *)list->ai_addr;
            ret[n].family = 6;
            memcpy(ret[n++].b, &v6->sin6_addr, 16);
        }
    }
    return n;
}

static void *work(void *argument)
{
    struct job *job = argument;
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *list = NULL;
    int rc = getaddrinfo(job->host, NULL, &hints, &list);
    pthread_mutex_lock(&job->lock);
    bool none = rc == EAI_NONAME || rc == EAI_NODATA;
    job->count = rc == 0 ? collect(list, job->addresses) : none ? 0 : -1;
    job->finished = true;
    pthread_cond_signal(&job->done);
    job_leave(job);
    if (list)
        freeaddrinfo(list);
    return NULL;
}

static struct job *job_start(const char *host)
{
    if (strlen(host) >= sizeof((struct job *)NULL)->host)
        return NULL;
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        return NULL;
    memcpy(job->host, host, strlen(host) + 1);
    job->users = 2;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&job->lock, NULL);
    pthread_cond_init(&job->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    int rc = pthread_create(&thread, &detached, work, job);
    pthread_attr_destroy(&detached);
    if (rc == 0)
        return job;
    free(job);
    return NULL;
}

int crm_egress_resolve(void *self _unused_, const char *host, int timeout_ms, struct crm_address ret[CRM_ADDRESSES])
{
    struct job *job = job_start(host);
    if (!job)
        return -1;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&job->lock);
    int rc = 0;
    while (!job->finished && rc == 0)
        rc = pthread_cond_timedwait(&job->done, &job->lock, &until);
    int count = job->finished ? job->count : -1;
    if (count > 0)
        memcpy(ret, job->addresses, sizeof job->addresses);
    job_leave(job);
    return count;
}

static void add_address(struct strbuf *list, const struct crm_address *address, bool first)
{
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(address->family == 4 ? AF_INET : AF_INET6, address->b, text, sizeof text);
    strbuf_printf(list, address->family == 4 ? "%s%s" : "%s[%s]", first ? "" : ",", text);
}

int crm_egress_pin(const struct crm_names *names, const struct crm_target *target, struct arena *arena,
                   struct str *ret_pin, struct err *err)
{
    *ret_pin = STR_NONE;
    if (target->literal)
        return 0;
    struct crm_address addresses[CRM_ADDRESSES];
    int n = names->resolve(names->self, str_z(arena, target->host), names->timeout_ms, addresses);
    if (n < 0) {
        err_set(err, ERR_CRM_DOWN, "the name cannot be looked up");
        return err_detail(err, "resolver failed");
    }
    struct strbuf list = {.arena = arena};
    strbuf_printf(&list, "%.*s:%u:", STR_ARG(target->host), (unsigned)target->port);
    for (int i = 0; i < n; i++) {
        if (!target->allowed && !crm_egress_public(&addresses[i]))
            n = 0;
        else
            add_address(&list, &addresses[i], i == 0);
    }
    /* A name that is not there and a name of our own network sound the same. */
    if (n == 0)
        return err_set(err, ERR_HOST_REFUSED, "it leads to no public address");
    *ret_pin = strbuf_str(&list);
    return 0;
}

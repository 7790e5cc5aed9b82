/* See metrics.h. Labels are routes, statuses and states: never an organisation, a user or anything from data. */
#include "api/metrics.h"

#include "api/server.h"
#include "api/stream.h"
#include "flow/jobs.h"

#include <stdatomic.h>

enum { STATUSES = 600 - 200, BUCKETS = 10 };
static const double bounds[BUCKETS] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10};

struct row {
    atomic_ullong status[STATUSES];
    atomic_ullong bucket[BUCKETS + 1];
    atomic_ullong micros;
};

struct api_metrics {
    size_t n;
    struct row rows[]; /* by route; the last one: no route */
};

struct api_metrics *api_metrics_new(void)
{
    size_t n = api_route_count + 1;
    struct api_metrics *metrics = calloc(1, sizeof *metrics + n * sizeof metrics->rows[0]);
    if (!metrics)
        abort();
    metrics->n = n;
    return metrics;
}

void api_metrics_free(struct api_metrics *metrics)
{
    free(metrics);
}

void api_metrics_count(struct api_metrics *metrics, const struct api_route *route, int status, int64_t micros)
{
    struct row *row = &metrics->rows[route ? (size_t)(route - api_routes) : metrics->n - 1];
    int bucket = 0;
    if (status < 200 || status >= 600)
        return;
    while (bucket < BUCKETS && (double)micros > bounds[bucket] * 1e6)
        bucket++;
    atomic_fetch_add(&row->status[status - 200], 1);
    atomic_fetch_add(&row->bucket[bucket], 1);
    atomic_fetch_add(&row->micros, (unsigned long long)micros);
}

static void label(struct strbuf *buf, size_t i)
{
    if (i == api_route_count)
        strbuf_add_c(buf, "method=\"\",route=\"\"");
    else
        strbuf_printf(buf, "method=\"%s\",route=\"%s\"", api_method_words[api_routes[i].method], api_routes[i].path);
}

static void requests(struct strbuf *buf, const struct api_metrics *metrics)
{
    strbuf_add_c(buf, "# HELP kartei_http_requests_total Requests answered.\n"
                      "# TYPE kartei_http_requests_total counter\n");
    for (size_t i = 0; i < metrics->n; i++)
        for (int s = 0; s < STATUSES; s++) {
            unsigned long long n = atomic_load(&metrics->rows[i].status[s]);
            if (!n)
                continue;
            strbuf_add_c(buf, "kartei_http_requests_total{");
            label(buf, i);
            strbuf_printf(buf, ",status=\"%d\"} %llu\n", s + 200, n);
        }
}

static void duration(struct strbuf *buf, const struct row *row, size_t i)
{
    unsigned long long n = 0;
    for (int b = 0; b <= BUCKETS; b++) {
        n += atomic_load(&row->bucket[b]);
        strbuf_add_c(buf, "kartei_http_request_duration_seconds_bucket{");
        label(buf, i);
        if (b < BUCKETS)
            strbuf_printf(buf, ",le=\"%g\"} %llu\n", bounds[b], n);
        else
            strbuf_printf(buf, ",le=\"+Inf\"} %llu\n", n);
    }
    strbuf_add_c(buf, "kartei_http_request_duration_seconds_sum{");
    label(buf, i);
    strbuf_printf(buf, "} %.6f\nkartei_http_request_duration_seconds_count{", (double)atomic_load(&row->micros) / 1e6);
    label(buf, i);
    strbuf_printf(buf, "} %llu\n", n);
}

static void durations(struct strbuf *buf, const struct api_metrics *metrics)
{
    strbuf_add_c(buf, "# HELP kartei_http_request_duration_seconds From the complete head to the last byte.\n"
                      "# TYPE kartei_http_request_duration_seconds histogram\n");
    for (size_t i = 0; i < metrics->n; i++) {
        bool used = false;
        for (int b = 0; b <= BUCKETS; b++)
            used = used || atomic_load(&metrics->rows[i].bucket[b]) > 0;
        if (used)
            duration(buf, &metrics->rows[i], i);
    }
}

static void jobs(struct strbuf *buf, const struct api *api, struct arena *arena)
{
    struct json_list counts = {NULL, 0};
    struct err err;
    if (flow_job_counts(api->flow, arena, &counts, &err) < 0)
        return;
    const struct flow_job_count *count = counts.items;
    strbuf_add_c(buf, "# HELP kartei_jobs Jobs by kind and state.\n# TYPE kartei_jobs gauge\n");
    for (size_t i = 0; i < counts.n; i++)
        strbuf_printf(buf, "kartei_jobs{kind=\"%.*s\",state=\"%.*s\"} %lld\n", STR_ARG(count[i].kind),
                      STR_ARG(count[i].state), (long long)count[i].n);
    strbuf_add_c(buf, "# HELP kartei_jobs_oldest_seconds Age of the oldest job that is due.\n"
                      "# TYPE kartei_jobs_oldest_seconds gauge\n");
    for (size_t i = 0; i < counts.n; i++)
        strbuf_printf(buf, "kartei_jobs_oldest_seconds{kind=\"%.*s\",state=\"%.*s\"} %.3f\n", STR_ARG(count[i].kind),
                      STR_ARG(count[i].state), (double)count[i].oldest_ms / 1000);
}

struct str api_metrics_text(const struct api *api, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    struct api_server_counts counts = api_server_counts(api->server);
    strbuf_printf(&buf,
                  "# HELP kartei_build_info The program.\n# TYPE kartei_build_info gauge\n"
                  "kartei_build_info{version=\"%s\"} 1\n"
                  "# HELP kartei_http_connections Requests between head and last byte.\n"
                  "# TYPE kartei_http_connections gauge\nkartei_http_connections %d\n"
                  "# HELP kartei_http_queue Requests that wait for a thread.\n"
                  "# TYPE kartei_http_queue gauge\nkartei_http_queue %zu\n"
                  "# HELP kartei_event_streams Open event streams.\n"
                  "# TYPE kartei_event_streams gauge\nkartei_event_streams %d\n",
                  api->settings.version, counts.connections, counts.queued, api_stream_count(api->stream));
    requests(&buf, api->metrics);
    durations(&buf, api->metrics);
    jobs(&buf, api, arena);
    return strbuf_str(&buf);
}

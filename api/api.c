/* The walk of a request: route, who asks, conditions, body, key, handler, answer. See api.h. */
#include "api/api.h"

#include "api/auth.h"
#include "api/demand.h"
#include "api/metrics.h"
#include "api/problem.h"
#include "api/resources/pages.h"
#include "api/server.h"
#include "api/stream.h"
#include "api/upload.h"
#include "base/clock.h"
#include "base/limits.h"
#include "flow/audit/audit.h"

static void fail(struct api *api, struct api_request *request, const struct err *err)
{
    if (api_problem_status(err->code) >= 500 && api->settings.on_failure)
        api->settings.on_failure(err, request->route ? request->route->path : "", request->id);
    api_problem_answer(request, err);
    if (api_page_wanted(request))
        api_page_problem(api, request, err);
}

/* 412 carries the present version, so that a client can look again without guessing. */
static void add_present_version(struct api *api, struct api_request *request)
{
    const struct api_route *get = NULL;
    struct str ids[API_IDS];
    struct err none;
    if (!(request->route->flags & API_MATCH) || api_route_find(API_GET, request->path, ids, &get, &none) < 0)
        return;
    struct api_request probe = *request;
    probe.route = get;
    probe.answer = (struct api_answer){.pull.size = -1};
    if (get->handler(api, &probe, &none) < 0)
        return;
    for (size_t i = 0; i < probe.answer.n; i++)
        if (str_eq(probe.answer.fields[i].name, STR("ETag")))
            api_answer_field(&request->answer, "ETag", probe.answer.fields[i].value);
}

/* What every answer carries, unless the handler has said otherwise. */
static void add_common(struct api_request *request)
{
    struct api_answer *answer = &request->answer;
    for (size_t i = 0; i < api_common_count; i++) {
        bool there = false;
        for (size_t k = 0; k < answer->n; k++)
            there = there || str_eq(answer->fields[k].name, str_c(api_common_fields[i][0]));
        if (!there)
            api_answer_field(answer, api_common_fields[i][0], str_c(api_common_fields[i][1]));
    }
    api_answer_field(answer, "X-Request-Id", str_c(request->id));
}

/* Nothing is shown to anybody before the audit trail has it. */
static int note_reads(struct api *api, struct api_request *request, struct err *err)
{
    struct api_pull *from = &request->answer.pull;
    if (!request->who.actor.reads || flow_audit_reads(api->flow, &request->who.actor, request->route->name, err) == 0)
        return 0;
    if (from->close)
        from->close(from->self);
    request->answer = (struct api_answer){.pull = {.size = -1}};
    return -1;
}

/* The last step of every way through. */
static void settle(struct api *api, struct api_request *request, int r, struct err *err)
{
    if (r == 0 && request->answer.status == 0)
        return; /* it waits, or it wants the body */
    if (r == 0)
        r = note_reads(api, request, err);
    if (r < 0)
        fail(api, request, err);
    if (r < 0 && err->code == ERR_STALE)
        add_present_version(api, request);
    add_common(request);
}

static int run(struct api *api, struct api_request *request, struct err *err)
{
    bool done = false;
    if (api_demand_input(request, err) < 0 || api_demand_key(api, request, &done, err) < 0)
        return -1;
    if (done)
        return 0;
    int r = request->route->handler(api, request, err);
    api_demand_settle(api, request, r);
    return r;
}

static int look_at_head(struct api *api, struct api_request *request, struct err *err)
{
    if (api_route_find(request->head.method, request->path, request->ids, &request->route, err) < 0 ||
        api_auth(api, request, err) < 0 || api_demand_head(request, err) < 0)
        return -1;
    if ((request->route->flags & API_UPLOAD) && api_upload_begin(api, request, err) < 0)
        return -1;
    return request->head.length == 0 ? run(api, request, err) : 0;
}

/* A client that is still sending may never read an answer that comes before it has finished; so a refused body is
 * swallowed first when it is small, or when we know who sends it. */
static bool swallows(const struct api_request *request)
{
    bool known = !id_none(&request->who.actor.user);
    return request->head.length != 0 && !request->head.expects_100 &&
           request->head.length <= (known ? 2 * LIMIT_UPLOAD_BYTES : 64 * 1024);
}

static void on_head(void *self, struct api_request *request)
{
    struct err err;
    int r = look_at_head(self, request, &err);
    if (r < 0 && swallows(request))
        request->body_err = err;
    else
        settle(self, request, r, &err);
}

/* What is no longer wanted is swallowed up to a bound, so that the client can finish and read why. */
static size_t on_body(void *self, struct api_request *request, struct str bytes)
{
    size_t taken = bytes.n;
    (void)self;
    if (request->body_err.code != ERR_NONE) {
        request->swallowed += bytes.n;
        return request->swallowed > 2 * LIMIT_UPLOAD_BYTES ? API_SERVER_HANG_UP : bytes.n;
    }
    if (request->upload) {
        if (api_upload_take(request, bytes, &taken, &request->body_err) < 0)
            return bytes.n;
        return taken;
    }
    if (request->body.n + bytes.n > LIMIT_JSON_BYTES)
        (void)err_set(&request->body_err, ERR_TOO_LARGE, "%d KB", LIMIT_JSON_BYTES / 1024);
    else
        strbuf_add(&request->body, bytes);
    return bytes.n;
}

static void on_step(void *self, struct api_request *request)
{
    if (request->upload && request->body_err.code == ERR_NONE)
        (void)api_upload_step(self, request, &request->body_err);
}

static void on_whole(void *self, struct api_request *request)
{
    struct err err = request->body_err;
    int r = err.code == ERR_NONE ? 0 : -1;
    if (r == 0 && request->again)
        r = request->again(self, request, &err);
    else if (r == 0)
        r = run(self, request, &err);
    settle(self, request, r, &err);
}

static void on_done(void *self, struct api_request *request)
{
    struct api *api = self;
    api_upload_end(request);
    api_metrics_count(api->metrics, request->route, request->answer.status,
                      clock_mono_ms() * 1000 - request->started_us);
}

static void on_tick(void *self)
{
    api_stream_tick(((struct api *)self)->stream);
}

static void on_hush(void *self)
{
    api_stream_hush(((struct api *)self)->stream);
}

static struct str on_refuse(void *self, const struct err *err, struct arena *arena)
{
    struct api *api = self;
    api_metrics_count(api->metrics, NULL, api_problem_status(err->code), 0);
    return api_problem_wire(err, arena);
}

void api_stop(struct api *api)
{
    if (!api)
        return;
    if (api->server)
        api_server_stop(api->server, on_hush);
    api_stream_stop(api->stream);
    api_metrics_free(api->metrics);
    crypto_wipe(&api->settings.cursor_key, sizeof api->settings.cursor_key);
    arena_free(api->arena);
    free(api);
}

int api_start(const struct api_settings *settings, const struct flow *flow, struct api **ret_api, struct err *err)
{
    struct api *api = calloc(1, sizeof *api);
    if (!api)
        abort();
    *api = (struct api){.settings = *settings, .flow = flow, .arena = arena_new(64 << 20)};
    api->metrics = api_metrics_new();
    api->openapi = api_openapi(settings->version, api->arena);
    struct api_server_settings server = {settings->socket_path, settings->io_threads, settings->crew_threads};
    struct api_server_hooks hooks = {api, on_head, on_body, on_step, on_whole, on_done, on_tick, on_refuse};
    if (api_auth_check_routes(api, err) < 0 || api_assets_load(api, err) < 0 ||
        api_stream_start(flow, &api->stream, err) < 0 || api_server_start(&server, &hooks, &api->server, err) < 0) {
        api_stop(api);
        return -1;
    }
    *ret_api = api;
    return 0;
}

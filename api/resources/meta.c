/* What the service says about itself: health, figures, problem types, its own description. */
#include "api/metrics.h"
#include "api/page.h"
#include "api/problem.h"
#include "api/shapes.h"
#include "flow/jobs.h"

static void give_health(const struct api *api, struct api_request *request)
{
    struct api_health health = {STR("ok"), str_c(api->settings.version)};
    api_give(request, &(struct api_result){&api_health_shape, &health, STR_NONE, 0});
}

int api_health(struct api *api, struct api_request *request, struct err *err)
{
    (void)err;
    give_health(api, request);
    return 0;
}

int api_ready(struct api *api, struct api_request *request, struct err *err)
{
    if (flow_ready(api->flow, err) < 0)
        return -1;
    give_health(api, request);
    return 0;
}

int api_error_list(struct api *api, struct api_request *request, struct err *err)
{
    struct api_error_row *rows = arena_array(request->arena, ERR_COUNT, sizeof *rows);
    (void)err;
    for (int code = 1; code < ERR_COUNT; code++) {
        struct err blank = {.code = (enum err_code)code, .param = "…"};
        const char *slug = err_slug(blank.code);
        rows[code - 1] = (struct api_error_row){
            str_c(slug), str_printf(request->arena, "/problems/%s", slug), api_problem_status(blank.code),
            str_c(err_title(blank.code, request->language)), err_sentence(&blank, request->language, request->arena)};
    }
    api_page_give(api, request, &api_error_row_shape, &(struct flow_list){{rows, ERR_COUNT - 1}, STR_NONE});
    api_answer_field(&request->answer, "Vary", STR("Accept-Language"));
    return 0;
}

/* For a scraper with the token; the header is compared in constant time. */
int api_metrics(struct api *api, struct api_request *request, struct err *err)
{
    struct str given = api_request_field(request, "authorization");
    const char *token = api->settings.metrics_token;
    bool scraper = token && token[0] && str_starts(given, STR("Bearer ")) &&
                   crypto_equal(str_slice(given, 7, given.n), str_c(token));
    struct err ignored;
    if (!scraper && flow_may(api->flow, &request->who.actor, "metrics", "read", &ignored) < 0)
        return err_set(err, ERR_UNAUTHENTICATED, "%s", "");
    api_answer_set(&request->answer, 200, "text/plain; version=0.0.4; charset=utf-8",
                   api_metrics_text(api, request->arena));
    return 0;
}

int api_openapi_json(struct api *api, struct api_request *request, struct err *err)
{
    static const char *const types[] = {"application/vnd.oai.openapi+json;version=3.1", "application/json"};
    static const char *const accepted[] = {"application/vnd.oai.openapi+json", "application/json"};
    int type = api_accept(api_request_field(request, "accept"), accepted, 2);
    if (type < 0)
        return err_set(err, ERR_NOT_ACCEPTABLE, "%s", "application/json");
    api_answer_set(&request->answer, 200, types[type], api->openapi);
    return 0;
}

int api_openapi_yaml(struct api *api, struct api_request *request, struct err *err)
{
    (void)err;
    api_answer_set(&request->answer, 200, "application/yaml", api->openapi);
    return 0;
}

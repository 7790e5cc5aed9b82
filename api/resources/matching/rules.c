/* /v1/rules and /v1/lessons: versions of the matching rules, what they would change, what they say about a pair. */
#include "flow/rules/rules.h"
#include "api/page.h"
#include "flow/jobs.h"

static void give(struct api_request *request, const struct flow_rules *rules)
{
    struct str location = request->route->flags & API_CREATED
                              ? str_printf(request->arena, "/v1/rules/%.*s", STR_ARG(rules->id))
                              : STR_NONE;
    api_give(request, &(struct api_result){&flow_rules_shape, rules, location, rules->version});
}

int api_rules_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_rules_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_rules_shape, &list);
    return 0;
}

int api_rules_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_rules rules;
    if (flow_rules_create(api->flow, &request->who.actor, request->input, request->arena, &rules, err) < 0)
        return -1;
    give(request, &rules);
    return 0;
}

int api_rules_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_rules rules;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_rules_get(api->flow, &request->who.actor, id, request->arena, &rules, err) < 0)
        return -1;
    give(request, &rules);
    return 0;
}

int api_rules_change(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_rules_input *input = request->input;
    struct flow_rules_patch patch = {.version = request->version, .input = *input};
    struct flow_rules rules;
    if (api_path_id(request, 0, &patch.rules, err) < 0 ||
        flow_rules_patch(api->flow, &request->who.actor, &patch, request->arena, &rules, err) < 0)
        return -1;
    give(request, &rules);
    return 0;
}

int api_rules_simulate(struct api *api, struct api_request *request, struct err *err)
{
    struct id id, job;
    if (api_path_id(request, 0, &id, err) < 0 || flow_rules_simulate(api->flow, &request->who.actor, id, &job, err) < 0)
        return -1;
    return api_give_job(api, request, job, err);
}

int api_rules_activate(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_rules_at at = {.version = request->version};
    struct flow_rules rules;
    if (api_path_id(request, 0, &at.rules, err) < 0 ||
        flow_rules_activate(api->flow, &request->who.actor, &at, request->arena, &rules, err) < 0)
        return -1;
    give(request, &rules);
    return 0;
}

int api_rules_test(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_rules_question question = {.pair = request->input};
    struct flow_pair_verdict verdict;
    if (api_path_id(request, 0, &question.rules, err) < 0 ||
        flow_rules_test(api->flow, &request->who.actor, &question, request->arena, &verdict, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_pair_verdict_shape, &verdict, STR_NONE, 0});
    return 0;
}

int api_lesson_create(struct api *api, struct api_request *request, struct err *err)
{
    struct id job;
    if (flow_rules_learn(api->flow, &request->who.actor, &job, err) < 0)
        return -1;
    return api_give_job(api, request, job, err);
}

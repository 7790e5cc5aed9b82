/* /v1/fairs: where cards are collected, and what a capture there brings along. */
#include "flow/fairs.h"
#include "api/page.h"

static void give(struct api_request *request, const struct flow_fair *fair)
{
    struct str location = request->route->flags & API_CREATED
                              ? str_printf(request->arena, "/v1/fairs/%.*s", STR_ARG(fair->id))
                              : STR_NONE;
    api_give(request, &(struct api_result){&flow_fair_shape, fair, location, fair->version});
}

int api_fair_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_fair_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_fair_shape, &list);
    return 0;
}

int api_fair_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_fair fair;
    if (flow_fair_create(api->flow, &request->who.actor, request->input, request->arena, &fair, err) < 0)
        return -1;
    give(request, &fair);
    return 0;
}

int api_fair_change(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_fair_input *input = request->input;
    struct flow_fair_patch patch = {.version = request->version, .input = *input};
    struct flow_fair fair;
    if (api_path_id(request, 0, &patch.fair, err) < 0 ||
        flow_fair_change(api->flow, &request->who.actor, &patch, request->arena, &fair, err) < 0)
        return -1;
    give(request, &fair);
    return 0;
}

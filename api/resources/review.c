/* The merge view and the dry run of a choice. */
#include "api/state.h"
#include "flow/preview.h"

int api_review_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_review_query query = {.create = false};
    struct flow_review review;
    if (api_path_id(request, 0, &query.contact, err) < 0 ||
        api_param_id(request, "connection", &query.connection, err) < 0 ||
        api_param_id(request, "record", &query.record, err) < 0 ||
        api_param_bool(request, "create", &query.create, err) < 0 ||
        flow_review(api->flow, &request->who.actor, &query, request->arena, &review, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_review_shape, &review, STR_NONE, 0});
    return 0;
}

int api_preview_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_preview preview;
    if (flow_preview(api->flow, &request->who.actor, request->input, request->arena, &preview, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_preview_shape, &preview, STR_NONE, 0});
    return 0;
}

/* /v1/batches: obvious matches that are written together. */
#include "api/page.h"
#include "flow/batch/batch.h"

static void give(struct api_request *request, const struct flow_batch *batch)
{
    struct str location = request->route->flags & API_CREATED
                              ? str_printf(request->arena, "/v1/batches/%.*s", STR_ARG(batch->id))
                              : STR_NONE;
    api_give(request, &(struct api_result){&flow_batch_shape, batch, location, batch->version});
}

int api_batch_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_page page;
    struct flow_list list;
    if (api_page_read(api, request, &page, err) < 0 ||
        flow_batch_list(api->flow, &request->who.actor, &page, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_batch_shape, &list);
    return 0;
}

int api_batch_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_batch batch;
    if (flow_batch_create(api->flow, &request->who.actor, request->input, request->arena, &batch, err) < 0)
        return -1;
    give(request, &batch);
    return 0;
}

int api_batch_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_batch batch;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_batch_get(api->flow, &request->who.actor, id, request->arena, &batch, err) < 0)
        return -1;
    give(request, &batch);
    return 0;
}

int api_batch_items(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_batch_query query = {.state = api_request_param(request, "state")};
    struct flow_list list;
    if (api_page_read(api, request, &query.page, err) < 0 || api_path_id(request, 0, &query.batch, err) < 0 ||
        api_param_bool(request, "sampled", &query.sampled, err) < 0 ||
        flow_batch_items(api->flow, &request->who.actor, &query, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_batch_item_shape, &list);
    return 0;
}

int api_batch_judge(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_batch_judge judge = {.judgement = *(const struct flow_batch_judgement *)request->input};
    struct flow_batch batch;
    if (api_path_id(request, 0, &judge.batch, err) < 0 ||
        flow_batch_judge(api->flow, &request->who.actor, &judge, request->arena, &batch, err) < 0)
        return -1;
    give(request, &batch);
    return 0;
}

int api_batch_turn(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_batch_turn turn = {.version = request->version,
                                   .state = ((const struct flow_batch_wish *)request->input)->state};
    struct flow_batch batch;
    if (api_path_id(request, 0, &turn.batch, err) < 0 ||
        flow_batch_turn(api->flow, &request->who.actor, &turn, request->arena, &batch, err) < 0)
        return -1;
    give(request, &batch);
    return 0;
}

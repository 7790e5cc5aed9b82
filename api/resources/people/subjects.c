/* /v1/subject-requests: what people ask about their own data. */
#include "api/page.h"
#include "flow/subject_answer.h"

int api_subject_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_page page;
    struct flow_list list;
    if (api_page_read(api, request, &page, err) < 0 ||
        flow_subject_list(api->flow, &request->who.actor, &page, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_subject_request_shape, &list);
    return 0;
}

int api_subject_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_subject_request made;
    if (flow_subject_create(api->flow, &request->who.actor, request->input, request->arena, &made, err) < 0)
        return -1;
    struct str location = str_printf(request->arena, "/v1/subject-requests/%.*s", STR_ARG(made.id));
    api_give(request, &(struct api_result){&flow_subject_request_shape, &made, location, 0});
    return 0;
}

int api_subject_get(struct api *api, struct api_request *request, struct err *err)
{
    struct id id;
    struct flow_subject_request one;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_subject_get(api->flow, &request->who.actor, id, request->arena, &one, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_subject_request_shape, &one, STR_NONE, 0});
    return 0;
}

int api_subject_find(struct api *api, struct api_request *request, struct err *err)
{
    struct id id;
    struct flow_subject_finds finds;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_subject_find(api->flow, &request->who.actor, id, request->arena, &finds, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_subject_finds_shape, &finds, STR_NONE, 0});
    return 0;
}

int api_subject_answer(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_subject_act act = {.choice = request->input};
    struct flow_subject_answer answer;
    if (api_path_id(request, 0, &act.request, err) < 0 ||
        flow_subject_answer(api->flow, &request->who.actor, &act, request->arena, &answer, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_subject_answer_shape, &answer, STR_NONE, 0});
    return 0;
}

int api_subject_preview(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_subject_act act = {.choice = request->input};
    struct flow_subject_preview preview;
    if (api_path_id(request, 0, &act.request, err) < 0 ||
        flow_subject_preview(api->flow, &request->who.actor, &act, request->arena, &preview, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_subject_preview_shape, &preview, STR_NONE, 0});
    return 0;
}

int api_subject_erase(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_subject_act act = {.choice = request->input};
    struct flow_subject_request done;
    if (api_path_id(request, 0, &act.request, err) < 0 ||
        flow_subject_erase(api->flow, &request->who.actor, &act, request->arena, &done, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_subject_request_shape, &done, STR_NONE, 0});
    return 0;
}

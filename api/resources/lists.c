/* /v1/lists: folders of contacts and who may see them. */
#include "api/page.h"
#include "flow/people.h"

static void give(struct api_request *request, const struct flow_folder *folder)
{
    struct str location = request->route->flags & API_CREATED
                              ? str_printf(request->arena, "/v1/lists/%.*s", STR_ARG(folder->id))
                              : STR_NONE;
    api_give(request, &(struct api_result){&flow_folder_shape, folder, location, folder->version});
}

int api_list_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_folder_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_folder_shape, &list);
    return 0;
}

int api_list_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_folder folder;
    if (flow_folder_create(api->flow, &request->who.actor, request->input, request->arena, &folder, err) < 0)
        return -1;
    give(request, &folder);
    return 0;
}

int api_list_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_folder folder;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_folder_get(api->flow, &request->who.actor, id, request->arena, &folder, err) < 0)
        return -1;
    give(request, &folder);
    return 0;
}

int api_list_change(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_folder_input *input = request->input;
    struct flow_folder_patch patch = {.version = request->version, .input = *input};
    struct str members = STR_NONE;
    struct flow_folder folder;
    /* Left out: the members stay; an empty list: nobody any more. Only the text still knows which. */
    if (api_path_id(request, 0, &patch.list, err) < 0 ||
        json_member(strbuf_str(&request->body), "members", request->arena, &members, err) < 0)
        return -1;
    patch.members = members.p != NULL;
    if (flow_folder_patch(api->flow, &request->who.actor, &patch, request->arena, &folder, err) < 0)
        return -1;
    give(request, &folder);
    return 0;
}

int api_list_delete(struct api *api, struct api_request *request, struct err *err)
{
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_folder_delete(api->flow, &request->who.actor, id, request->version, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

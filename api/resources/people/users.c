/* /v1/users, /v1/roles: the people of the organisation and what they may do, for administrators; /v1/colleagues for
 * all.
 */
#include "api/page.h"
#include "flow/people.h"

int api_user_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_user_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_user_shape, &list);
    return 0;
}

int api_user_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_user user;
    if (flow_user_create(api->flow, &request->who.actor, request->input, request->arena, &user, err) < 0)
        return -1;
    struct str location = str_printf(request->arena, "/v1/users/%.*s", STR_ARG(user.id));
    api_give(request, &(struct api_result){&flow_user_shape, &user, location, user.version});
    return 0;
}

int api_user_change(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_user_change *change = request->input;
    struct flow_user_patch patch = {.version = request->version, .change = *change};
    struct flow_user user;
    if (api_path_id(request, 0, &patch.user, err) < 0 ||
        flow_user_patch(api->flow, &request->who.actor, &patch, request->arena, &user, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_user_shape, &user, STR_NONE, user.version});
    return 0;
}

int api_role_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_right_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_right_shape, &list);
    return 0;
}

int api_colleague_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_colleague_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_colleague_shape, &list);
    return 0;
}

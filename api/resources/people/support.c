/* /v1/support-grants: whom of support an administrator has let in. */
#include "flow/support.h"
#include "api/page.h"

int api_support_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_support_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_support_grant_shape, &list);
    return 0;
}

int api_support_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_support_grant grant;
    if (flow_support_create(api->flow, &request->who.actor, request->input, request->arena, &grant, err) < 0)
        return -1;
    struct str location = str_printf(request->arena, "/v1/support-grants/%.*s", STR_ARG(grant.id));
    api_give(request, &(struct api_result){&flow_support_grant_shape, &grant, location, 0});
    return 0;
}

int api_support_revoke(struct api *api, struct api_request *request, struct err *err)
{
    struct id grant;
    if (api_path_id(request, 0, &grant, err) < 0 || flow_support_revoke(api->flow, &request->who.actor, grant, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

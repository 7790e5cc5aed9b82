/* /v1/identity-providers: whom the organisation trusts to say who somebody is. */
#include "api/page.h"
#include "flow/oidc.h"

static void give(struct api_request *request, const struct flow_provider *provider)
{
    struct str location = request->route->flags & API_CREATED
                              ? str_printf(request->arena, "/v1/identity-providers/%.*s", STR_ARG(provider->id))
                              : STR_NONE;
    api_give(request, &(struct api_result){&flow_provider_shape, provider, location, provider->version});
}

int api_provider_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_provider_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_provider_shape, &list);
    return 0;
}

int api_provider_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_provider provider;
    if (flow_provider_create(api->flow, &request->who.actor, request->input, request->arena, &provider, err) < 0)
        return -1;
    give(request, &provider);
    return 0;
}

int api_provider_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_provider provider;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_provider_get(api->flow, &request->who.actor, id, request->arena, &provider, err) < 0)
        return -1;
    give(request, &provider);
    return 0;
}

int api_provider_change(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_provider_input *input = request->input;
    struct flow_provider_change change = {.version = request->version, .input = *input};
    struct flow_provider provider;
    if (api_path_id(request, 0, &change.provider, err) < 0 ||
        flow_provider_patch(api->flow, &request->who.actor, &change, request->arena, &provider, err) < 0)
        return -1;
    give(request, &provider);
    return 0;
}

int api_provider_delete(struct api *api, struct api_request *request, struct err *err)
{
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_provider_delete(api->flow, &request->who.actor, id, request->version, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

int api_provider_test(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_provider_test test;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_provider_try(api->flow, &request->who.actor, id, request->arena, &test, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_provider_test_shape, &test, STR_NONE, 0});
    return 0;
}

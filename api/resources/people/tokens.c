/* /v1/tokens: what programs may do in one's name; /v1/scopes: how much of it. */
#include "api/bearer.h"
#include "api/page.h"
#include "flow/token.h"

int api_scope_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list = {api_bearer_scopes(api, &request->who.actor, request->arena), STR_NONE};
    (void)err;
    api_page_give(api, request, &api_scope_shape, &list);
    return 0;
}

int api_token_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_token_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_token_shape, &list);
    return 0;
}

/* Only scopes that there are, and that are good for something in this role. */
static int check_scopes(const struct api *api, const struct api_request *request, const struct flow_token_new *input,
                        struct err *err)
{
    struct json_list all = api_bearer_scopes(api, &request->who.actor, request->arena);
    const struct api_scope *scopes = all.items;
    for (size_t i = 0; i < input->scopes.n; i++) {
        bool good = false;
        for (size_t k = 0; k < all.n; k++)
            good = good || (scopes[k].usable && str_eq(scopes[k].scope, ((const struct str *)input->scopes.items)[i]));
        if (!good)
            return err_field(err, ERR_INVALID, str_z(request->arena, str_printf(request->arena, "/scopes/%zu", i)),
                             "no scope of your role");
    }
    return 0;
}

int api_token_create(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_token_new *input = request->input;
    struct flow_token token;
    if (check_scopes(api, request, input, err) < 0 ||
        flow_token_create(api->flow, &request->who.actor, input, request->arena, &token, err) < 0)
        return -1;
    struct str location = str_printf(request->arena, "/v1/tokens/%.*s", STR_ARG(token.id));
    api_give(request, &(struct api_result){&flow_token_shape, &token, location, 0});
    return 0;
}

int api_token_revoke(struct api *api, struct api_request *request, struct err *err)
{
    struct id token;
    if (api_path_id(request, 0, &token, err) < 0 || flow_token_revoke(api->flow, &request->who.actor, token, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

int api_token_return(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_token_return *input = request->input;
    if (flow_token_give_back(api->flow, input->token, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

/* /v1/sign-up-domains and /v1/invitations: how people get in who have no account. */
#include "api/page.h"
#include "flow/sign_up.h"

int api_sign_up_domain_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_sign_up_domain_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_sign_up_domain_shape, &list);
    return 0;
}

int api_sign_up_domain_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_sign_up_domain domain;
    if (flow_sign_up_domain_create(api->flow, &request->who.actor, request->input, request->arena, &domain, err) < 0)
        return -1;
    struct str location = str_printf(request->arena, "/v1/sign-up-domains/%.*s", STR_ARG(domain.id));
    api_give(request, &(struct api_result){&flow_sign_up_domain_shape, &domain, location, 0});
    return 0;
}

int api_sign_up_domain_delete(struct api *api, struct api_request *request, struct err *err)
{
    struct id domain;
    if (api_path_id(request, 0, &domain, err) < 0 ||
        flow_sign_up_domain_delete(api->flow, &request->who.actor, domain, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

int api_invitation_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_invitation_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_invitation_shape, &list);
    return 0;
}

int api_invitation_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_invitation invitation;
    if (flow_invitation_create(api->flow, &request->who.actor, request->input, request->arena, &invitation, err) < 0)
        return -1;
    struct str location = str_printf(request->arena, "/v1/invitations/%.*s", STR_ARG(invitation.id));
    api_give(request, &(struct api_result){&flow_invitation_shape, &invitation, location, 0});
    return 0;
}

int api_invitation_revoke(struct api *api, struct api_request *request, struct err *err)
{
    struct id invitation;
    if (api_path_id(request, 0, &invitation, err) < 0 ||
        flow_invitation_revoke(api->flow, &request->who.actor, invitation, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

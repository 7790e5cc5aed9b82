/* /v1/session: signing in with address and password, who one is, signing out. */
#include "api/auth.h"
#include "api/resources/sign_in/sign_in.h"

int api_session_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_asker asker = api_asker(request);
    struct flow_signed_in in;
    if (flow_sign_in_password(api->flow, &asker, request->input, request->arena, &in, err) < 0)
        return -1;
    if (in.stage != FLOW_SIGNED_IN)
        return err_set(err, in.stage == FLOW_ASKS_CODE ? ERR_SECOND_FACTOR : ERR_SET_UP_FACTOR, "%s", "");
    api_give(request, &(struct api_result){&flow_session_shape, &in.session, STR("/v1/session"), 0});
    api_answer_field(&request->answer, "Set-Cookie", api_auth_cookie(in.token, request->arena));
    return 0;
}

int api_session_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_session session;
    if (flow_session_get(api->flow, &request->who, request->arena, &session, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_session_shape, &session, STR_NONE, 0});
    return 0;
}

int api_session_change(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_session session;
    if (flow_session_change(api->flow, &request->who, request->input, request->arena, &session, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_session_shape, &session, STR_NONE, 0});
    return 0;
}

int api_session_end(struct api *api, struct api_request *request, struct err *err)
{
    if (flow_session_end(api->flow, request->token, err) < 0)
        return -1;
    api_give_nothing(request);
    api_answer_field(&request->answer, "Set-Cookie", api_auth_cookie_gone());
    api_answer_field(&request->answer, "Clear-Site-Data", STR("\"cache\", \"storage\""));
    return 0;
}

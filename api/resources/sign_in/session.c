/* /v1/session: signing in with address and password, who one is, signing out. */
#include "api/auth.h"
#include "api/resources/sign_in/sign_in.h"
#include "api/throttle.h"
#include "base/clock.h"

int api_session_create(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_password_sign_in *input = request->input;
    struct flow_asker asker = api_asker(request);
    struct flow_signed_in in;
    if (api_throttle_check(api->throttle, input->email, request->address, clock_mono_ms(), err) < 0)
        return -1;
    if (flow_sign_in_password(api->flow, &asker, input, request->arena, &in, err) < 0) {
        if (err->code == ERR_BAD_LOGIN)
            api_throttle_failed(api->throttle, input->email, request->address, clock_mono_ms());
        return -1;
    }
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

/* Guessing the present password is slowed down like guessing at the sign-in. */
int api_session_change(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_session_change *input = request->input;
    struct str account = request->who.session.user.email;
    struct flow_session session;
    if (input->password.p && api_throttle_check(api->throttle, account, request->address, clock_mono_ms(), err) < 0)
        return -1;
    if (flow_session_change(api->flow, &request->who, input, request->arena, &session, err) < 0) {
        if (input->password.p && strcmp(err->pointer, "/password_now") == 0)
            api_throttle_failed(api->throttle, account, request->address, clock_mono_ms());
        return -1;
    }
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

/* /v1/sessions, /v1/second-factor, /v1/sign-in-policy, cutting off: what people and administrators see of sign-ins. */
#include "api/auth.h"
#include "api/page.h"
#include "flow/second_factor.h"

/* ---- Sessions ---- */

int api_sessions_list(struct api *api, struct api_request *request, struct err *err)
{
    struct id user;
    struct flow_list list;
    if (api_param_id(request, "user", &user, err) < 0)
        return -1;
    if (id_none(&user))
        user = request->who.actor.user;
    if (flow_session_list(api->flow, &request->who, &user, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_session_entry_shape, &list);
    return 0;
}

int api_sessions_delete(struct api *api, struct api_request *request, struct err *err)
{
    struct id session;
    if (api_path_id(request, 0, &session, err) < 0 ||
        flow_session_revoke(api->flow, &request->who.actor, &session, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

int api_sessions_end_others(struct api *api, struct api_request *request, struct err *err)
{
    if (flow_session_end_others(api->flow, &request->who, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

int api_sessions_cut_off(struct api *api, struct api_request *request, struct err *err)
{
    if (flow_cut_off(api->flow, &request->who.actor, &request->who.actor.user, err) < 0)
        return -1;
    api_give_nothing(request);
    api_answer_field(&request->answer, "Set-Cookie", api_auth_cookie_gone());
    return 0;
}

int api_user_cut_off(struct api *api, struct api_request *request, struct err *err)
{
    struct id user;
    if (api_path_id(request, 0, &user, err) < 0 || flow_cut_off(api->flow, &request->who.actor, &user, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

int api_organisation_cut_off(struct api *api, struct api_request *request, struct err *err)
{
    if (flow_cut_off(api->flow, &request->who.actor, NULL, err) < 0)
        return -1;
    api_give_nothing(request);
    api_answer_field(&request->answer, "Set-Cookie", api_auth_cookie_gone());
    return 0;
}

/* ---- Second factor ---- */

/* To people their own code is an input like any other. */
static int as_input(struct err *err)
{
    return err->code == ERR_BAD_LOGIN ? err_field(err, ERR_INVALID, "/code", "not the code") : -1;
}

static struct str typed_code(const struct api_request *request)
{
    return ((const struct flow_code *)request->input)->code;
}

int api_second_factor_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_factor factor;
    if (flow_factor_get(api->flow, &request->who.actor, request->arena, &factor, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_factor_shape, &factor, STR_NONE, 0});
    return 0;
}

int api_second_factor_begin(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_enrolment enrolment;
    if (flow_need_fresh(&request->who, err) < 0 ||
        flow_factor_begin(api->flow, &request->who.actor, request->arena, &enrolment, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_enrolment_shape, &enrolment, STR_NONE, 0});
    return 0;
}

int api_second_factor_confirm(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_recovery recovery;
    if (flow_factor_confirm(api->flow, &request->who.actor, typed_code(request), request->arena, &recovery, err) < 0)
        return as_input(err);
    api_give(request, &(struct api_result){&flow_recovery_shape, &recovery, STR_NONE, 0});
    return 0;
}

int api_second_factor_renew(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_recovery recovery;
    if (flow_factor_renew(api->flow, &request->who.actor, typed_code(request), request->arena, &recovery, err) < 0)
        return as_input(err);
    api_give(request, &(struct api_result){&flow_recovery_shape, &recovery, STR_NONE, 0});
    return 0;
}

int api_second_factor_remove(struct api *api, struct api_request *request, struct err *err)
{
    if (flow_factor_remove(api->flow, &request->who.actor, typed_code(request), request->arena, err) < 0)
        return as_input(err);
    api_give_nothing(request);
    return 0;
}

int api_user_reset_factor(struct api *api, struct api_request *request, struct err *err)
{
    struct id user;
    if (api_path_id(request, 0, &user, err) < 0 ||
        flow_factor_reset(api->flow, &request->who.actor, &user, request->input, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

/* ---- Policy ---- */

int api_sign_in_policy_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_sign_in_policy policy;
    if (flow_sign_in_policy_get(api->flow, &request->who.actor, request->arena, &policy, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_sign_in_policy_shape, &policy, STR_NONE, policy.version});
    return 0;
}

int api_sign_in_policy_change(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_sign_in_policy wanted = *(const struct flow_sign_in_policy *)request->input, policy;
    wanted.version = request->version;
    if (flow_sign_in_policy_set(api->flow, &request->who.actor, &wanted, request->arena, &policy, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_sign_in_policy_shape, &policy, STR_NONE, policy.version});
    return 0;
}

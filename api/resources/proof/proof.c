/* What the instance says of its own safety: the administrator's overview and warnings, and whom to tell of a weakness
 * (RFC 9116). */
#include "flow/proof.h"
#include "api/page.h"
#include "api/router.h"

int api_warning_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_warning_list(api->flow, &request->who.actor, &api->settings.posture, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_warning_shape, &list);
    return 0;
}

int api_warning_put_off(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_warning_ref ref = {.version = request->version, .change = request->input};
    if (api_path_id(request, 0, &ref.id, err) < 0)
        return -1;
    const struct flow_warning *warning =
        flow_warning_put_off(api->flow, &request->who.actor, &api->settings.posture, &ref, request->arena, err);
    if (!warning)
        return -1;
    api_give(request, &(struct api_result){&flow_warning_shape, warning, STR_NONE, warning->version});
    return 0;
}

int api_overview_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_overview overview;
    if (flow_overview(api->flow, &request->who.actor, &api->settings.posture, request->arena, &overview, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_overview_shape, &overview, STR_NONE, 0});
    return 0;
}

int api_security_txt(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_posture *posture = &api->settings.posture;
    struct strbuf text = {.arena = request->arena};
    if (str_empty(str_c(posture->security_contact)) || str_empty(str_c(posture->security_expires)))
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    strbuf_printf(&text,
                  "Contact: %s\nExpires: %s\nPreferred-Languages: de, en\n"
                  "Canonical: %s/.well-known/security.txt\n",
                  posture->security_contact, posture->security_expires, api->settings.public_url);
    api_answer_set(&request->answer, 200, "text/plain; charset=utf-8", strbuf_str(&text));
    return 0;
}

/* /v1/mailboxes: people's own mailboxes, whose incoming mail suggests contacts. */
#include "api/page.h"
#include "api/resources/pages.h"
#include "api/shapes.h"

static void give(struct api_request *request, const struct flow_mailbox *mailbox)
{
    struct str location = request->route->flags & API_CREATED
                              ? str_printf(request->arena, "/v1/mailboxes/%.*s", STR_ARG(mailbox->id))
                              : STR_NONE;
    api_give(request, &(struct api_result){&flow_mailbox_shape, mailbox, location, mailbox->version});
}

int api_mailbox_kinds(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_mailbox_kinds kinds;
    (void)err;
    if (flow_mailbox_kinds(api->flow, request->arena, &kinds) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_mailbox_kinds_shape, &kinds, STR_NONE, 0});
    return 0;
}

int api_mailbox_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_mailbox_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_mailbox_shape, &list);
    return 0;
}

int api_mailbox_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_mailbox mailbox;
    if (flow_mailbox_create(api->flow, &request->who.actor, request->input, request->arena, &mailbox, err) < 0)
        return -1;
    give(request, &mailbox);
    return 0;
}

int api_mailbox_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_mailbox mailbox;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_mailbox_get(api->flow, &request->who.actor, id, request->arena, &mailbox, err) < 0)
        return -1;
    give(request, &mailbox);
    return 0;
}

int api_mailbox_change(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_mailbox_new *input = request->input;
    struct flow_mailbox_change change = {.version = request->version, .input = *input};
    struct flow_mailbox mailbox;
    if (api_path_id(request, 0, &change.mailbox, err) < 0 ||
        flow_mailbox_patch(api->flow, &request->who.actor, &change, request->arena, &mailbox, err) < 0)
        return -1;
    give(request, &mailbox);
    return 0;
}

int api_mailbox_delete(struct api *api, struct api_request *request, struct err *err)
{
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_mailbox_delete(api->flow, &request->who.actor, id, request->version, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

int api_mailbox_test(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_mailbox_test test;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_mailbox_test(api->flow, &request->who.actor, id, request->arena, &test, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_mailbox_test_shape, &test, STR_NONE, 0});
    return 0;
}

int api_mailbox_check(struct api *api, struct api_request *request, struct err *err)
{
    struct id id, job;
    if (api_path_id(request, 0, &id, err) < 0 || flow_mailbox_check(api->flow, &request->who.actor, id, &job, err) < 0)
        return -1;
    return api_give_job(api, request, job, err);
}

int api_mailbox_authorize(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_consent consent;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_authorize(api->flow, &request->who, id, request->arena, &consent, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_consent_shape, &consent, STR_NONE, 0});
    return 0;
}

/* /v1/write-backs: from a plan to the CRM, and back. */
#include "api/page.h"
#include "flow/write.h"

static void give(struct api_request *request, const struct flow_write_back *write_back)
{
    struct str location = request->route->flags & API_ACCEPTED
                              ? str_printf(request->arena, "/v1/write-backs/%.*s", STR_ARG(write_back->id))
                              : STR_NONE;
    api_give(request, &(struct api_result){&flow_write_back_shape, write_back, location, write_back->version});
}

int api_write_back_create(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_write_new *input = request->input;
    struct flow_write write = {.version = request->version};
    struct flow_write_back write_back;
    if (!id_parse(input->preview_id, &write.preview))
        return err_field(err, ERR_INVALID, "/preview_id", "%s", "not an id");
    if (flow_write_commit(api->flow, &request->who.actor, &write, request->arena, &write_back, err) < 0)
        return -1;
    give(request, &write_back);
    return 0;
}

int api_write_back_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_write_query query = {.state = -1};
    struct flow_list list;
    if (api_page_read(api, request, &query.page, err) < 0 ||
        api_param_id(request, "contact", &query.contact, err) < 0 ||
        api_param_id(request, "connection", &query.connection, err) < 0 ||
        api_param_id(request, "by", &query.by, err) < 0 || api_param_days(request, &query.days, err) < 0 ||
        api_param_word(request, "state", flow_write_back_words, &query.state, err) < 0 ||
        flow_write_list(api->flow, &request->who.actor, &query, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_write_back_shape, &list);
    return 0;
}

typedef int one_write_back(const struct flow *, const struct flow_actor *, struct id, struct arena *,
                           struct flow_write_back *, struct err *);

static int answer_one(struct api *api, struct api_request *request, one_write_back *use, struct err *err)
{
    struct flow_write_back write_back;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        use(api->flow, &request->who.actor, id, request->arena, &write_back, err) < 0)
        return -1;
    give(request, &write_back);
    return 0;
}

int api_write_back_get(struct api *api, struct api_request *request, struct err *err)
{
    return answer_one(api, request, flow_write_get, err);
}

int api_write_back_undo(struct api *api, struct api_request *request, struct err *err)
{
    return answer_one(api, request, flow_write_undo, err);
}

int api_write_back_retry(struct api *api, struct api_request *request, struct err *err)
{
    return answer_one(api, request, flow_write_retry, err);
}

int api_write_back_resend(struct api *api, struct api_request *request, struct err *err)
{
    return answer_one(api, request, flow_write_resend, err);
}

int api_write_back_leave(struct api *api, struct api_request *request, struct err *err)
{
    return answer_one(api, request, flow_write_leave, err);
}

int api_write_back_conflict(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_conflict conflict;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_write_conflict(api->flow, &request->who.actor, id, request->arena, &conflict, err) < 0)
        return -1;
    api_give(request, &(struct api_result){.shape = &flow_conflict_shape, .value = &conflict});
    return 0;
}

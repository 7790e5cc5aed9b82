/* /v1/inbox: what waits for a decision. */
#include "flow/inbox/inbox.h"
#include "api/page.h"

static int query_read(struct api_request *request, struct flow_inbox_query *query, struct err *err)
{
    query->reason = api_request_param(request, "reason");
    if (api_param_id(request, "list", &query->list, err) < 0 ||
        api_param_id(request, "owner", &query->owner, err) < 0 ||
        api_param_id(request, "assignee", &query->assignee, err) < 0 ||
        api_param_id(request, "connection", &query->connection, err) < 0 ||
        api_param_id(request, "fair", &query->fair, err) < 0 || api_param_days(request, &query->days, err) < 0)
        return -1;
    return 0;
}

int api_inbox_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_inbox_query query = {.lane = -1};
    struct flow_list list;
    if (api_page_read(api, request, &query.page, err) < 0 || query_read(request, &query, err) < 0 ||
        api_param_word(request, "lane", flow_lane_words, &query.lane, err) < 0 ||
        api_param_word(request, "sort", flow_inbox_sort_words, &query.sort, err) < 0 ||
        flow_inbox_list(api->flow, &request->who.actor, &query, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_inbox_item_shape, &list);
    return 0;
}

int api_inbox_lanes(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_inbox_query query = {.lane = -1};
    struct flow_list list;
    if (query_read(request, &query, err) < 0 ||
        flow_inbox_lanes(api->flow, &request->who.actor, &query, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_inbox_lane_shape, &list);
    return 0;
}

int api_inbox_patch(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_inbox_patch patch = {.change = *(const struct flow_inbox_change *)request->input};
    struct flow_inbox_item item;
    if (api_path_id(request, 0, &patch.contact, err) < 0 ||
        flow_inbox_patch(api->flow, &request->who.actor, &patch, request->arena, &item, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_inbox_item_shape, &item, STR_NONE, 0});
    return 0;
}

int api_inbox_presence(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_inbox_look look = {.here = ((const struct flow_presence_here *)request->input)->here};
    struct flow_presence presence;
    if (api_path_id(request, 0, &look.contact, err) < 0 ||
        flow_inbox_look(api->flow, &request->who.actor, &look, request->arena, &presence, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_presence_shape, &presence, STR_NONE, 0});
    return 0;
}

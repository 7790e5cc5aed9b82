/* /v1/audit and /v1/alerts: what was done and read, and what looks suspicious; for administrators. */
#include "api/page.h"
#include "flow/audit/alerts.h"
#include "flow/audit/search.h"

static struct flow_audit_query query_of(const struct api_request *request)
{
    return (struct flow_audit_query){.session = api_request_param(request, "session"),
                                     .token = api_request_param(request, "token"),
                                     .grant = api_request_param(request, "grant"),
                                     .user = api_request_param(request, "user"),
                                     .record = api_request_param(request, "record"),
                                     .address = api_request_param(request, "address"),
                                     .action = api_request_param(request, "action"),
                                     .from = api_request_param(request, "from"),
                                     .to = api_request_param(request, "to")};
}

int api_audit_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_audit_query query = query_of(request);
    struct flow_list list;
    if (api_page_read(api, request, &query.page, err) < 0 ||
        flow_audit_list(api->flow, &request->who.actor, &query, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_audit_entry_shape, &list);
    return 0;
}

int api_audit_records(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_audit_query query = query_of(request);
    struct flow_audit_records records;
    if (flow_audit_touched(api->flow, &request->who.actor, &query, request->arena, &records, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_audit_records_shape, &records, STR_NONE, 0});
    return 0;
}

int api_alert_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_alert_query query = {.seen = false};
    struct flow_list list;
    if (api_page_read(api, request, &query.page, err) < 0 || api_param_bool(request, "seen", &query.seen, err) < 0 ||
        flow_alert_list(api->flow, &request->who.actor, &query, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_alert_shape, &list);
    return 0;
}

int api_alert_see(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_alert alert;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_alert_see(api->flow, &request->who.actor, id, request->arena, &alert, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_alert_shape, &alert, STR_NONE, 0});
    return 0;
}

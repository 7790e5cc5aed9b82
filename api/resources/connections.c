/* /v1/connectors and /v1/connections: which CRMs there are, and which are connected. */
#include "api/page.h"
#include "flow/connect.h"
#include "flow/jobs.h"

static void give(struct api_request *request, const struct flow_connection *connection)
{
    struct str location = request->route->flags & API_CREATED
                              ? str_printf(request->arena, "/v1/connections/%.*s", STR_ARG(connection->id))
                              : STR_NONE;
    api_give(request, &(struct api_result){&flow_connection_shape, connection, location, connection->version});
}

int api_connector_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_connector_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_connector_shape, &list);
    return 0;
}

int api_connection_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    if (flow_connection_list(api->flow, &request->who.actor, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_connection_shape, &list);
    return 0;
}

int api_connection_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_connection connection;
    if (flow_connection_create(api->flow, &request->who.actor, request->input, request->arena, &connection, err) < 0)
        return -1;
    give(request, &connection);
    return 0;
}

int api_connection_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_connection connection;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_connection_get(api->flow, &request->who.actor, id, request->arena, &connection, err) < 0)
        return -1;
    give(request, &connection);
    return 0;
}

int api_connection_change(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_connection_new *input = request->input;
    struct flow_connection_change change = {.version = request->version, .input = *input};
    struct flow_connection connection;
    if (api_path_id(request, 0, &change.connection, err) < 0 ||
        flow_connection_patch(api->flow, &request->who.actor, &change, request->arena, &connection, err) < 0)
        return -1;
    give(request, &connection);
    return 0;
}

int api_connection_delete(struct api *api, struct api_request *request, struct err *err)
{
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_connection_delete(api->flow, &request->who.actor, id, request->version, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

int api_connection_test(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_connection_test test;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_connection_test(api->flow, &request->who.actor, id, request->arena, &test, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_connection_test_shape, &test, STR_NONE, 0});
    return 0;
}

int api_connection_pull(struct api *api, struct api_request *request, struct err *err)
{
    struct id id, job_id;
    struct flow_job job;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_connection_pull(api->flow, &request->who.actor, id, &job_id, err) < 0 ||
        flow_job_get(api->flow, &request->who.actor, job_id, request->arena, &job, err) < 0)
        return -1;
    struct str location = str_printf(request->arena, "/v1/jobs/%s", job_id.s);
    api_give(request, &(struct api_result){&flow_job_shape, &job, location, job.version});
    return 0;
}

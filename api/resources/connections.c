/* /v1/connectors and /v1/connections: which CRMs there are, and which are connected. */
#include "api/page.h"
#include "api/resources/pages.h"
#include "flow/authorize.h"
#include "flow/drop.h"
#include "flow/jobs.h"
#include "flow/mapping.h"
#include "flow/merge/records.h"
#include "flow/preview.h"
#include "flow/self_test.h"
#include "flow/traffic.h"

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

int api_connection_policy(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_policy_change *input = request->input;
    struct flow_connection_change change = {.version = request->version,
                                            .input = {.policy = input->policy, .native_merge = input->native_merge}};
    struct flow_connection connection;
    if (api_path_id(request, 0, &change.connection, err) < 0 ||
        flow_connection_policy(api->flow, &request->who.actor, &change, request->arena, &connection, err) < 0)
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

int api_connection_tested(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_connection_test test;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_connection_tested(api->flow, &request->who.actor, id, request->arena, &test, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_connection_test_shape, &test, STR_NONE, 0});
    return 0;
}

static int give_traffic(struct api *api, struct api_request *request, struct id connection, struct err *err)
{
    struct flow_traffic traffic;
    if (flow_traffic_get(api->flow, &request->who.actor, connection, request->arena, &traffic, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_traffic_shape, &traffic, STR_NONE, 0});
    return 0;
}

int api_traffic_get(struct api *api, struct api_request *request, struct err *err)
{
    struct id id;
    return api_path_id(request, 0, &id, err) < 0 ? -1 : give_traffic(api, request, id, err);
}

static int set_pause(struct api *api, struct api_request *request, bool paused, struct err *err)
{
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_traffic_pause(api->flow, &request->who.actor, id, paused, err) < 0)
        return -1;
    return give_traffic(api, request, id, err);
}

int api_traffic_pause(struct api *api, struct api_request *request, struct err *err)
{
    return set_pause(api, request, true, err);
}

int api_traffic_resume(struct api *api, struct api_request *request, struct err *err)
{
    return set_pause(api, request, false, err);
}

int api_company_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_company_query query = {.text = api_request_param(request, "q")};
    struct flow_list list = {.next = STR_NONE};
    if (api_path_id(request, 0, &query.connection, err) < 0 ||
        flow_companies(api->flow, &request->who.actor, &query, request->arena, &list.items, err) < 0)
        return -1;
    api_page_give(api, request, &flow_company_shape, &list);
    return 0;
}

int api_company_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_company_new input = *(const struct flow_company_new *)request->input;
    struct flow_company company;
    if (api_path_id(request, 0, &input.connection, err) < 0 ||
        flow_company_make(api->flow, &request->who.actor, &input, request->arena, &company, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_company_shape, &company, STR_NONE, 0});
    return 0;
}

int api_record_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_record_query query = {.text = api_request_param(request, "q")};
    struct flow_list list = {.next = STR_NONE};
    if (api_path_id(request, 0, &query.connection, err) < 0 ||
        flow_records(api->flow, &request->who.actor, &query, request->arena, &list.items, err) < 0)
        return -1;
    api_page_give(api, request, &flow_found_record_shape, &list);
    return 0;
}

int api_connection_pull(struct api *api, struct api_request *request, struct err *err)
{
    struct id id, job;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_connection_pull(api->flow, &request->who.actor, id, &job, err) < 0)
        return -1;
    return api_give_job(api, request, job, err);
}

/* ---- Field mapping ---- */

static void give_mapping(struct api_request *request, const struct flow_mapping *mapping)
{
    api_give(request, &(struct api_result){&flow_mapping_shape, mapping, STR_NONE, mapping->version});
}

int api_mapping_fields(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_fields fields;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_mapping_fields(api->flow, &request->who.actor, id, request->arena, &fields, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_fields_shape, &fields, STR_NONE, 0});
    return 0;
}

int api_mapping_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_mapping mapping;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_mapping_get(api->flow, &request->who.actor, id, request->arena, &mapping, err) < 0)
        return -1;
    give_mapping(request, &mapping);
    return 0;
}

int api_mapping_export(struct api *api, struct api_request *request, struct err *err)
{
    struct crm_mapping_doc doc;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_mapping_export(api->flow, &request->who.actor, id, request->arena, &doc, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&crm_mapping_doc_shape, &doc, STR_NONE, 0});
    return 0;
}

int api_mapping_draft(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_mapping_change change = {.version = request->version, .doc = request->input};
    struct flow_mapping mapping;
    if (api_path_id(request, 0, &change.connection, err) < 0 ||
        flow_mapping_draft(api->flow, &request->who.actor, &change, request->arena, &mapping, err) < 0)
        return -1;
    give_mapping(request, &mapping);
    return 0;
}

int api_mapping_activate(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_mapping_change change = {.version = request->version};
    struct flow_activation activation;
    if (api_path_id(request, 0, &change.connection, err) < 0 ||
        flow_mapping_activate(api->flow, &request->who.actor, &change, request->arena, &activation, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_activation_shape, &activation, STR_NONE, activation.mapping.version});
    return 0;
}

/* ---- File drop ---- */

int api_export_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_exports exports;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_export_list(api->flow, &request->who.actor, id, request->arena, &exports, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_exports_shape, &exports, STR_NONE, 0});
    return 0;
}

int api_export_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_export export;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_export_create(api->flow, &request->who.actor, id, request->arena, &export, err) < 0)
        return -1;
    struct str location = str_printf(request->arena, "/v1/exports/%.*s/file", STR_ARG(export.id));
    api_give(request, &(struct api_result){&flow_export_shape, &export, location, 0});
    return 0;
}

int api_export_file(struct api *api, struct api_request *request, struct err *err)
{
    struct str format = api_request_param(request, "format"), text;
    struct flow_export_ask ask = {.vcards = str_eq(format, STR("vcard"))};
    if (format.p && !ask.vcards && !str_eq(format, STR("csv")))
        return err_field(err, ERR_INVALID, "/format", "csv, vcard");
    if (api_path_id(request, 0, &ask.export, err) < 0 ||
        flow_export_file(api->flow, &request->who.actor, ask, request->arena, &text, err) < 0)
        return -1;
    api_answer_set(&request->answer, 200,
                   ask.vcards ? "text/vcard; charset=utf-8" : "text/csv; charset=utf-8; header=present", text);
    api_answer_field(&request->answer, "Content-Disposition",
                     ask.vcards ? STR("attachment; filename=\"kartei.vcf\"")
                                : STR("attachment; filename=\"kartei.csv\""));
    return 0;
}

int api_import_create(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_import_new *input = request->input;
    struct flow_import_ask ask = {.input = *input};
    struct flow_import import;
    if (api_path_id(request, 0, &ask.connection, err) < 0 ||
        flow_import_take(api->flow, &request->who.actor, &ask, request->arena, &import, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_import_shape, &import, STR_NONE, 0});
    return 0;
}

/* ---- Consent ---- */

int api_connection_authorize(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_consent consent;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_authorize(api->flow, &request->who, id, request->arena, &consent, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_consent_shape, &consent, STR_NONE, 0});
    return 0;
}

int api_connection_disconnect(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_disconnection parted;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_disconnect(api->flow, &request->who.actor, id, request->arena, &parted, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_disconnection_shape, &parted, STR_NONE, 0});
    return 0;
}

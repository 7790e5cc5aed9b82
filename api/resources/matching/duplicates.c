/* /v1/duplicate-searches and /v1/duplicates: records of the CRMs that may be one person. */
#include "flow/duplicates/duplicates.h"
#include "api/page.h"

int api_duplicate_search(struct api *api, struct api_request *request, struct err *err)
{
    struct id job;
    if (flow_duplicates_search(api->flow, &request->who.actor, &job, err) < 0)
        return -1;
    return api_give_job(api, request, job, err);
}

int api_duplicate_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_duplicate_query query = {.decision = -1, .band = -1};
    struct flow_list list;
    if (api_page_read(api, request, &query.page, err) < 0 ||
        api_param_word(request, "decision", flow_decision_words, &query.decision, err) < 0 ||
        api_param_word(request, "band", flow_band_words, &query.band, err) < 0 ||
        api_param_id(request, "connection", &query.connection, err) < 0 ||
        flow_duplicate_list(api->flow, &request->who.actor, &query, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_duplicate_group_shape, &list);
    return 0;
}

int api_duplicate_decide(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_decision *decision = request->input;
    struct flow_duplicate_decide decide = {.version = request->version, .decision = *decision};
    struct flow_duplicate pair;
    if (api_path_id(request, 0, &decide.pair, err) < 0 ||
        flow_duplicate_decide(api->flow, &request->who.actor, &decide, request->arena, &pair, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_duplicate_shape, &pair, STR_NONE, pair.version});
    return 0;
}

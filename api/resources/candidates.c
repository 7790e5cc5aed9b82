/* Candidates of a contact, all records that may be its person, and what somebody decides about them. */
#include "api/page.h"
#include "flow/duplicates/cluster.h"
#include "flow/match.h"

int api_candidate_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_candidate_list(api->flow, &request->who.actor, id, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_candidate_shape, &list);
    return 0;
}

int api_candidate_decide(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_decision *decision = request->input;
    struct flow_decide decide = {.version = request->version, .decision = *decision};
    struct flow_candidate candidate;
    if (api_path_id(request, 0, &decide.candidate, err) < 0 ||
        flow_candidate_decide(api->flow, &request->who.actor, &decide, request->arena, &candidate, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_candidate_shape, &candidate, STR_NONE, 0});
    return 0;
}

static void give(struct api_request *request, const struct flow_cluster *cluster)
{
    api_give(request, &(struct api_result){&flow_cluster_shape, cluster, STR_NONE, cluster->contact_version});
}

int api_cluster_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_cluster cluster;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_cluster_get(api->flow, &request->who.actor, id, request->arena, &cluster, err) < 0)
        return -1;
    give(request, &cluster);
    return 0;
}

int api_cluster_decide(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_cluster_wish *wish = request->input;
    struct flow_cluster_decide decide = {.version = request->version, .belongs = wish->belongs};
    struct flow_cluster cluster;
    if (api_path_id(request, 0, &decide.contact, err) < 0)
        return -1;
    if (!id_parse(wish->record_id, &decide.record))
        return err_field(err, ERR_INVALID, "/record_id", "%s", "not an id");
    if (flow_cluster_decide(api->flow, &request->who.actor, &decide, request->arena, &cluster, err) < 0)
        return -1;
    give(request, &cluster);
    return 0;
}

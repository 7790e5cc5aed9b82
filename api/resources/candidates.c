/* Candidates of a contact, and what a person decides about them. */
#include "api/page.h"
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

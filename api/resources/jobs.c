/* /v1/jobs: what is worked on. */
#include "flow/jobs.h"
#include "api/state.h"

typedef int one_job(const struct flow *, const struct flow_actor *, struct id, struct arena *, struct flow_job *,
                    struct err *);

static int answer_one(struct api *api, struct api_request *request, one_job *use, struct err *err)
{
    struct flow_job job;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 || use(api->flow, &request->who.actor, id, request->arena, &job, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_job_shape, &job, STR_NONE, job.version});
    return 0;
}

int api_give_job(struct api *api, struct api_request *request, struct id id, struct err *err)
{
    struct flow_job job;
    if (flow_job_get(api->flow, &request->who.actor, id, request->arena, &job, err) < 0)
        return -1;
    struct str location = str_printf(request->arena, "/v1/jobs/%s", id.s);
    api_give(request, &(struct api_result){&flow_job_shape, &job, location, job.version});
    return 0;
}

int api_job_get(struct api *api, struct api_request *request, struct err *err)
{
    return answer_one(api, request, flow_job_get, err);
}

int api_job_cancel(struct api *api, struct api_request *request, struct err *err)
{
    return answer_one(api, request, flow_job_cancel, err);
}

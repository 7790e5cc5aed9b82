/* /v1/events: what changes, as it changes. */
#include "api/stream.h"

int api_event_stream(struct api *api, struct api_request *request, struct err *err)
{
    static const char *const types[] = {"text/event-stream"};
    if (api_accept(api_request_field(request, "accept"), types, 1) < 0)
        return err_set(err, ERR_NOT_ACCEPTABLE, "%s", types[0]);
    if (request->head.method == API_HEAD) {
        api_answer_set(&request->answer, 200, types[0], STR_NONE);
        return 0;
    }
    return api_stream_open(api->stream, request, err);
}

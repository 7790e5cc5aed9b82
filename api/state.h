/* What the parts of the API share while it runs; nobody outside api/ sees it. */
#ifndef API_STATE_H
#define API_STATE_H

#include "api/api.h"
#include "api/router.h"

struct api_server;
struct api_stream;
struct api_metrics;
struct api_assets;

struct api {
    struct api_settings settings;
    const struct flow *flow;
    struct api_server *server;
    struct api_stream *stream;   /* api/stream.h */
    struct api_metrics *metrics; /* api/metrics.h */
    struct api_assets *assets;   /* api/resources/pages.h */
    struct arena *arena;         /* of what lives as long as the server */
    struct str openapi;          /* made once */
};

/* Body of the shape, status by the route's flags (200, 201, 202), Location when not absent, ETag when version > 0. */
struct api_result {
    const struct json_shape *shape;
    const void *value;
    struct str location;
    int64_t version;
};
void api_give(struct api_request *request, const struct api_result *result);
/* What was asked for is worked on: the job, with Location of it. Errors as flow_job_get(). api/resources/jobs.c. */
int api_give_job(struct api *api, struct api_request *request, struct id job, struct err *err);
/* 204. */
void api_give_nothing(struct api_request *request);
/* The id in the path's n-th {…}. ERR_NOT_FOUND when it is none. */
int api_path_id(const struct api_request *request, size_t n, struct id *ret_id, struct err *err);
/* An id, a bool ("true", "false"), one of words in the query; absent gives the empty id, false, -1. ERR_INVALID. */
int api_param_id(const struct api_request *request, const char *name, struct id *ret_id, struct err *err);
int api_param_bool(const struct api_request *request, const char *name, bool *ret_value, struct err *err);
int api_param_word(const struct api_request *request, const char *name, const char *const *words, int *ret_index,
                   struct err *err);
/* "days": a number of days, 0 when absent. ERR_INVALID. */
int api_param_days(const struct api_request *request, int64_t *ret_days, struct err *err);

#endif

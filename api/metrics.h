/* Counters and a histogram of what the API did; text for Prometheus (exposition format 0.0.4). */
#ifndef API_METRICS_H
#define API_METRICS_H

#include "api/state.h"

struct api_metrics;

struct api_metrics *api_metrics_new(void);
void api_metrics_free(struct api_metrics *metrics);
/* One request has ended; route NULL: none was found. */
void api_metrics_count(struct api_metrics *metrics, const struct api_route *route, int status, int64_t micros);
/* Everything as text; jobs and scans by state are asked of the store (left out when it is down). */
struct str api_metrics_text(const struct api *api, struct arena *arena);

#endif

/* Jobs as people see them, and the doors through which the worker runs them. */
#ifndef FLOW_JOBS_H
#define FLOW_JOBS_H

#include "flow/flow.h"

/* Resource "Job". */
struct flow_job {
    struct str id, kind; /* "read", "match", "write", "pull" */
    int state;           /* flow_job_words: "queued", "running", "done", "dead", "cancelled" */
    int64_t attempts;
    struct str created_at, finished_at;
    struct str subject; /* path of what it works on: "/v1/scans/…" */
    struct flow_problem *problem;
    int64_t version;
};
extern const struct json_shape flow_job_shape;
extern const char *const flow_job_words[];

int flow_job_get(const struct flow *flow, const struct flow_actor *actor, struct id job, struct arena *arena,
                 struct flow_job *ret_job, struct err *err);
/* Stops a job that has not begun; ERR_CONFLICT for others. */
int flow_job_cancel(const struct flow *flow, const struct flow_actor *actor, struct id job, struct arena *arena,
                    struct flow_job *ret_job, struct err *err);

/* One claimed job, for the worker loop of services/. */
struct flow_claim {
    struct id org, id;
    const char *kind;
    struct str subject; /* id of the scan, contact, write-back or connection */
    int64_t attempt;    /* 1-based; fences every later update */
};

/* Claims the next due job for `worker` under a lease; *ret_found false when there is none. */
int flow_job_claim(const struct flow *flow, const char *worker, struct arena *arena, struct flow_claim *ret_claim,
                   bool *ret_found, struct err *err);
/* Keeps the lease; ERR_CONFLICT when it was lost to another worker. */
int flow_job_heartbeat(const struct flow *flow, const struct flow_claim *claim, struct err *err);
/* Runs the handler of the claim's kind and settles the job: done, queued again with back-off, or dead with a sentence.
 * Returns -1 with the failure for the log; the job is settled then too unless the store is down. */
int flow_job_run(const struct flow *flow, const struct flow_claim *claim, struct arena *arena, struct err *err);
/* What nobody asks for: expired leases, uncertain write-backs whose time has come, old events, keys, previews, links
 * and sessions, the bin after 30 days. Safe to run anywhere, any time. */
int flow_job_sweep(const struct flow *flow, struct arena *arena, struct err *err);

#endif

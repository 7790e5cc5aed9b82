/* Jobs as people see them, and the doors through which the worker runs them. */
#ifndef FLOW_JOBS_H
#define FLOW_JOBS_H

#include "flow/flow.h"

/* Resource "Job". */
struct flow_job {
    struct str id, kind; /* "read", "match", "write", "pull", "mail" */
    int state;           /* flow_job_words: "queued", "running", "done", "dead", "cancelled" */
    int64_t attempts;
    int64_t done, total; /* how far it has come, where it tells; total 0: unknown */
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

/* How far a running job has come: its handler writes, the heartbeat reads and notes it. */
struct flow_progress {
    _Atomic int64_t done, total;
};

/* One claimed job, for the worker loop of services/. */
struct flow_claim {
    struct id org, id, subject, user, worker;
    struct str kind;
    int64_t attempt, max_attempts;
    const _Atomic bool *stop;       /* set by the caller's other threads: end at the next good place; may be NULL */
    struct flow_progress *progress; /* of the caller; may be NULL */
    int64_t deadline_ms; /* wall time the kind may take; then stop the heartbeat, and another worker may have it */
};
enum {
    FLOW_LEASE_MS = 15 * 1000, /* after a worker died its jobs wait no longer than this */
    FLOW_HEARTBEAT_MS = 4 * 1000,
    FLOW_READ_ATTEMPTS =
        12, /* of one read job, when workers or readers are killed from outside; see flow/work/jobs.c */
    FLOW_MATCH_ATTEMPTS = 10, /* of one match job: it needs the database only, and a contact must not stay unmatched */
    FLOW_PULL_ATTEMPTS = 5,   /* of one pull job, between two of its pages */
    FLOW_WRITE_ATTEMPTS = 20, /* of one write or undo job: waiting for the CRM does not count, dying workers do */
};

/* Claims the next due job under a lease of FLOW_LEASE_MS; `worker` is fresh per process (id_new()). *ret_found is false
 * when there is none. */
int flow_job_claim(const struct flow *flow, const struct id *worker, struct arena *arena, struct flow_claim *ret_claim,
                   bool *ret_found, struct err *err);
/* Renews the lease. ERR_CONFLICT when it was lost to another worker; *ret_cancel: somebody wants it stopped. */
int flow_job_heartbeat(const struct flow *flow, const struct flow_claim *claim, bool *ret_cancel, struct err *err);
/* Runs the handler of the claim's kind and settles the job: done, queued again with back-off, or dead with a sentence
 * on its subject. Returns -1 with the failure, for the log; the job is settled then too unless the store is down (then
 * the lease runs out). A lost lease is no failure: another worker has it. */
int flow_job_run(const struct flow *flow, const struct flow_claim *claim, struct arena *arena, struct err *err);
/* What nobody asks for: leases that ran out, write-backs whose time has come, mirrors that are old, what has expired.
 * Safe anywhere, any time; call it every ten seconds or so in each worker process. Lost jobs and forgotten write-backs
 * are looked for each time, the rest about once a minute. */
int flow_job_sweep(const struct flow *flow, struct arena *arena, struct err *err);

/* Gauges for /metrics: how many jobs of a kind are in a state, over all organisations. Items are struct
 * flow_job_count. */
struct flow_job_count {
    struct str kind, state;
    int64_t n, oldest_ms; /* age of the oldest that is due */
};
int flow_job_counts(const struct flow *flow, struct arena *arena, struct json_list *ret_counts, struct err *err);
/* For /readyz: the database answers, the disk has room. ERR_STORE_DOWN, ERR_DISK_FULL. */
int flow_ready(const struct flow *flow, struct err *err);

#endif

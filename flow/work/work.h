/* What the handler of a job works with: the job settles in the transaction of its result, so both happen or none. */
#ifndef FLOW_WORK_WORK_H
#define FLOW_WORK_WORK_H

#include "flow/flow.h"
#include "flow/jobs.h"
#include "store/job.h"

struct flow_work {
    const struct flow *flow;
    const struct flow_claim *claim;
    struct flow_actor actor; /* the system, on behalf of whoever asked */
    struct store_job job;    /* the claim as the store's fence wants it */
    struct id subject;
    struct arena *arena;
    int64_t deadline_mono_ms;
};

/* One row of the table of kinds. */
struct flow_job_kind {
    const char *name;
    /* Does the work and settles the job by one of the ways below. Returns -1 when it failed and the job is not settled:
     * then it is tried again after a pause, at most `attempts` times. ERR_CONFLICT: somebody else has the job. */
    int (*run)(struct flow_work *work, struct err *err);
    /* Told in the transaction that buries the job; tells the subject. NULL = the subject needs nothing. */
    int (*buried)(struct store_tx *tx, const struct id *subject, const struct err *why, struct err *err);
    int64_t deadline_ms;
};
extern const struct flow_job_kind flow_job_kinds[]; /* ended by a row without name */

int flow_work_read(struct flow_work *work, struct err *err);
int flow_work_read_buried(struct store_tx *tx, const struct id *subject, const struct err *why, struct err *err);
int flow_work_match(struct flow_work *work, struct err *err);
int flow_work_fill(struct flow_work *work, struct err *err);
/* After a comparison: asks for "fill" where a policy and the candidates of the contact want it. */
int flow_work_fill_ask(struct store_tx *tx, const struct id *contact, struct arena *arena, struct err *err);
int flow_work_write(struct flow_work *work, struct err *err);
int flow_work_undo(struct flow_work *work, struct err *err);
int flow_work_pull(struct flow_work *work, struct err *err);
int flow_work_simulate(struct flow_work *work, struct err *err);
int flow_work_learn(struct flow_work *work, struct err *err);
int flow_work_index(struct flow_work *work, struct err *err);
int flow_work_mail(struct flow_work *work, struct err *err);
int flow_work_reseal(struct flow_work *work, struct err *err);

/* Records of a pull into the mirror: contacts that meet a new or changed one are compared again. Of several with one
 * remote id the last one counts. */
struct crm_record;
int flow_pull_records(struct store_tx *tx, const struct id *connection, const struct crm_record *records, size_t n,
                      struct err *err);

int flow_work_begin(struct flow_work *work, struct store_tx **ret_tx, struct err *err);
/* Settles as done, with what the transaction holds. */
int flow_work_done(struct flow_work *work, struct store_tx **tx, struct err *err);
/* Settles as to be tried again after `again_ms` without counting the attempt, with what the transaction holds. */
int flow_work_later(struct flow_work *work, struct store_tx **tx, const struct err *why, int64_t again_ms,
                    struct err *err);
/* True when the worker is to end, or the job's time is up. */
bool flow_work_hurry(const struct flow_work *work);
/* Tells how far the work has come; seen by people with the next heartbeat. */
void flow_work_progress(const struct flow_work *work, int64_t done, int64_t total);
/* A pause that grows with n (2 s · 2^n, at most 15 min), ± a quarter so that not all come back at once. */
int64_t flow_work_pause(int64_t n);

#endif

/* Jobs: claimed with a lease by the database's clock, fenced by worker and attempt, tried again with growing pauses,
 * dead after the last attempt. No lock is held while a job runs. */
#ifndef STORE_JOB_H
#define STORE_JOB_H

#include "store/store.h"

struct store_job {
    struct id id, org, subject, user; /* subject: scan, contact, write-back, connection; user may be empty */
    struct str kind;                  /* "read" | "match" | "write" | "undo" | "pull" | … */
    struct str state;                 /* "queued" | "running" | "done" | "dead" | "cancelled" */
    int64_t attempt, max_attempts;
    int64_t done, total;       /* progress; total 0 = unknown */
    struct str problem, param; /* slug and parameter of base/errors.def; param is filled by store_job_get() only */
    struct id worker;          /* who runs it */
    int64_t created_at, run_at, started_at, finished_at, version; /* 0 = not yet */
    bool cancel;                                                  /* somebody asked for cancellation */
};

struct store_job_spec {
    const char *kind;
    struct id subject, user;
    int max_attempts; /* 0 = 3 */
    int priority;     /* lower first; 0 = people wait for it, 10 = background */
    int64_t delay_ms; /* not before that much from now */
};

/* Adds a job in the caller's transaction and wakes a worker at commit. If one of this kind for this subject is still
 * queued, that one is returned instead. */
int store_job_add(struct store_tx *tx, const struct store_job_spec *spec, struct id *ret_id, struct err *err);
int store_job_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_job *ret_job,
                  struct err *err);
/* Queued: becomes cancelled now. Running: asks its worker (heartbeat says so). ERR_CONFLICT when at its end. */
int store_job_cancel(struct store_tx *tx, const struct id *id, struct err *err);

/* Over all organisations: takes up to `limit` due jobs, or jobs whose lease ran out, of the `kinds` (NULL-terminated;
 * NULL = all), for `lease_ms`. (struct store_job.) `worker` is fresh per process (id_new()). */
struct store_claim {
    struct id worker;
    const char *const *kinds;
    int limit;        /* 1..100 */
    int64_t lease_ms; /* 1000..3600000 */
};
int store_job_claim(struct store *store, const struct store_claim *claim, struct arena *arena,
                    struct json_list *ret_jobs, struct err *err);
/* Renews the lease and notes progress; *ret_cancel tells whether to stop. ERR_CONFLICT: the lease is lost, drop the
 * work. */
int store_job_heartbeat(struct store *store, const struct store_job *job, int64_t lease_ms, bool *ret_cancel,
                        struct err *err);
/* Ends a job in the transaction of its result: then result and end happen together or not at all. ERR_CONFLICT: lease
 * lost. */
int store_job_finish(struct store_tx *tx, const struct store_job *job, struct err *err);
/* A job that does its work in parts has kept one, in the same transaction: so many attempts are left from now on.
 * ERR_CONFLICT: lease lost. */
int store_job_go_on(struct store_tx *tx, const struct store_job *job, int64_t attempts, struct err *err);
/* Ends an attempt without result. `again_ms` < 0: growing pause with jitter (2 s · 2^attempt, at most 15 min); ≥ 0:
 * that pause and the attempt does not count (the CRM asked us to wait); STORE_JOB_NEVER: dead at once;
 * STORE_JOB_ITS_OWN: growing pause, and the attempt counts as four, for it was the work itself that broke. *ret_dead:
 * it was the last one. ERR_CONFLICT. */
#define STORE_JOB_NEVER    INT64_MAX
#define STORE_JOB_BACK_OFF ((int64_t)-1)
#define STORE_JOB_ITS_OWN  ((int64_t)-2)
int store_job_fail(struct store_tx *tx, const struct store_job *job, const struct err *why, int64_t again_ms,
                   bool *ret_dead, struct err *err);
/* Takes jobs whose lease ran out in the last attempt, over all organisations, for a minute (struct store_job). The
 * caller tells their subjects and ends each by store_job_fail(…, STORE_JOB_NEVER, …) in one transaction; what it leaves
 * comes again. */
int store_job_sweep(struct store *store, struct arena *arena, struct json_list *ret_jobs, struct err *err);

struct store_job_count {
    struct str kind, state; /* "queued" | "running" | "dead" */
    int64_t n;
    int64_t oldest_ms; /* age of the oldest that is due */
};
/* For metrics: over all organisations (struct store_job_count). */
int store_job_counts(struct store *store, struct arena *arena, struct json_list *ret_counts, struct err *err);

#endif

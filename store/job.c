/* See job.h. */
#include "store/job.h"

#include "base/limits.h"
#include "store/core/tx.h"

static const char param_column[] = "jobs.param";

/* Words of job_fail.sql for the pause. */
enum { PAUSE_GROWING = -1, PAUSE_NEVER = -2, PAUSE_COSTLY = -3 }; /* as job_fail.sql has them */

int store_job_add(struct store_tx *tx, const struct store_job_spec *spec, struct id *ret_id, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct id id = id_new();
    int attempts = spec->max_attempts > 0 ? spec->max_attempts : LIMIT_JOB_ATTEMPTS;
    if (store_run_one(tx, SQL_JOB_ADD,
                      ARGS(ARG_ID(&id), ARG_C(spec->kind), ARG_ID(&spec->subject), ARG_ID(&spec->user),
                           ARG_INT(spec->priority), ARG_INT(attempts), ARG_INT(spec->delay_ms)),
                      &rows, err) < 0)
        return -1;
    *ret_id = store_row_id(rows, 0, 0);
    return 0;
}

/* Without param, which is sealed and of no use to who runs the job. */
static struct store_job job_read(const struct store_rows *rows, int row, struct arena *arena)
{
    return (struct store_job){
        .id = store_row_id(rows, row, 0),
        .org = store_row_id(rows, row, 1),
        .subject = store_row_id(rows, row, 2),
        .user = store_row_id(rows, row, 3),
        .kind = store_row_str(rows, row, 4, arena),
        .state = store_row_str(rows, row, 5, arena),
        .attempt = store_row_int(rows, row, 6),
        .max_attempts = store_row_int(rows, row, 7),
        .done = store_row_int(rows, row, 8),
        .total = store_row_int(rows, row, 9),
        .problem = store_row_str(rows, row, 10, arena),
        .worker = store_row_id(rows, row, 12),
        .created_at = store_row_int(rows, row, 13),
        .run_at = store_row_int(rows, row, 14),
        .started_at = store_row_int(rows, row, 15),
        .finished_at = store_row_int(rows, row, 16),
        .version = store_row_int(rows, row, 17),
        .cancel = store_row_bool(rows, row, 18),
    };
}

static struct json_list jobs_read(const struct store_rows *rows, struct arena *arena)
{
    int n = store_rows_count(rows);
    struct store_job *jobs = arena_array(arena, (size_t)n, sizeof *jobs);
    for (int i = 0; i < n; i++)
        jobs[i] = job_read(rows, i, arena);
    return (struct json_list){jobs, (size_t)n};
}

int store_job_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_job *ret_job,
                  struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_JOB_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    struct store_job job = job_read(rows, 0, arena);
    if (store_unseal(tx, (struct store_place){param_column, id}, store_row_view(rows, 0, 11), arena, &job.param, err) <
        0)
        return -1;
    *ret_job = job;
    return 0;
}

int store_job_cancel(struct store_tx *tx, const struct id *id, struct err *err)
{
    if (store_run_one(tx, SQL_JOB_CANCEL, ARGS(ARG_ID(id)), NULL, err) == 0)
        return 0;
    if (err->code != ERR_NOT_FOUND || store_run_one(tx, SQL_JOB_EXISTS, ARGS(ARG_ID(id)), NULL, err) < 0)
        return -1;
    return err_set(err, ERR_CONFLICT, "the job is at its end");
}

int store_job_claim(struct store *store, const struct store_claim *claim, struct arena *arena,
                    struct json_list *ret_jobs, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct strbuf kinds = {.arena = arena};
    for (size_t i = 0; claim->kinds && claim->kinds[i]; i++) {
        strbuf_add_c(&kinds, i ? "," : "");
        strbuf_add_c(&kinds, claim->kinds[i]);
    }
    if (store_run_guard(store, SQL_GUARD_JOB_CLAIM,
                        ARGS(ARG_ID(&claim->worker), ARG_STR(claim->kinds ? strbuf_str(&kinds) : STR_NONE),
                             ARG_INT(claim->limit), ARG_INT(claim->lease_ms)),
                        &rows, err) < 0)
        return -1;
    *ret_jobs = jobs_read(rows, arena);
    return 0;
}

/* What a change of a running job says when it touched nothing: another worker has it, or nobody any more. */
static int lease_lost(int r, struct err *err)
{
    return r < 0 && err->code == ERR_NOT_FOUND ? err_set(err, ERR_CONFLICT, "the lease of the job is lost") : r;
}

int store_job_heartbeat(struct store *store, const struct store_job *job, int64_t lease_ms, bool *ret_cancel,
                        struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_begin(store, &job->org, &tx, err) < 0)
        return -1;
    int r = store_run_one(tx, SQL_JOB_HEARTBEAT,
                          ARGS(ARG_ID(&job->id), ARG_ID(&job->worker), ARG_INT(job->attempt), ARG_INT(lease_ms),
                               ARG_INT(job->done), ARG_INT(job->total)),
                          &rows, err);
    if (lease_lost(r, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_cancel = store_row_bool(rows, 0, 0);
    return 0;
}

int store_job_finish(struct store_tx *tx, const struct store_job *job, struct err *err)
{
    int r = store_run_one(tx, SQL_JOB_FINISH, ARGS(ARG_ID(&job->id), ARG_ID(&job->worker), ARG_INT(job->attempt)), NULL,
                          err);
    return lease_lost(r, err);
}

int store_job_go_on(struct store_tx *tx, const struct store_job *job, int64_t attempts, struct err *err)
{
    int r = store_run_one(tx, SQL_JOB_GO_ON,
                          ARGS(ARG_ID(&job->id), ARG_ID(&job->worker), ARG_INT(job->attempt), ARG_INT(attempts)), NULL,
                          err);
    return lease_lost(r, err);
}

int store_job_fail(struct store_tx *tx, const struct store_job *job, const struct err *why, int64_t again_ms,
                   bool *ret_dead, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str param;
    if (store_seal(tx, (struct store_place){param_column, &job->id}, str_c(why->param), arena, &param, err) < 0)
        return -1;
    int64_t pause = again_ms == STORE_JOB_NEVER     ? PAUSE_NEVER
                    : again_ms == STORE_JOB_ITS_OWN ? PAUSE_COSTLY
                    : again_ms < 0                  ? PAUSE_GROWING
                                                    : again_ms;
    int r = store_run_one(tx, SQL_JOB_FAIL,
                          ARGS(ARG_ID(&job->id), ARG_ID(&job->worker), ARG_INT(job->attempt),
                               ARG_C(err_slug(why->code)), ARG_STR(param), ARG_INT(pause)),
                          &rows, err);
    if (lease_lost(r, err) < 0)
        return -1;
    *ret_dead = store_row_bool(rows, 0, 0);
    return 0;
}

int store_job_sweep(struct store *store, struct arena *arena, struct json_list *ret_jobs, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(store, SQL_GUARD_JOB_SWEEP, ARGS_NONE, &rows, err) < 0)
        return -1;
    *ret_jobs = jobs_read(rows, arena);
    return 0;
}

int store_job_counts(struct store *store, struct arena *arena, struct json_list *ret_counts, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(store, SQL_GUARD_JOB_COUNTS, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_job_count *counts = arena_array(arena, (size_t)n, sizeof *counts);
    for (int i = 0; i < n; i++)
        counts[i] = (struct store_job_count){store_row_str(rows, i, 0, arena), store_row_str(rows, i, 1, arena),
                                             store_row_int(rows, i, 2), store_row_int(rows, i, 3)};
    *ret_counts = (struct json_list){counts, (size_t)n};
    return 0;
}

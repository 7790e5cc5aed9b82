/* Jobs: the table of kinds, claiming, running, settling; see flow/jobs.h and work.h. */
#include "flow/jobs.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/limits.h"
#include "flow/batch/work.h"
#include "flow/common.h"
#include "flow/duplicates/search.h"
#include "flow/sign_in/door.h"
#include "flow/states.h"
#include "flow/work/work.h"
#include "store/match/index.h"

#include <stdatomic.h>

enum {
    SECOND = 1000,
    MINUTE = 60 * SECOND,
    BUSY_AGAIN_MS = 2 * SECOND, /* the reader has no place free, or was killed from outside: nobody's fault */
    MOST_BUSY = 60,             /* so often in a row; then it counts, and the pauses grow */
};

const struct flow_job_kind flow_job_kinds[] = {
    {"read", flow_work_read, flow_work_read_buried, 90 * SECOND},
    {"match", flow_work_match, NULL, MINUTE},
    {"fill", flow_work_fill, NULL, MINUTE},
    {"write", flow_work_write, NULL, 3 * MINUTE},
    {"undo", flow_work_undo, NULL, 3 * MINUTE},
    {"pull", flow_work_pull, NULL, 15 * MINUTE},
    {"simulate", flow_work_simulate, NULL, 15 * MINUTE},
    {"learn", flow_work_learn, NULL, 5 * MINUTE},
    {STORE_INDEX_JOB, flow_work_index, NULL, 15 * MINUTE},
    {"mail", flow_work_mail, NULL, 15 * MINUTE},
    {"send_link", flow_work_send_link, NULL, 2 * MINUTE},
    {"send_sign_up", flow_work_send_sign_up, NULL, 2 * MINUTE},
    {"send_invitation", flow_work_send_invitation, NULL, 2 * MINUTE},
    {"reseal", flow_work_reseal, NULL, 30 * MINUTE},
    {FLOW_BATCH_JOB, flow_work_batch, flow_work_batch_buried, 10 * MINUTE},
    {FLOW_STOCK_JOB, flow_work_stock, NULL, 30 * MINUTE},
    {NULL, NULL, NULL, 0},
};

static const struct flow_job_kind *kind_find(struct str name)
{
    for (const struct flow_job_kind *kind = flow_job_kinds; kind->name; kind++)
        if (str_eq(str_c(kind->name), name))
            return kind;
    return NULL;
}

/* ---- For the handlers ---- */

int flow_work_begin(struct flow_work *work, struct store_tx **ret_tx, struct err *err)
{
    return flow_begin(work->flow, &work->actor, ret_tx, err);
}

int flow_work_done(struct flow_work *work, struct store_tx **tx, struct err *err)
{
    return store_job_finish(*tx, &work->job, err) < 0 ? -1 : store_commit(tx, err);
}

int flow_work_later(struct flow_work *work, struct store_tx **tx, const struct err *why, int64_t again_ms,
                    struct err *err)
{
    bool dead;
    return store_job_fail(*tx, &work->job, why, again_ms, &dead, err) < 0 ? -1 : store_commit(tx, err);
}

bool flow_work_hurry(const struct flow_work *work)
{
    bool stop = work->claim->stop && atomic_load(work->claim->stop);
    return stop || clock_mono_ms() > work->deadline_mono_ms;
}

void flow_work_progress(const struct flow_work *work, int64_t done, int64_t total)
{
    if (!work->claim->progress)
        return;
    atomic_store(&work->claim->progress->done, done);
    atomic_store(&work->claim->progress->total, total);
}

int64_t flow_work_pause(int64_t n)
{
    uint32_t dice;
    int64_t pause = 2 * SECOND;
    crypto_random(&dice, sizeof dice);
    for (int64_t i = 0; i < n && pause < 15 * MINUTE; i++)
        pause *= 2;
    pause = pause > 15 * MINUTE ? 15 * MINUTE : pause;
    return pause - pause / 4 + (int64_t)(dice % (uint32_t)(pause / 2));
}

/* ---- For the worker ---- */

static struct store_job job_of(const struct flow_claim *claim)
{
    return (struct store_job){.id = claim->id,
                              .org = claim->org,
                              .subject = claim->subject,
                              .user = claim->user,
                              .kind = claim->kind,
                              .attempt = claim->attempt,
                              .max_attempts = claim->max_attempts,
                              .worker = claim->worker};
}

int flow_job_claim(const struct flow *flow, const struct id *worker, struct arena *arena, struct flow_claim *ret_claim,
                   bool *ret_found, struct err *err)
{
    struct store_claim claim = {.worker = *worker, .limit = 1, .lease_ms = FLOW_LEASE_MS};
    struct json_list jobs = {.n = 0};
    size_t notes = 0;
    if (store_job_claim(flow->store, &claim, arena, &jobs, err) < 0)
        return -1;
    /* Who has nothing to do looks at the door: people wait there. */
    if (jobs.n == 0 && (flow_door_route(flow, arena, &notes, err) < 0 ||
                        (notes > 0 && store_job_claim(flow->store, &claim, arena, &jobs, err) < 0)))
        return -1;
    *ret_found = jobs.n > 0;
    if (!*ret_found)
        return 0;
    const struct store_job *job = jobs.items;
    const struct flow_job_kind *kind = kind_find(job->kind);
    *ret_claim = (struct flow_claim){.org = job->org,
                                     .id = job->id,
                                     .subject = job->subject,
                                     .user = job->user,
                                     .worker = *worker,
                                     .kind = job->kind,
                                     .attempt = job->attempt,
                                     .max_attempts = job->max_attempts,
                                     .deadline_ms = kind ? kind->deadline_ms : MINUTE};
    return 0;
}

int flow_job_heartbeat(const struct flow *flow, const struct flow_claim *claim, bool *ret_cancel, struct err *err)
{
    struct store_job job = job_of(claim);
    if (claim->progress) {
        job.done = atomic_load(&claim->progress->done);
        job.total = atomic_load(&claim->progress->total);
    }
    return store_job_heartbeat(flow->store, &job, FLOW_LEASE_MS, ret_cancel, err);
}

/* How soon again. What dies by its own doing comes to its end after three attempts; a death from outside (a worker that
 * is gone: its lease runs out) costs one of many. */
static int64_t again_after(const struct flow_work *work, const struct err *why)
{
    if (why->code == ERR_PARSE_KILLED)
        return STORE_JOB_ITS_OWN;
    return why->code == ERR_BUSY && work->job.attempt < MOST_BUSY ? BUSY_AGAIN_MS : STORE_JOB_BACK_OFF;
}

/* Settles a job whose handler failed. */
static int job_failed(struct flow_work *work, const struct flow_job_kind *kind, const struct err *why, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    bool dead;
    if (flow_work_begin(work, &tx, err) < 0)
        return -1;
    if (store_job_fail(tx, &work->job, why, kind ? again_after(work, why) : STORE_JOB_NEVER, &dead, err) < 0)
        return err->code == ERR_CONFLICT ? 0 : -1; /* another worker has it */
    if (dead && kind && kind->buried && kind->buried(tx, &work->subject, why, err) < 0)
        return -1;
    if (dead)
        store_event(tx, "job", &work->claim->id, flow_job_words[FLOW_JOB_dead]);
    return store_commit(&tx, err);
}

int flow_job_run(const struct flow *flow, const struct flow_claim *claim, struct arena *arena, struct err *err)
{
    const struct flow_job_kind *kind = kind_find(claim->kind);
    struct flow_work work = {
        .flow = flow,
        .claim = claim,
        .actor = {.org = claim->org, .user = claim->user, .role = FLOW_SYSTEM, .any = true, .language = "en"},
        .job = job_of(claim),
        .subject = claim->subject,
        .arena = arena,
        .deadline_mono_ms = clock_mono_ms() + claim->deadline_ms};
    struct err settling;
    int r = kind ? kind->run(&work, err) : err_set(err, ERR_INTERNAL, "unknown kind of job");
    if (r == 0)
        return 0;
    if (job_failed(&work, kind, err, &settling) < 0)
        *err = settling; /* what keeps the job from being settled is worse */
    return err->code == ERR_CONFLICT ? 0 : -1;
}

/* ---- For people ---- */

static struct str job_subject(const struct store_job *row, struct arena *arena)
{
    static const struct {
        const char *kind, *path;
    } paths[] = {{"read", "/v1/scans/"},       {"match", "/v1/contacts/"},   {"write", "/v1/write-backs/"},
                 {"undo", "/v1/write-backs/"}, {"pull", "/v1/connections/"}, {"simulate", "/v1/rules/"},
                 {"mail", "/v1/mailboxes/"},   {"fill", "/v1/contacts/"},    {FLOW_BATCH_JOB, "/v1/batches/"}};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (str_eq(row->kind, str_c(paths[i].kind)))
            return str_printf(arena, "%s%s", paths[i].path, row->subject.s);
    return STR_NONE;
}

static struct flow_job job_view(const struct flow_actor *actor, const struct store_job *row, struct arena *arena)
{
    return (struct flow_job){
        .id = flow_id_text(&row->id, arena),
        .kind = row->kind,
        .state = flow_state_of(FLOW_JOB, row->state),
        .attempts = row->attempt,
        .done = row->done,
        .total = row->total,
        .created_at = flow_time_text(row->created_at, arena),
        .finished_at = flow_time_text(row->finished_at, arena),
        .subject = job_subject(row, arena),
        .problem = flow_problem_of(actor, row->problem, row->param, arena),
        .version = row->version,
    };
}

/* One's own jobs; administrators see all. */
static int job_load(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                    struct store_job *ret_row, struct err *err)
{
    struct store_job row = {.attempt = 0};
    if (store_job_get(tx, id, arena, &row, err) < 0)
        return -1;
    if (!actor->any && !id_eq(&row.user, &actor->user))
        return err_set(err, ERR_NOT_FOUND, "job");
    *ret_row = row;
    return 0;
}

int flow_job_get(const struct flow *flow, const struct flow_actor *actor, struct id job, struct arena *arena,
                 struct flow_job *ret_job, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_job row = {.attempt = 0};
    if (flow_begin(flow, actor, &tx, err) < 0 || job_load(tx, actor, &job, arena, &row, err) < 0)
        return -1;
    *ret_job = job_view(actor, &row, arena);
    return 0;
}

/* Write-backs are not cancelled by their job: what was decided is undone, not dropped on the way. */
int flow_job_cancel(const struct flow *flow, const struct flow_actor *actor, struct id job, struct arena *arena,
                    struct flow_job *ret_job, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_job row = {.attempt = 0};
    struct flow_deed deed = {.action = "job.cancel", .kind = "job", .subject = &job, .state = "cancelled"};
    if (flow_begin(flow, actor, &tx, err) < 0 || job_load(tx, actor, &job, arena, &row, err) < 0)
        return -1;
    if (str_eq(row.kind, STR("write")) || str_eq(row.kind, STR("undo")) || str_eq(row.kind, STR("read")))
        return err_set(err, ERR_CONFLICT, "%.*s", STR_ARG(row.kind));
    if (store_job_cancel(tx, &job, err) < 0 || store_job_get(tx, &job, arena, &row, err) < 0)
        return -1;
    *ret_job = job_view(actor, &row, arena);
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_job_counts(const struct flow *flow, struct arena *arena, struct json_list *ret_counts, struct err *err)
{
    struct json_list rows;
    if (store_job_counts(flow->store, arena, &rows, err) < 0)
        return -1;
    const struct store_job_count *from = rows.items;
    struct flow_job_count *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++)
        items[i] = (struct flow_job_count){from[i].kind, from[i].state, from[i].n, from[i].oldest_ms};
    *ret_counts = (struct json_list){items, rows.n};
    return 0;
}

int flow_ready(const struct flow *flow, struct err *err)
{
    return store_ready(flow->store, LIMIT_LEAST_FREE, err);
}

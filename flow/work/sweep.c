/* What nobody asks for: buried jobs told to their subjects, write-backs whose time has come, old mirrors, what has
 * expired. See flow/jobs.h. */
#include "base/limits.h"
#include "flow/audit/alerts.h"
#include "flow/common.h"
#include "flow/crm/book.h"
#include "flow/keep/purge.h"
#include "flow/mail/mail.h"
#include "flow/sign_in/door.h"
#include "flow/states.h"
#include "flow/work/work.h"
#include "flow/write.h"
#include "store/audit/head.h"
#include "store/blob.h"
#include "store/connection.h"
#include "store/contact.h"
#include "store/people.h"
#include "store/session.h"
#include "store/write_back.h"

#include <stdatomic.h>

enum {
    MIRROR_AGE_MS = 15 * 60 * 1000, /* an older mirror is brought up to date */
    MAIL_AGE_MS = 15 * 60 * 1000,   /* a mailbox that nobody told us anything of is looked at */
    HOUSE_EVERY = 6,                /* sweeps between two looks at mirrors and at what has expired */
    BLOBS_EVERY = 360,              /* sweeps between two walks through the folder of sealed files */
    BACKGROUND = 10,
};
static const int64_t SUGGESTION_AGE_MS = 30LL * 24 * 60 * 60 * 1000; /* a suggestion that nobody takes up goes */

/* ---- Jobs whose worker died in the last attempt ---- */

/* Tells the subject and ends the job, both or none. */
static int bury(const struct flow *flow, const struct store_job *job, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct err why;
    bool dead;
    (void)err_set(&why, ERR_PARSE_KILLED, "%lld", (long long)job->attempt);
    if (store_begin(flow->store, &job->org, &tx, err) < 0)
        return -1;
    for (const struct flow_job_kind *kind = flow_job_kinds; kind->name; kind++)
        if (kind->buried && str_eq(str_c(kind->name), job->kind) && kind->buried(tx, &job->subject, &why, err) < 0)
            return -1;
    if (store_job_fail(tx, job, &why, STORE_JOB_NEVER, &dead, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

static int sweep_jobs(const struct flow *flow, struct arena *arena, struct err *err)
{
    struct json_list dead;
    int r = 0;
    if (store_job_sweep(flow->store, arena, &dead, err) < 0)
        return -1;
    for (size_t i = 0; i < dead.n; i++)
        if (bury(flow, (const struct store_job *)dead.items + i, err) < 0)
            r = -1;
    return r;
}

/* ---- Write-backs ---- */

static int write_back_wake(const struct flow *flow, const struct store_due *due, struct arena *arena, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_write_back row;
    struct id job;
    if (store_begin(flow->store, &due->org, &tx, err) < 0 || store_write_back_get(tx, &due->id, arena, &row, err) < 0)
        return -1;
    bool undoing = flow_state_of(FLOW_WRITE_BACK, row.state) == FLOW_WRITE_BACK_undoing;
    struct store_job_spec spec = {
        .kind = undoing ? "undo" : "write", .subject = row.id, .user = row.user, .max_attempts = FLOW_WRITE_ATTEMPTS};
    if (store_job_add(tx, &spec, &job, err) < 0 || store_write_back_set_job(tx, &row.id, &job, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

static int sweep_write_backs(const struct flow *flow, struct arena *arena, struct err *err)
{
    struct json_list due;
    int r = 0;
    if (store_write_back_due(flow->store, arena, &due, err) < 0)
        return -1;
    for (size_t i = 0; i < due.n; i++)
        if (write_back_wake(flow, (const struct store_due *)due.items + i, arena, err) < 0)
            r = -1;
    return r;
}

/* ---- Mirrors ---- */

static bool mirror_old(const struct store_connection *row, int64_t now)
{
    return !flow_book_keeps(row->kind) && !str_eq(row->state, STR("off")) && !str_eq(row->state, STR("reauthorise")) &&
           now - row->pulled_at > MIRROR_AGE_MS;
}

static int org_pull(const struct flow *flow, const struct id *org, struct arena *arena, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    struct id job;
    if (store_begin(flow->store, org, &tx, err) < 0 || store_connection_list(tx, arena, &rows, err) < 0)
        return -1;
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_connection *row = (const struct store_connection *)rows.items + i;
        struct store_job_spec spec = {
            .kind = "pull", .subject = row->id, .max_attempts = FLOW_PULL_ATTEMPTS, .priority = BACKGROUND};
        if (mirror_old(row, store_tx_now(tx)) && store_job_add(tx, &spec, &job, err) < 0)
            return -1;
    }
    return store_commit(&tx, err);
}

/* ---- Mailboxes ---- */

static int org_mail(const struct flow *flow, const struct id *org, struct arena *arena, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    struct id job;
    int64_t expired;
    if (store_begin(flow->store, org, &tx, err) < 0 || store_mailbox_list(tx, NULL, arena, &rows, err) < 0)
        return -1;
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_mailbox *row = (const struct store_mailbox *)rows.items + i;
        int64_t now = store_tx_now(tx);
        bool due = !id_none(&row->list) &&
                   (now - row->checked_at > MAIL_AGE_MS || row->gap_at || (row->renew_at && row->renew_at < now));
        if (due && flow_mailbox_ask_due(tx, &row->id, arena, &job, err) < 0)
            return -1;
    }
    if (store_suggestions_expire(tx, SUGGESTION_AGE_MS, &expired, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

static int sweep_orgs(const struct flow *flow, struct arena *arena, struct err *err)
{
    struct json_list orgs;
    int r = 0;
    if (store_orgs(flow->store, arena, &orgs, err) < 0)
        return -1;
    for (size_t i = 0; i < orgs.n; i++) {
        _cleanup_(arena_freep) struct arena *one = arena_new(LIMIT_ARENA_REQUEST);
        const struct id *org = (const struct id *)orgs.items + i;
        if (org_pull(flow, org, one, err) < 0)
            r = -1;
        if (org_mail(flow, org, one, err) < 0)
            r = -1;
        if (store_audit_head_keep(flow->store, org, err) < 0)
            r = -1;
        if (flow_alerts_sweep(flow, org, err) < 0)
            r = -1;
    }
    return flow_purge_sweep(flow, &orgs, err) < 0 ? -1 : r;
}

static int sweep_blobs(const struct flow *flow, struct err *err)
{
    int64_t n;
    return store_blob_sweep(flow->store, &n, err);
}

/* One broom that breaks does not stop the others; the last failure is told. */
int flow_job_sweep(const struct flow *flow, struct arena *arena, struct err *err)
{
    static atomic_uint sweeps;
    unsigned turn = atomic_fetch_add(&sweeps, 1);
    size_t notes;
    int r = sweep_jobs(flow, arena, err);
    r = sweep_write_backs(flow, arena, err) < 0 ? -1 : r;
    r = flow_door_route(flow, arena, &notes, err) < 0 ? -1 : r; /* also when every worker is busy */
    if (turn % HOUSE_EVERY == 0) {
        r = sweep_orgs(flow, arena, err) < 0 ? -1 : r;
        r = store_prune(flow->store, err) < 0 ? -1 : r;
    }
    return turn % BLOBS_EVERY == 0 && sweep_blobs(flow, err) < 0 ? -1 : r;
}

/* The job "pull": what changed in the CRM -> mirror, page by page (mirror.c). Each page is committed with its cursor,
 * so an interruption costs two pages at most: while one is kept the next is already asked for. */
#include "base/limits.h"
#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/crm/fields.h"
#include "flow/work/pulling.h"
#include "flow/work/work.h"
#include "store/record.h"

#include <pthread.h>

/* One page on its way. Each is asked for with a connection that is opened anew, because answers fill an arena that has
 * a ceiling; the way out stays, with its sockets. */
struct fetch {
    struct flow_work *work;
    struct flow_crm crm;
    struct crm_page page;
    int opened, asked; /* 0 or -1: opening failed (err), the page did not come (err) */
    struct err err;
    pthread_t thread;
    bool flying;
};

struct pull {
    struct flow_work *work;
    struct flow_pull_cursor cursor;
    bool went_on;          /* this job has kept a page */
    struct fetch fetch[2]; /* the page that is being kept, and the next one */
};

static void fetch_wait(struct fetch *fetch)
{
    if (fetch->flying)
        (void)pthread_join(fetch->thread, NULL);
    fetch->flying = false;
}

static void pull_close(struct pull *pull)
{
    for (size_t i = 0; i < ARRAY_LEN(pull->fetch); i++) {
        fetch_wait(&pull->fetch[i]);
        if (pull->fetch[i].crm.flow)
            flow_crm_close(&pull->fetch[i].crm);
    }
}

/* At the end of a full run everything that no page showed is gone in the CRM. */
static int page_end(struct pull *pull, struct store_tx *tx, const struct crm_page *page, struct err *err)
{
    int64_t buried;
    if (page->more)
        return 0;
    if (pull->cursor.since && store_record_bury_unseen(tx, &pull->work->subject, pull->cursor.since, &buried, err) < 0)
        return -1;
    pull->cursor.since = pull->cursor.seen = pull->cursor.total = 0;
    store_event(tx, "connection", &pull->work->subject, "pulled");
    return 0;
}

/* How far the run has come; a connector that starts over in the middle counts anew. */
static void page_count(struct pull *pull, struct store_tx *tx, const struct crm_page *page)
{
    if (pull->cursor.seen == 0 && page->more)
        store_event(tx, "connection", &pull->work->subject, "pulling");
    pull->cursor.seen += (int64_t)page->result.records.n;
    if (page->total > 0)
        pull->cursor.total = page->total;
}

/* Workers that died do not count once a page has come through: a pull may have thousands. Once a job: later pages tell
 * nothing new. */
static int page_went_on(struct pull *pull, struct store_tx *tx, struct err *err)
{
    bool before = pull->went_on;
    pull->went_on = true;
    if (before || pull->work->claim->attempt < 2)
        return 0;
    return store_job_go_on(tx, &pull->work->job, FLOW_PULL_ATTEMPTS, err);
}

static int page_keep(struct pull *pull, const struct fetch *fetch, struct err *err)
{
    const struct crm_page *page = &fetch->page;
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    const struct crm_record *records = page->result.records.items;
    size_t n = page->result.records.n;
    struct crm_record *mapped = arena_array(arena, n + 1, sizeof *mapped);
    if (flow_work_begin(pull->work, &tx, err) < 0)
        return -1;
    if (page->full && !pull->cursor.since)
        pull->cursor.since = store_tx_now(tx);
    for (size_t i = 0; i < n; i++)
        mapped[i] = flow_crm_mapped(&fetch->crm, &records[i]);
    if (flow_pull_records(tx, &pull->work->subject, mapped, n, err) < 0)
        return -1;
    page_count(pull, tx, page);
    if (page_went_on(pull, tx, err) < 0)
        return -1;
    if (page_end(pull, tx, page, err) < 0)
        return -1;
    pull->cursor.cursor = page->cursor;
    struct str kept = flow_pull_cursor_text(&pull->cursor, arena);
    if (store_connection_cursor(tx, &pull->work->subject, kept, !page->more, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

/* Not now: the CRM is away, or this worker's time is up. */
static int pull_later(struct flow_work *work, const struct err *why, int64_t wait_ms, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_work_begin(work, &tx, err) < 0)
        return -1;
    if (why->code == ERR_CRM_REAUTHORISE) /* changed settings ask for a pull of their own */
        return flow_work_done(work, &tx, err);
    return flow_work_later(work, &tx, why, wait_ms, err);
}

static int pull_done(struct flow_work *work, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    return flow_work_begin(work, &tx, err) < 0 ? -1 : flow_work_done(work, &tx, err);
}

/* ---- Fetching ---- */

static int fetch_open(struct fetch *fetch)
{
    struct crm_http *http = fetch->crm.flow ? take(fetch->crm.lent.http) : NULL;
    if (fetch->crm.flow)
        flow_crm_close(&fetch->crm);
    fetch->opened =
        flow_crm_open(fetch->work->flow, &fetch->work->actor.org, &fetch->work->subject, &fetch->crm, &fetch->err);
    fetch->crm.calls_for = "pull";
    if (http && fetch->opened == 0) {
        crm_http_freep(&fetch->crm.lent.http);
        fetch->crm.lent.http = take(http);
    }
    crm_http_freep(&http);
    return fetch->opened;
}

static void fetch_page(struct fetch *fetch, struct str cursor)
{
    struct flow_crm *crm = &fetch->crm;
    fetch->page = (struct crm_page){.more = false};
    int r = crm->connector->changes(&crm->lent, cursor, crm->arena, &fetch->page, &fetch->err);
    flow_crm_note(crm, &fetch->page.result, r < 0 ? &fetch->err : NULL);
    fetch->asked = r < 0 ? -1 : flow_crm_judge(&fetch->page.result, &fetch->err);
}

/* On a thread of its own: `page.cursor` is the place to go on from, in the memory of the page before. */
static void *fetch_fly(void *self)
{
    struct fetch *fetch = self;
    struct str cursor = fetch->page.cursor;
    if (fetch_open(fetch) == 0)
        fetch_page(fetch, str_dup(fetch->crm.arena, cursor));
    return NULL;
}

static void fetch_begin(struct fetch *fetch, struct flow_work *work, struct str cursor)
{
    fetch->work = work;
    fetch->page.cursor = cursor;
    fetch->flying = pthread_create(&fetch->thread, NULL, fetch_fly, fetch) == 0;
    if (!fetch->flying)
        (void)fetch_fly(fetch);
}

/* ---- Pulling ---- */

/* The first page, from where the last one that was kept ended. */
static int pull_begin(struct pull *pull, struct err *err)
{
    struct fetch *first = &pull->fetch[0];
    first->work = pull->work;
    if (fetch_open(first) < 0) {
        *err = first->err;
        return -1;
    }
    pull->cursor = flow_pull_cursor_read(first->crm.row.cursor, first->crm.arena);
    if (!first->crm.lent.book)
        fetch_page(first, pull->cursor.cursor);
    return 0;
}

/* The page did not come: later, as the CRM says or a little longer each time. */
static int pull_put_off(struct flow_work *work, const struct fetch *fetch, struct err *err)
{
    int64_t asked = fetch->page.result.retry_after_ms, pause = flow_work_pause(work->claim->attempt + 3);
    return pull_later(work, &fetch->err, asked > pause ? asked : pause, err);
}

/* Keeps a page while the next one is on its way: 1 when it is there, 0 when the job is settled, -1. */
static int pull_step(struct pull *pull, struct fetch *now, struct fetch *next, struct err *err)
{
    struct err why = {.code = ERR_BUSY};
    bool quota = flow_crm_quota_low(&now->crm.quota);
    bool go_on = now->page.more && !quota && !flow_work_hurry(pull->work);
    if (go_on)
        fetch_begin(next, pull->work, now->page.cursor);
    int kept = page_keep(pull, now, err);
    fetch_wait(next);
    if (kept < 0)
        return -1;
    if (!now->page.more)
        return pull_done(pull->work, err);
    if (!go_on && quota)
        (void)err_set(&why, ERR_CRM_QUOTA, "%lld / %lld", (long long)now->crm.quota.left,
                      (long long)now->crm.quota.limit);
    if (!go_on)
        return pull_later(pull->work, &why, quota ? flow_work_pause(pull->work->claim->attempt + 3) : 0, err);
    if (next->opened < 0) {
        *err = next->err;
        return -1;
    }
    return next->asked < 0 ? pull_put_off(pull->work, next, err) : 1;
}

/* What the CRM says of its fields today; that it does not say is no reason not to pull. */
static void refresh_fields(struct flow_work *work)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    struct err ignored;
    if (flow_crm_open(work->flow, &work->actor.org, &work->subject, &crm, &ignored) < 0 || crm.lent.book)
        return;
    crm.calls_for = "pull";
    (void)flow_fields_refresh(&crm, &ignored);
}

int flow_work_pull(struct flow_work *work, struct err *err)
{
    _cleanup_(pull_close) struct pull pull = {.work = work};
    refresh_fields(work);
    if (pull_begin(&pull, err) < 0)
        return -1;
    if (pull.fetch[0].crm.lent.book) /* its records are the book itself */
        return pull_done(work, err);
    if (pull.fetch[0].asked < 0)
        return pull_put_off(work, &pull.fetch[0], err);
    for (size_t i = 0;; i = !i) {
        int r = pull_step(&pull, &pull.fetch[i], &pull.fetch[!i], err);
        if (r < 1)
            return r;
    }
}

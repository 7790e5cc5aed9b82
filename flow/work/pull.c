/* The job "pull": what changed in the CRM -> mirror and match keys, page by page; contacts that meet a changed record
 * are compared again. Each page is committed with its cursor, so an interruption costs one page at most. */
#include "base/limits.h"
#include "dedupe/dedupe.h"
#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/work/work.h"
#include "store/match_key.h"
#include "store/record.h"

enum {
    COMMON_KEY = 200,
    MOST_CONTACTS = 50, /* compared again for one record */
    REMATCH_MS = 2000,  /* so that a burst of changes makes one comparison */
    BACKGROUND = 10,
};

/* The connector's cursor with what a full run needs to remember: when it began. */
struct pull_cursor {
    struct str cursor; /* the connector's */
    int64_t since;     /* beginning of the full run under way, by the database's clock; 0 = none */
};
#define CURSOR(member) offsetof(struct pull_cursor, member)
static const struct json_field cursor_rows[] = {
    {.name = "cursor", .kind = JSON_STR, .offset = CURSOR(cursor), .max = (size_t)1 << 20},
    {.name = "since", .kind = JSON_INT, .offset = CURSOR(since)},
};
static const struct json_shape cursor_shape = {"PullCursor", sizeof(struct pull_cursor), cursor_rows,
                                               ARRAY_LEN(cursor_rows), false};

struct pull {
    struct flow_work *work;
    struct flow_crm crm;
    struct pull_cursor cursor;
};

static void pull_close(struct pull *pull)
{
    if (pull->crm.flow)
        flow_crm_close(&pull->crm);
}

/* Contacts that share a key with the record get a job; those that did so before have their candidates already. */
static int contacts_rematch(struct store_tx *tx, const struct contact *contact, struct arena *arena, struct err *err)
{
    int64_t hashes[DEDUPE_KEYS_MAX];
    struct store_meet meet = {.kind = STORE_CONTACT, .keys = hashes, .cap = COMMON_KEY, .limit = MOST_CONTACTS};
    struct json_list met;
    if (flow_key_hashes(tx, contact, DEDUPE_FOR_MATCH, hashes, &meet.n, err) < 0)
        return -1;
    if (meet.n == 0)
        return 0;
    if (store_match_keys_meet(tx, &meet, arena, &met, err) < 0)
        return -1;
    for (size_t i = 0; i < met.n; i++) {
        struct store_job_spec spec = {.kind = "match",
                                      .max_attempts = FLOW_MATCH_ATTEMPTS,
                                      .subject = ((const struct store_meeting *)met.items)[i].id,
                                      .priority = BACKGROUND,
                                      .delay_ms = REMATCH_MS};
        struct id job;
        if (store_job_add(tx, &spec, &job, err) < 0)
            return -1;
    }
    return 0;
}

int flow_pull_record(struct store_tx *tx, const struct id *connection, const struct crm_record *record,
                     struct arena *arena, struct err *err)
{
    struct store_record known;
    struct id id;
    bool fresh = store_record_find(tx, connection, record->remote_id, arena, &known, err) < 0;
    if (fresh && err->code != ERR_NOT_FOUND)
        return -1;
    if (record->deleted)
        return fresh ? 0 : store_record_bury(tx, connection, record->remote_id, err);
    bool changed = fresh || known.deleted_at || !contact_same(&known.contact, &record->contact);
    if (!changed)
        return flow_mirror_seen(tx, connection, record, &id, err);
    if (flow_mirror_put(tx, connection, record, &id, err) < 0)
        return -1;
    return contacts_rematch(tx, &record->contact, arena, err);
}

/* At the end of a full run everything that no page showed is gone in the CRM. */
static int page_end(struct pull *pull, struct store_tx *tx, const struct crm_page *page, struct err *err)
{
    int64_t buried;
    if (page->more)
        return 0;
    if (pull->cursor.since && store_record_bury_unseen(tx, &pull->work->subject, pull->cursor.since, &buried, err) < 0)
        return -1;
    pull->cursor.since = 0;
    store_event(tx, "connection", &pull->work->subject, "pulled");
    return 0;
}

static int page_keep(struct pull *pull, const struct crm_page *page, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    const struct crm_record *records = page->result.records.items;
    if (flow_work_begin(pull->work, &tx, err) < 0)
        return -1;
    if (page->full && !pull->cursor.since)
        pull->cursor.since = store_tx_now(tx);
    for (size_t i = 0; i < page->result.records.n; i++)
        if (flow_pull_record(tx, &pull->work->subject, &records[i], arena, err) < 0)
            return -1;
    if (page_end(pull, tx, page, err) < 0)
        return -1;
    pull->cursor.cursor = page->cursor;
    struct str kept = json_write(&cursor_shape, &pull->cursor, arena);
    if (store_connection_cursor(tx, &pull->work->subject, kept, !page->more, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

static int pull_open(struct flow_work *work, struct pull *ret_pull, struct err *err)
{
    struct err unreadable;
    *ret_pull = (struct pull){.work = work};
    if (flow_crm_open(work->flow, &work->actor.org, &work->subject, &ret_pull->crm, err) < 0)
        return -1;
    struct str kept = ret_pull->crm.row.cursor;
    if (kept.p && json_read(&cursor_shape, kept, ret_pull->crm.arena, &ret_pull->cursor, &unreadable) < 0)
        ret_pull->cursor = (struct pull_cursor){.cursor = STR_NONE}; /* from the beginning */
    return 0;
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

static int pull_page(struct pull *pull, struct crm_page *ret_page, struct err *why)
{
    struct flow_crm *crm = &pull->crm;
    int r = crm->connector->changes(&crm->lent, pull->cursor.cursor, crm->arena, ret_page, why);
    flow_crm_note(crm, &ret_page->result, r < 0 ? why : NULL);
    return r < 0 ? -1 : flow_crm_judge(&ret_page->result, why);
}

static int pull_done(struct flow_work *work, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    return flow_work_begin(work, &tx, err) < 0 ? -1 : flow_work_done(work, &tx, err);
}

/* The last tenth of what the vendor grants belongs to people who look and decide: a pull waits. */
static bool quota_is_for_people(const struct crm_quota *quota)
{
    return quota->left >= 0 && quota->limit > 0 && quota->left < quota->limit / 10;
}

/* Each page opens the connection anew: its answers fill an arena that has a ceiling. */
static int pull_one(struct flow_work *work, bool *ret_settled, struct err *err)
{
    _cleanup_(pull_close) struct pull pull = {.work = work};
    struct crm_page page = {.more = false};
    struct err why = {.code = ERR_NONE};
    if (pull_open(work, &pull, err) < 0)
        return -1;
    *ret_settled = true;
    if (pull.crm.lent.book) /* its records are the book itself */
        return pull_done(work, err);
    if (pull_page(&pull, &page, &why) < 0) {
        int64_t pause = flow_work_pause(work->claim->attempt + 3);
        int64_t wait = page.result.retry_after_ms > pause ? page.result.retry_after_ms : pause;
        return pull_later(work, &why, wait, err);
    }
    if (page_keep(&pull, &page, err) < 0)
        return -1;
    *ret_settled = !page.more;
    if (page.more && quota_is_for_people(&pull.crm.quota)) {
        (void)err_set(&why, ERR_CRM_QUOTA, "%lld / %lld", (long long)pull.crm.quota.left,
                      (long long)pull.crm.quota.limit);
        *ret_settled = true;
        return pull_later(work, &why, flow_work_pause(work->claim->attempt + 3), err);
    }
    return page.more ? 0 : pull_done(work, err);
}

int flow_work_pull(struct flow_work *work, struct err *err)
{
    bool settled = false;
    struct err busy = {.code = ERR_BUSY};
    while (!settled) {
        if (flow_work_hurry(work))
            return pull_later(work, &busy, 0, err);
        if (pull_one(work, &settled, err) < 0)
            return -1;
    }
    return 0;
}

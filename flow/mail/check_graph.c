/* A mailbox looked at by Microsoft Graph: the mails that were told of, one by one; and by the delta query what nobody
 * told of, after a gap and every quarter of an hour. See check.h. */
#include "base/clock.h"
#include "base/limits.h"
#include "crm-connectors/mailbox/graph.h"
#include "flow/common.h"
#include "flow/mail/check.h"
#include "store/mail/subscription.h"

enum {
    WAITING_MOST = 50,           /* mails that were told of, read from the store at a time */
    OLD_MS = 14 * 60 * 1000,     /* the last delta query is older: another one */
    OVERLAP_MS = 10 * 60 * 1000, /* begun anew, so far back: what came last may not have been seen */
    LINK_MAX = 8 * 1024,
};

struct cursor {
    struct str link; /* where the delta query goes on */
};
static const struct json_field cursor_rows[] = {
    {.name = "link", .kind = JSON_STR, .offset = offsetof(struct cursor, link), .max = LINK_MAX},
};
static const struct json_shape cursor_shape = {"GraphCursor", sizeof(struct cursor), cursor_rows,
                                               ARRAY_LEN(cursor_rows), false};

int flow_check_answer(struct flow_check *check, int r, const struct crm_result *result, struct err *err)
{
    if (r != 0)
        return r;
    if (result->outcome == CRM_GONE)
        return 0;
    if (flow_crm_judge(result, err) == 0) /* nothing that was asked for, and nothing wrong */
        return err_set(err, ERR_CRM_DOWN, "%s", "an answer that means nothing");
    bool asked = result->outcome == CRM_QUOTA || result->retry_after_ms > 0;
    check->wait_ms = asked ? (result->retry_after_ms > 0 ? result->retry_after_ms : -1) : 0;
    if (asked)
        (void)err_set(err, ERR_CRM_DOWN, "it asks us to wait %lld s",
                      (long long)((result->retry_after_ms + 999) / 1000));
    return -1;
}

/* ---- One mail ---- */

/* Fetches it step by step, as far as it is wanted: 1 with its bytes in check->bytes; 0: it is not, or is gone; -1. */
static int fetch(struct flow_check *check, const struct crm_graph_mail *mail, struct arena *arena, size_t *ret_n,
                 struct err *err)
{
    struct crm_lent *lent = &check->mail.crm.lent;
    struct crm_into into = {.p = check->bytes.p, .room = check->bytes.size};
    struct crm_result result;
    struct str fields = mail->fields;
    lent->now_ms = clock_now_ms();
    int r = fields.p ? 1 : crm_graph_sender(lent, mail->id, arena, &fields, &result, err);
    r = flow_check_answer(check, r, &result, err);
    if (r < 1 || !flow_check_wanted(check, fields))
        return r < 0 ? -1 : 0;
    r = flow_check_answer(check, crm_graph_fields(lent, mail->id, arena, &fields, &result, err), &result, err);
    if (r < 1 || !flow_check_wanted(check, fields))
        return r < 0 ? -1 : 0;
    r = flow_check_answer(check, crm_graph_mime(lent, mail->id, arena, &into, &result, err), &result, err);
    *ret_n = into.n;
    return r == 1 && into.n == 0 ? 0 : r;
}

/* Looks at one mail, and remembers that. */
static int look_at(struct flow_check *check, const struct crm_graph_mail *mail, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    size_t n = 0;
    int r = fetch(check, mail, arena, &n, err);
    if (r < 0)
        return -1;
    check->done = mail->id;
    if (r == 1 && flow_check_mail(check, n, STR_NONE, err) < 0)
        return -1;
    return check->done.p ? flow_check_progress(check, STR_NONE, false, err) : 0;
}

/* ---- What was told of ---- */

static int waiting_some(struct flow_check *check, struct arena *arena, struct json_list *ret_ids, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    return flow_work_begin(check->work, &tx, err) < 0
               ? -1
               : store_messages_waiting(tx, &check->work->subject, WAITING_MOST, arena, ret_ids, err);
}

static int waiting(struct flow_check *check, bool *ret_left, struct err *err)
{
    struct json_list ids = {.n = 1};
    while (ids.n > 0) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
        if (waiting_some(check, arena, &ids, err) < 0)
            return -1;
        for (size_t i = 0; i < ids.n; i++) {
            const struct crm_graph_mail mail = {.id = ((const struct str *)ids.items)[i]};
            *ret_left = flow_work_hurry(check->work);
            if (*ret_left)
                return 0;
            if (look_at(check, &mail, err) < 0)
                return -1;
        }
    }
    return 0;
}

/* ---- What nobody told of ---- */

static int known(struct flow_check *check, struct str id, bool *ret_known, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    return flow_work_begin(check->work, &tx, err) < 0
               ? -1
               : store_message_known(tx, &check->work->subject, id, ret_known, err);
}

static int page_mails(struct flow_check *check, const struct json_list *mails, bool *ret_left, struct err *err)
{
    for (size_t i = 0; i < mails->n; i++) {
        const struct crm_graph_mail *mail = (const struct crm_graph_mail *)mails->items + i;
        bool seen = !mail->fields.p; /* it went meanwhile */
        *ret_left = flow_work_hurry(check->work);
        if (*ret_left)
            return 0;
        if ((!seen && known(check, mail->id, &seen, err) < 0) || (!seen && look_at(check, mail, err) < 0))
            return -1;
    }
    return 0;
}

static int forget_old(struct flow_check *check, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    return flow_work_begin(check->work, &tx, err) < 0 || store_messages_prune(tx, &check->work->subject, err) < 0
               ? -1
               : store_commit(&tx, err);
}

/* One page, and where it leads: *ret_link, absent when that was all. */
static int delta_page(struct flow_check *check, const struct crm_graph_from *from, struct str *ret_link, bool *ret_left,
                      struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct crm_lent *lent = &check->mail.crm.lent;
    struct crm_graph_page page;
    struct crm_result result;
    lent->now_ms = clock_now_ms();
    int r = crm_graph_delta(lent, from, arena, &page, &result, err);
    if (page.forgotten) { /* what was known there is not any more: the next page is a first one */
        *ret_link = STR("");
        return 0;
    }
    r = flow_check_answer(check, r, &result, err);
    if (r < 0 || (r == 0 && err_set(err, ERR_CRM_DOWN, "%s", "there is no inbox") < 0) ||
        page_mails(check, &page.mails, ret_left, err) < 0)
        return -1;
    if (*ret_left)
        return 0;
    const struct cursor cursor = {page.next.p ? page.next : page.delta};
    *ret_link = page.next.p ? str_dup(check->mail.crm.arena, page.next) : STR_NONE;
    return flow_check_progress(check, json_write(&cursor_shape, &cursor, arena), page.delta.p != NULL, err);
}

static int delta(struct flow_check *check, bool *ret_left, struct err *err)
{
    const struct store_mailbox *row = &check->mail.row;
    struct cursor cursor = {STR_NONE};
    struct err unreadable;
    struct crm_graph_from from = {.since_ms = row->checked_at - OVERLAP_MS};
    if (from.since_ms < row->since)
        from.since_ms = row->since;
    if (row->cursor.p)
        (void)json_read(&cursor_shape, row->cursor, check->mail.crm.arena, &cursor, &unreadable);
    from.link = cursor.link.p ? cursor.link : STR("");
    while (from.link.p && !*ret_left) {
        if (delta_page(check, &from, &from.link, ret_left, err) < 0)
            return -1;
        *ret_left = *ret_left || (from.link.p && flow_work_hurry(check->work));
    }
    return *ret_left ? 0 : forget_old(check, err);
}

int flow_check_graph(struct flow_check *check, bool *ret_left, struct err *err)
{
    const struct store_mailbox *row = &check->mail.row;
    bool told = false, fresh = false;
    check->mail.crm.lent.now_ms = clock_now_ms();
    if (flow_check_subscription(check, &told, &fresh, err) < 0 || waiting(check, ret_left, err) < 0)
        return -1;
    bool due = !told || fresh || row->gap_at || check->begun_at - row->checked_at > OLD_MS;
    return *ret_left || !due ? 0 : delta(check, ret_left, err);
}

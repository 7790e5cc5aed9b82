/* A mailbox looked at by IMAP: headers of what is new in one go, then the mails that are wanted, one by one. See
 * check.h.
 */
#include "base/limits.h"
#include "crm-connectors/mailbox/mailbox.h"
#include "flow/mail/check.h"

/* ---- How far we came ---- */

struct cursor {
    int64_t uid_validity, uid; /* the last one that is done with */
    int64_t since_ms;          /* UIDs began anew: what came before that moment is known; 0 = they did not */
};
#define INTEGER(member)                                                                                                \
    {                                                                                                                  \
        .name = #member, .kind = JSON_INT, .offset = offsetof(struct cursor, member)                                   \
    }
static const struct json_field cursor_rows[] = {INTEGER(uid_validity), INTEGER(uid), INTEGER(since_ms)};
static const struct json_shape cursor_shape = {"MailCursor", sizeof(struct cursor), cursor_rows, ARRAY_LEN(cursor_rows),
                                               false};

/* ---- Looking ---- */

/* What the headers of one search say. */
struct batch {
    struct flow_check *check;
    uint32_t uids[CRM_IMAP_UIDS], read[CRM_IMAP_UIDS]; /* all, and those to be read */
    size_t n, n_read;
};

static int batch_each(void *self, const struct crm_imap_mail *mail, struct err *err)
{
    struct batch *batch = self;
    (void)err;
    if (batch->n_read < ARRAY_LEN(batch->read) && flow_check_wanted(batch->check, mail->fields))
        batch->read[batch->n_read++] = mail->uid;
    return 0;
}

static int by_uid(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static struct str cursor_text(const struct cursor *cursor, struct arena *arena)
{
    return json_write(&cursor_shape, cursor, arena);
}

/* *ret_left: stopped in the middle, because the worker is to end. */
static int batch_read(struct batch *batch, struct crm_mail *wire, struct cursor *cursor, bool *ret_left,
                      struct err *err)
{
    struct flow_check *check = batch->check;
    qsort(batch->read, batch->n_read, sizeof *batch->read, by_uid);
    for (size_t i = 0; i < batch->n_read; i++) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_JSON_BYTES);
        size_t n;
        *ret_left = flow_work_hurry(check->work);
        if (*ret_left)
            return 0;
        if (crm_imap_body(&wire->imap, batch->read[i], check->bytes.p, check->bytes.size, &n, err) < 0)
            return -1;
        cursor->uid = batch->read[i];
        if (n > 0 && flow_check_mail(check, n, cursor_text(cursor, arena), err) < 0)
            return -1;
    }
    cursor->uid = batch->uids[batch->n - 1];
    return 0;
}

/* Where to go on: at the end of a mailbox that is new to us; from the day of the last look where its UIDs began anew.
 */
static int imap_begin(struct flow_check *check, struct crm_mail *wire, struct cursor *ret_cursor, struct err *err)
{
    struct crm_imap_folder folder;
    struct err unreadable;
    const struct store_mailbox *row = &check->mail.row;
    bool known =
        row->cursor.p && json_read(&cursor_shape, row->cursor, check->mail.crm.arena, ret_cursor, &unreadable) == 0;
    if (crm_imap_examine(&wire->imap, &folder, err) < 0)
        return -1;
    if (!known)
        *ret_cursor = (struct cursor){folder.uid_validity, folder.uid_next - 1, 0};
    else if (ret_cursor->uid_validity != folder.uid_validity)
        *ret_cursor = (struct cursor){folder.uid_validity, 0, row->checked_at ? row->checked_at : row->since};
    return 0;
}

static int imap_look(struct flow_check *check, struct crm_mail *wire, bool *ret_left, struct err *err)
{
    struct cursor cursor = {.uid = 0};
    if (crm_mail_open(&check->mail.crm.lent, check->mail.crm.arena, wire, err) < 0 ||
        imap_begin(check, wire, &cursor, err) < 0)
        return -1;
    for (bool some = true; some && !*ret_left;) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_JSON_BYTES);
        struct batch batch = {.check = check};
        if (crm_imap_search(&wire->imap, (uint32_t)cursor.uid, cursor.since_ms, batch.uids, &batch.n, err) < 0 ||
            crm_imap_headers(&wire->imap, batch.uids, batch.n, batch_each, &batch, err) < 0)
            return -1;
        some = batch.n > 0;
        if (some && batch_read(&batch, wire, &cursor, ret_left, err) < 0)
            return -1;
        if (flow_check_progress(check, cursor_text(&cursor, arena), !some, err) < 0)
            return -1;
    }
    return 0;
}

int flow_check_imap(struct flow_check *check, bool *ret_left, struct err *err)
{
    struct crm_mail *wire = arena_one(check->work->arena, struct crm_mail);
    wire->until_mono_ms = check->work->deadline_mono_ms;
    wire->wake_fd = -1;
    int r = imap_look(check, wire, ret_left, err);
    crm_mail_close(wire);
    return r;
}

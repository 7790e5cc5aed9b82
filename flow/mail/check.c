/* The job "mail": looks at what came since the last time. A mail is fetched into one piece of locked memory, read by
 * the locked-up reader, and wiped; what is kept is how far we came and what was suggested, in one transaction. */
#include "base/clock.h"
#include "base/limits.h"
#include "base/locked.h"
#include "crm-connectors/mailbox/mailbox.h"
#include "flow/common.h"
#include "flow/crm/steps.h"
#include "flow/mail/exclude.h"
#include "flow/mail/mail.h"
#include "flow/work/work.h"

enum { READER_MS = (LIMIT_PARSE_WALL_SECONDS + 15) * 1000, AGAIN_MS = 60 * 1000 };

/* One look at a mailbox. */
struct check {
    struct flow_work *work;
    struct flow_mail mail;
    struct locked bytes;                    /* the one place where a mail ever lies */
    struct store_mailbox_progress progress; /* not yet kept */
    int64_t wait_ms;                        /* the server asked us to stay away that long; 0 = it did not */
};

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

/* ---- One mail ---- */

static bool wanted(struct flow_mail *mail, struct str fields)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    return !flow_mail_excluded(&mail->rules, fields, arena) && !flow_mail_automatic(fields);
}

/* Counts those that are not. */
static bool fields_wanted(struct check *check, struct str fields)
{
    bool read = wanted(&check->mail, fields);
    if (!read)
        check->progress.header_only++;
    return read;
}

/* The counts and the cursor, in a transaction of their own or in that of a suggestion. */
static int progress_keep(struct check *check, struct store_tx *tx, struct str cursor, struct err *err)
{
    check->progress.cursor = cursor;
    if (store_mailbox_progress(tx, &check->work->subject, &check->progress, err) < 0)
        return -1;
    check->progress = (struct store_mailbox_progress){.cursor = STR_NONE};
    return 0;
}

/* Keeps how far we came; `complete`: nothing new is left. */
static int check_progress(struct check *check, struct str cursor, bool complete, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    check->progress.complete = complete;
    return flow_work_begin(check->work, &tx, err) < 0 || progress_keep(check, tx, cursor, err) < 0
               ? -1
               : store_commit(&tx, err);
}

/* What the reader says of the n bytes; they are gone afterwards, whatever comes of it. */
static int read_bytes(struct check *check, size_t n, struct arena *arena, struct str *ret_json, struct err *err)
{
    struct flow_reader reader = check->work->flow->reader;
    struct err wiping;
    int r = locked_cut(&check->bytes, n, err);
    r = r < 0 ? -1 : reader.mail(reader.self, check->bytes.fd, READER_MS, arena, ret_json, err);
    return locked_wipe(&check->bytes, &wiping) < 0 ? err_set(err, wiping.code, "%s", wiping.param) : r;
}

static int check_mail(struct check *check, size_t n, struct str cursor, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_mail_read read = {.suggested = false};
    check->progress.looked++;
    if (read_bytes(check, n, arena, &read.json, err) < 0) /* a mail that kills its reader is passed over */
        return err->code == ERR_PARSE_KILLED ? 0 : -1;
    if (!flow_mail_says_something(read.json, arena))
        return 0;
    if (flow_work_begin(check->work, &tx, err) < 0 || flow_mail_suggest(&check->mail, tx, &read, arena, err) < 0)
        return -1;
    check->progress.suggested += read.suggested ? 1 : 0;
    return progress_keep(check, tx, cursor, err) < 0 ? -1 : store_commit(&tx, err);
}

/* ---- One mailbox by IMAP ---- */

/* What the headers of one search say. */
struct batch {
    struct check *check;
    uint32_t uids[CRM_IMAP_UIDS], read[CRM_IMAP_UIDS]; /* all, and those to be read */
    size_t n, n_read;
};

static int batch_each(void *self, const struct crm_imap_mail *mail, struct err *err)
{
    struct batch *batch = self;
    (void)err;
    if (batch->n_read < ARRAY_LEN(batch->read) && fields_wanted(batch->check, mail->fields))
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
    struct check *check = batch->check;
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
        if (n > 0 && check_mail(check, n, cursor_text(cursor, arena), err) < 0)
            return -1;
    }
    cursor->uid = batch->uids[batch->n - 1];
    return 0;
}

/* Where to go on: at the end of a mailbox that is new to us; from the day of the last look where its UIDs began anew.
 */
static int imap_begin(struct check *check, struct crm_mail *wire, struct cursor *ret_cursor, struct err *err)
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

static int imap_look(struct check *check, struct crm_mail *wire, bool *ret_left, struct err *err)
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
        if (check_progress(check, cursor_text(&cursor, arena), !some, err) < 0)
            return -1;
    }
    return 0;
}

static int check_imap(struct check *check, bool *ret_left, struct err *err)
{
    struct crm_mail *wire = arena_one(check->work->arena, struct crm_mail);
    wire->until_mono_ms = check->work->deadline_mono_ms;
    wire->wake_fd = -1;
    int r = imap_look(check, wire, ret_left, err);
    crm_mail_close(wire);
    return r;
}

/* ---- The job ---- */

static void check_close(struct check *check)
{
    flow_mail_close(&check->mail);
    locked_close(&check->bytes);
}

/* Settles: done; again at once when we were interrupted; again in a while when the server was. */
static int settle(struct check *check, bool left, const struct err *failure, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_work *work = check->work;
    struct err busy = {.code = ERR_BUSY};
    if (flow_work_begin(work, &tx, err) < 0)
        return -1;
    if (left)
        return flow_work_later(work, &tx, &busy, 0, err);
    if (failure && failure->code == ERR_MAIL_DOWN)
        return flow_work_later(work, &tx, failure, AGAIN_MS + flow_work_pause(0), err);
    return flow_work_done(work, &tx, err); /* a refused sign-in waits for its owner */
}

int flow_work_mail(struct flow_work *work, struct err *err)
{
    _cleanup_(check_close) struct check check = {.work = work, .bytes = {.fd = -1}};
    struct err why = {.code = ERR_NONE};
    bool left = false;
    if (!work->flow->reader.mail)
        return err_set(err, ERR_INTERNAL, "no reader is lent");
    if (flow_mail_open(work->flow, &work->actor.org, &work->subject, &check.mail, err) < 0)
        return -1;
    if (check.mail.paused)
        return settle(&check, false, NULL, err);
    if (locked_open(FLOW_MAIL_BYTES, &check.bytes, err) < 0)
        return -1;
    int r = check_imap(&check, &left, &why);
    flow_mail_say(&why);
    bool theirs = why.code == ERR_MAIL_DOWN || why.code == ERR_MAIL_SIGN_IN || why.code == ERR_HOST_REFUSED;
    if (r < 0 && !theirs) {
        *err = why;
        return -1;
    }
    flow_mail_note(work->flow, &work->actor.org, &work->subject, r < 0 ? &why : NULL);
    return settle(&check, left, r < 0 ? &why : NULL, err);
}

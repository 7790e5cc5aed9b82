/* The job "mail": looks at what came since the last time. A mail is fetched into one piece of locked memory, read by
 * the locked-up reader, and wiped; what is kept is how far we came and what was suggested, in one transaction. */
#include "flow/mail/check.h"

#include "base/limits.h"
#include "crm-connectors/mailbox/mailbox.h"
#include "flow/common.h"
#include "flow/crm/steps.h"
#include "flow/mail/exclude.h"
#include "store/connection.h"
#include "store/mail/subscription.h"

enum { READER_MS = (LIMIT_PARSE_WALL_SECONDS + 15) * 1000, AGAIN_MS = 60 * 1000 };

/* ---- One mail ---- */

static bool wanted(struct flow_mail *mail, struct str fields)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    return !flow_mail_excluded(&mail->rules, fields, arena) && !flow_mail_automatic(fields);
}

bool flow_check_wanted(struct flow_check *check, struct str fields)
{
    bool read = wanted(&check->mail, fields);
    if (!read)
        check->progress.header_only++;
    return read;
}

/* The counts and the cursor, in a transaction of their own or in that of a suggestion. */
static int progress_keep(struct flow_check *check, struct store_tx *tx, struct str cursor, struct err *err)
{
    const struct id *mailbox = &check->work->subject;
    check->progress.cursor = cursor;
    check->progress.begun_at = check->begun_at;
    if (store_mailbox_progress(tx, mailbox, &check->progress, err) < 0 ||
        (check->done.p && store_message_done(tx, mailbox, check->done, err) < 0))
        return -1;
    check->progress = (struct store_mailbox_progress){.cursor = STR_NONE};
    check->done = STR_NONE;
    return 0;
}

int flow_check_progress(struct flow_check *check, struct str cursor, bool complete, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    check->progress.complete = complete;
    return flow_work_begin(check->work, &tx, err) < 0 || progress_keep(check, tx, cursor, err) < 0
               ? -1
               : store_commit(&tx, err);
}

/* What the reader says of the n bytes; they are gone afterwards, whatever comes of it. */
static int read_bytes(struct flow_check *check, size_t n, struct arena *arena, struct str *ret_json, struct err *err)
{
    struct flow_reader reader = check->work->flow->reader;
    struct err wiping;
    int r = locked_cut(&check->bytes, n, err);
    r = r < 0 ? -1 : reader.mail(reader.self, check->bytes.fd, READER_MS, arena, ret_json, err);
    return locked_wipe(&check->bytes, &wiping) < 0 ? err_set(err, wiping.code, "%s", wiping.param) : r;
}

int flow_check_mail(struct flow_check *check, size_t n, struct str cursor, struct err *err)
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

/* ---- The job ---- */

static void check_close(struct flow_check *check)
{
    flow_mail_close(&check->mail);
    locked_close(&check->bytes);
}

/* The service named a time, or its server is busy: until then nobody calls it, whoever asks for a look. */
static int rest(struct flow_check *check, struct store_tx *tx, bool failed, struct err *err)
{
    int64_t ms = check->wait_ms > 0 ? check->wait_ms : check->wait_ms < 0 ? STORE_CALL_FAILED : 0;
    if (!flow_mail_is_told(check->mail.crm.row.kind) || (failed && ms == 0))
        return 0;
    return store_connection_called(tx, &check->work->subject, ms, NULL, err);
}

/* Settles: done; again at once when we were interrupted; again in a while when the server was. */
static int settle(struct flow_check *check, bool left, const struct err *failure, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_work *work = check->work;
    struct err busy = {.code = ERR_BUSY};
    if (flow_work_begin(work, &tx, err) < 0 || rest(check, tx, failure != NULL, err) < 0)
        return -1;
    if (left)
        return flow_work_later(work, &tx, &busy, 0, err);
    if (failure && failure->code == ERR_MAIL_DOWN) {
        int64_t again = check->wait_ms > 0   ? check->wait_ms + flow_work_pause(0)
                        : check->wait_ms < 0 ? flow_work_pause(0)
                                             : AGAIN_MS + flow_work_pause(0);
        return flow_work_later(work, &tx, failure, again, err);
    }
    return flow_work_done(work, &tx, err); /* a refused sign-in waits for its owner */
}

/* The mailbox was removed meanwhile: there is nothing to do. */
static int gone(struct flow_work *work, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    return flow_work_begin(work, &tx, err) < 0 ? -1 : flow_work_done(work, &tx, err);
}

static int look(struct flow_check *check, bool *ret_left, struct err *err)
{
    if (locked_open(FLOW_MAIL_BYTES, &check->bytes, err) < 0)
        return -1;
    return flow_mail_is_told(check->mail.crm.row.kind) ? flow_check_graph(check, ret_left, err)
                                                       : flow_check_imap(check, ret_left, err);
}

int flow_work_mail(struct flow_work *work, struct err *err)
{
    _cleanup_(check_close) struct flow_check check = {.work = work, .bytes = {.fd = -1}};
    struct err why = {.code = ERR_NONE};
    bool left = false;
    if (!work->flow->reader.mail)
        return err_set(err, ERR_INTERNAL, "no reader is lent");
    if (flow_mail_open(work->flow, &work->actor.org, &work->subject, &check.mail, err) < 0)
        return err->code == ERR_NOT_FOUND ? gone(work, err) : -1;
    check.begun_at = check.mail.opened_at;
    if (check.mail.paused) {
        flow_mail_untell(work->flow, &work->actor.org, &check.mail.row);
        return settle(&check, false, NULL, err);
    }
    int r = look(&check, &left, &why);
    flow_mail_say(&why);
    bool theirs = why.code == ERR_MAIL_DOWN || why.code == ERR_MAIL_SIGN_IN || why.code == ERR_HOST_REFUSED;
    if (r < 0 && !theirs) {
        *err = why;
        return -1;
    }
    if (check.wait_ms == 0) /* a service that asks for patience is well */
        flow_mail_note(work->flow, &work->actor.org, &work->subject, r < 0 ? &why : NULL);
    return settle(&check, left, r < 0 ? &why : NULL, err);
}

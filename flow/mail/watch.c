/* Waiting for news at a mailbox by IDLE (RFC 2177); see flow/mailbox.h. What the news are is the job's to find out. */
#include "base/clock.h"
#include "base/limits.h"
#include "crm-connectors/mailbox/mailbox.h"
#include "flow/common.h"
#include "flow/crm/steps.h"
#include "flow/mail/mail.h"

#include <poll.h>

enum {
    ROUND_MS = FLOW_WATCH_LEASE_MS / 3, /* then the lease is renewed; much less than RFC 2177's 29 minutes */
    OPEN_MS = 60 * 1000,
    RETRY_MS = 20 * 1000, /* after the connection broke */
};

int flow_watch_claim(const struct flow *flow, const struct id *watcher, int most, struct arena *arena,
                     struct json_list *ret_watches, struct err *err)
{
    const struct store_watch watch = {
        .watcher = *watcher, .kinds = "imap,imap_oauth,google_mail", .limit = most, .lease_ms = FLOW_WATCH_LEASE_MS};
    struct json_list rows;
    if (store_mailbox_watch(flow->store, &watch, arena, &rows, err) < 0)
        return -1;
    struct flow_watch *watches = arena_array(arena, rows.n, sizeof *watches);
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_watched *row = (const struct store_watched *)rows.items + i;
        watches[i] = (struct flow_watch){.org = row->org, .mailbox = row->id, .watcher = *watcher, .wake_fd = -1};
    }
    *ret_watches = (struct json_list){watches, rows.n};
    return 0;
}

/* Renews the lease, and asks for a look. ERR_NOT_FOUND: it is no longer ours. */
static int tell(const struct flow *flow, const struct flow_watch *watch, bool news, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct id job;
    if (store_begin(flow->store, &watch->org, &tx, err) < 0 ||
        store_mailbox_watch_renew(tx, &watch->mailbox, &watch->watcher, FLOW_WATCH_LEASE_MS, err) < 0 ||
        (news && flow_mailbox_ask_check(tx, &watch->mailbox, &job, err) < 0))
        return -1;
    return store_commit(&tx, err);
}

static bool woken(const struct flow_watch *watch)
{
    struct pollfd fd = {.fd = watch->wake_fd, .events = POLLIN};
    return poll(&fd, 1, 0) > 0;
}

/* Rounds of IDLE, each shorter than the lease. Between two rounds nothing is missed: what came meanwhile is told by the
 * next IDLE's command, as RFC 9051 section 5.2 wants it. */
static int listen_on(const struct flow *flow, const struct flow_watch *watch, struct crm_mail *wire, struct err *err)
{
    struct crm_imap_folder folder;
    if (crm_imap_examine(&wire->imap, &folder, err) < 0 || tell(flow, watch, true, err) < 0)
        return -1;
    while (!woken(watch)) {
        bool news = false;
        wire->until_mono_ms = clock_mono_ms() + ROUND_MS + OPEN_MS;
        if (crm_imap_idle(&wire->imap, ROUND_MS, &news, err) < 0 || tell(flow, watch, news, err) < 0)
            return -1;
    }
    return 0;
}

int flow_watch_run(const struct flow *flow, const struct flow_watch *watch, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)1 << 20);
    _cleanup_(flow_mail_close) struct flow_mail mail = {.flow = NULL};
    struct crm_mail *wire = arena_one(arena, struct crm_mail);
    struct err why = {.code = ERR_NONE}, ignored;
    wire->until_mono_ms = clock_mono_ms() + OPEN_MS;
    wire->wake_fd = watch->wake_fd;
    int r = flow_mail_open(flow, &watch->org, &watch->mailbox, &mail, &why);
    if (r == 0 && !mail.paused) {
        r = crm_mail_open(&mail.crm.lent, mail.crm.arena, wire, &why);
        r = r < 0 ? -1 : listen_on(flow, watch, wire, &why);
        crm_mail_close(wire);
        flow_mail_say(&why);
        if (r < 0 && (why.code == ERR_MAIL_DOWN || why.code == ERR_MAIL_SIGN_IN))
            flow_mail_note(flow, &watch->org, &watch->mailbox, &why);
    }
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (store_begin(flow->store, &watch->org, &tx, &ignored) == 0 &&
        store_mailbox_watch_renew(tx, &watch->mailbox, &watch->watcher, woken(watch) ? 0 : RETRY_MS, &ignored) == 0)
        (void)store_commit(&tx, &ignored);
    if (r < 0)
        *err = why;
    return r;
}

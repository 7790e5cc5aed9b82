/* An administrator's consent: where it is asked for and what comes back; see mail.h and flow/authorize.h. Whoever comes
 * back need not be signed in here, and may be anybody: all that can be said that way is "it may work now". */
#include "base/limits.h"
#include "flow/authorize.h"
#include "flow/common.h"
#include "flow/mail/mail.h"
#include "store/mail/subscription.h"

/* "a.ORG.MAILBOX.MARK" */
#define BEFORE "a."

int flow_mail_admin_url(struct store_tx *tx, const struct flow *flow, const struct id *mailbox,
                        const struct crm_oauth_client *client, struct str *ret_url, struct err *err)
{
    struct crypto_hash mark;
    struct crm_oauth_trip trip = {.redirect_uri = flow_callback_url(flow, client->arena)};
    if (store_mailbox_admin_mark(tx, mailbox, &mark, err) < 0)
        return -1;
    trip.state = str_printf(client->arena, BEFORE "%s.%s.%.*s", store_tx_org(tx)->s, mailbox->s,
                            STR_ARG(crypto_base64url(crypto_hash_str(&mark), client->arena)));
    return crm_oauth_admin_consent(client, &trip, ret_url, err);
}

int flow_mail_admin(struct store_tx *tx, const struct flow *flow, const struct store_mailbox *row,
                    const struct crm_oauth_client *client, struct flow_admin_consent **ret_consent, struct err *err)
{
    *ret_consent = NULL;
    if (!row->admin_asked_at || !client->oauth)
        return 0;
    struct flow_admin_consent *consent = arena_one(client->arena, struct flow_admin_consent);
    if (flow_mail_admin_url(tx, flow, &row->id, client, &consent->url, err) < 0)
        return -1;
    consent->asked_at = flow_time_text(row->admin_asked_at, client->arena);
    consent->given_at = flow_time_text(row->admin_given_at, client->arena);
    *ret_consent = consent;
    return 0;
}

bool flow_admin_back(struct str state)
{
    return str_starts(state, STR(BEFORE));
}

static int refuse(struct err *err)
{
    return err_set(err, ERR_CONSENT, "%s", "this address was not made here");
}

/* Whether the mark is ours, in constant time. */
static int mark_judge(struct store_tx *tx, const struct id *mailbox, struct str mark, struct arena *arena,
                      struct err *err)
{
    struct crypto_hash ours;
    if (store_mailbox_admin_mark(tx, mailbox, &ours, err) < 0)
        return -1;
    return crypto_equal(crypto_base64url(crypto_hash_str(&ours), arena), mark) ? 0 : refuse(err);
}

int flow_admin_end(const struct flow *flow, const struct flow_callback *callback, bool *ret_given, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str rest = str_slice(callback->state, strlen(BEFORE), callback->state.n), part;
    struct store_mailbox row;
    struct id org, mailbox;
    struct err why;
    if (callback->repeated || !str_split(&rest, '.', &part) || !id_parse(part, &org) || !str_split(&rest, '.', &part) ||
        !id_parse(part, &mailbox) || !rest.p)
        return refuse(err);
    if (store_begin(flow->store, &org, &tx, &why) < 0 || mark_judge(tx, &mailbox, rest, arena, &why) < 0 ||
        store_mailbox_get(tx, &mailbox, arena, &row, &why) < 0) {
        *err = why; /* an organisation or mailbox that is not there sounds like a mark that is not ours */
        return why.code == ERR_STORE_DOWN || why.code == ERR_BUSY ? -1 : refuse(err);
    }
    *ret_given = !callback->error.p && str_eq_nocase(callback->admin_consent, STR("true"));
    if (!*ret_given || !row.admin_asked_at) /* nobody waits for it (any more) */
        return 0;
    if (store_mailbox_admin(tx, &mailbox, STORE_ADMIN_GIVEN, err) < 0)
        return -1;
    store_event(tx, "mailbox", &mailbox, "admin_consent");
    return store_commit(&tx, err);
}

/* Being told of new mail: subscribing, renewing, ending; and what the service says then. See mail.h, check.h and
 * flow/mailbox.h. Who tells is known by a secret of the subscription alone: nothing it says is believed beyond "look".
 */
#include "base/clock.h"
#include "base/limits.h"
#include "crm-connectors/mailbox/graph.h"
#include "flow/common.h"
#include "flow/mail/check.h"
#include "store/connection.h"
#include "store/mail/subscription.h"

enum {
    TRY_AGAIN_MS = 10 * 60 * 1000, /* a renewal that failed */
    TOLD_MOST = 500,               /* items of one message that are looked at; after them a gap is noted */
};

bool flow_mail_is_told(struct str kind)
{
    return str_eq(kind, str_c(crm_graph_mailbox.kind));
}

int flow_mail_rests(const struct flow *flow, const struct id *org, const struct id *mailbox, int64_t *ret_ms,
                    struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_calls calls;
    if (store_begin(flow->store, org, &tx, err) < 0 || store_connection_calls(tx, mailbox, &calls, err) < 0)
        return -1;
    *ret_ms = calls.retry_at > store_tx_now(tx) ? calls.retry_at - store_tx_now(tx) : 0;
    return 0;
}

/* ---- Keeping it ---- */

/* What is done with the row of the subscription, in a transaction of its own. */
enum keep { KEEP_NEW, KEEP_RENEWED, KEEP_NONE };

static int keep(struct flow_check *check, enum keep how, const struct crm_graph_subscription *subscription,
                struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct id *mailbox = &check->work->subject;
    int64_t now = clock_now_ms();
    struct store_subscription row = {
        .remote_id = subscription->id,
        .secret = crypto_sha256(subscription->secret),
        .expires_at = subscription->expires_at,
        .renew_at =
            now + (subscription->expires_at - now) / 2, /* a service that is off over a weekend misses nothing */
    };
    if (flow_work_begin(check->work, &tx, err) < 0)
        return -1;
    int r = how == KEEP_NEW       ? store_subscription_put(tx, mailbox, &row, err)
            : how == KEEP_RENEWED ? store_subscription_renewed(tx, mailbox, &row, err)
                                  : store_subscription_drop(tx, mailbox, row.remote_id, err);
    return r < 0 ? -1 : store_commit(&tx, err);
}

static int subscription_row(struct flow_check *check, struct store_subscription *ret_row, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct err why;
    *ret_row = (struct store_subscription){.remote_id = STR_NONE};
    if (flow_work_begin(check->work, &tx, err) < 0)
        return -1;
    if (store_subscription_get(tx, &check->work->subject, check->mail.crm.arena, ret_row, &why) < 0 &&
        why.code != ERR_NOT_FOUND) {
        *err = why;
        return -1;
    }
    return 0;
}

/* Failures of subscribing that end the look, too: we were asked to stay away, or are not let in. Others leave us to the
 * delta query. */
static bool ends_the_look(const struct flow_check *check, const struct err *why)
{
    return check->wait_ms != 0 || why->code == ERR_CRM_REAUTHORISE || why->code == ERR_HOST_REFUSED;
}

/* Not renewed now: some time later. */
static int put_off(struct flow_check *check, struct store_subscription *row, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    row->renew_at = clock_now_ms() + TRY_AGAIN_MS;
    return flow_work_begin(check->work, &tx, err) < 0 ||
                   store_subscription_renewed(tx, &check->work->subject, row, err) < 0
               ? -1
               : store_commit(&tx, err);
}

static int renew(struct flow_check *check, struct store_subscription *row, bool *ret_told, struct err *err)
{
    struct crm_graph_subscription subscription = {.id = row->remote_id, .expires_at = row->expires_at};
    struct crm_result result;
    struct err why = {.code = ERR_NONE};
    int r = crm_graph_renew(&check->mail.crm.lent, &subscription, check->mail.crm.arena, &result, &why);
    r = flow_check_answer(check, r, &result, &why);
    if (r < 0 && ends_the_look(check, &why)) {
        *err = why;
        return -1;
    }
    if (r == 0) /* it is gone there */
        return keep(check, KEEP_NONE, &subscription, err);
    *ret_told = r == 1 || row->expires_at > clock_now_ms();
    return r == 1 ? keep(check, KEEP_RENEWED, &subscription, err) : put_off(check, row, err);
}

static int subscribe(struct flow_check *check, bool *ret_told, bool *ret_fresh, struct err *err)
{
    struct arena *arena = check->mail.crm.arena;
    const char *mailbox = check->work->subject.s;
    struct str base = str_c(check->work->flow->notification_url);
    if (str_ends(base, STR("/")))
        base.n--;
    struct crm_graph_subscription subscription = {
        .url = str_printf(arena, "%.*s" FLOW_HOOK_PATH "/%s", STR_ARG(base), mailbox),
        .lifecycle_url = str_printf(arena, "%.*s" FLOW_HOOK_PATH "/%s/lifecycle", STR_ARG(base), mailbox),
        .secret = crypto_token(arena)};
    struct crm_result result;
    struct err why = {.code = ERR_NONE};
    int r = crm_graph_subscribe(&check->mail.crm.lent, &subscription, arena, &result, &why);
    r = flow_check_answer(check, r, &result, &why);
    if (r < 0 && ends_the_look(check, &why)) {
        *err = why;
        return -1;
    }
    *ret_told = *ret_fresh = r == 1;
    return r == 1 ? keep(check, KEEP_NEW, &subscription, err) : 0;
}

static bool wanted(const struct flow *flow)
{
    return flow->notification_url && *flow->notification_url;
}

int flow_check_subscription(struct flow_check *check, bool *ret_told, bool *ret_fresh, struct err *err)
{
    struct store_subscription row;
    *ret_told = *ret_fresh = false;
    if (subscription_row(check, &row, err) < 0)
        return -1;
    if (!wanted(check->work->flow)) {
        if (row.remote_id.p)
            flow_mail_untell(check->work->flow, &check->work->actor.org, &check->mail.row);
        return 0;
    }
    int64_t now = clock_now_ms();
    *ret_told = row.remote_id.p && row.expires_at > now;
    if (*ret_told && row.renew_at > now)
        return 0;
    *ret_told = false;
    if (row.remote_id.p && renew(check, &row, ret_told, err) < 0)
        return -1;
    return *ret_told ? 0 : subscribe(check, ret_told, ret_fresh, err);
}

void flow_mail_untell(const struct flow *flow, const struct id *org, const struct store_mailbox *row)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_subscription subscription;
    struct crm_result result;
    struct err ignored;
    int64_t rests = 0;
    if (row->renew_at == 0 || flow_crm_open(flow, org, &row->id, &crm, &ignored) < 0 ||
        store_begin(flow->store, org, &tx, &ignored) < 0 ||
        store_subscription_get(tx, &row->id, crm.arena, &subscription, &ignored) < 0 ||
        store_subscription_drop(tx, &row->id, subscription.remote_id, &ignored) < 0 || store_commit(&tx, &ignored) < 0)
        return;
    if (flow_mail_rests(flow, org, &row->id, &rests, &ignored) == 0 && rests == 0) /* else it runs out by itself */
        (void)crm_graph_unsubscribe(&crm.lent, subscription.remote_id, crm.arena, &result, &ignored);
}

int flow_mail_renew_now(struct store_tx *tx, const struct id *mailbox, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_subscription row;
    if (store_subscription_get(tx, mailbox, arena, &row, err) < 0)
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    row.renew_at = store_tx_now(tx);
    return store_subscription_renewed(tx, mailbox, &row, err);
}

/* ---- What is said ---- */

struct told_data {
    struct str id;
};
struct told_item {
    struct str subscription, secret, change, lifecycle;
    struct told_data *data;
};
struct told {
    struct json_list items; /* struct told_item */
};
#define WORD(type, member, name_)                                                                                      \
    {                                                                                                                  \
        .name = (name_), .kind = JSON_STR, .offset = offsetof(type, member), .max = 2000                               \
    }
static const struct json_field told_data_rows[] = {WORD(struct told_data, id, "id")};
static const struct json_shape told_data_shape = {"GraphResource", sizeof(struct told_data), told_data_rows,
                                                  ARRAY_LEN(told_data_rows), true};
static const struct json_field told_item_rows[] = {
    WORD(struct told_item, subscription, "subscriptionId"),
    WORD(struct told_item, secret, "clientState"),
    WORD(struct told_item, change, "changeType"),
    WORD(struct told_item, lifecycle, "lifecycleEvent"),
    {.name = "resourceData", .kind = JSON_REF, .offset = offsetof(struct told_item, data), .shape = &told_data_shape},
};
static const struct json_shape told_item_shape = {"GraphNotification", sizeof(struct told_item), told_item_rows,
                                                  ARRAY_LEN(told_item_rows), true};
static const struct json_field told_rows[] = {{.name = "value",
                                               .kind = JSON_LIST,
                                               .offset = offsetof(struct told, items),
                                               .shape = &told_item_shape,
                                               .flags = JSON_REQUIRED,
                                               .max = 1000}};
static const struct json_shape told_shape = {"GraphNotifications", sizeof(struct told), told_rows, ARRAY_LEN(told_rows),
                                             true};

/* What an item asks for, once it is known to be true. */
static int item_take(struct store_tx *tx, const struct id *mailbox, const struct told_item *item, bool gap,
                     struct arena *arena, struct err *err)
{
    struct id job;
    bool fresh = true;
    int r = 0;
    if (str_eq(item->lifecycle, STR("reauthorizationRequired"))) {
        r = flow_mail_renew_now(tx, mailbox, err);
    } else if (str_eq(item->lifecycle, STR("subscriptionRemoved"))) {
        r = store_subscription_drop(tx, mailbox, item->subscription, err) < 0 ? -1
                                                                              : store_mailbox_gap(tx, mailbox, err);
    } else if (item->lifecycle.p || gap) { /* "missed", and whatever else they may think of */
        r = store_mailbox_gap(tx, mailbox, err);
    } else if (str_eq(item->change, STR("created")) && item->data && crm_graph_id(item->data->id)) {
        r = store_message_told(tx, mailbox, item->data->id, &fresh, err);
    }
    return r < 0 ? -1 : fresh ? flow_mailbox_ask_due(tx, mailbox, arena, &job, err) : 0;
}

static int item_judge(const struct flow *flow, const struct id *mailbox, const struct told_item *item, bool gap,
                      struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct crypto_hash kept, came = crypto_sha256(item->secret.p ? item->secret : STR(""));
    struct id org;
    if (!crm_graph_id(item->subscription))
        return 0;
    if (store_subscription_find(flow->store, mailbox, item->subscription, &org, &kept, err) < 0)
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    if (!crypto_equal(crypto_hash_str(&kept), crypto_hash_str(&came)))
        return 0;
    if (store_begin(flow->store, &org, &tx, err) < 0 || item_take(tx, mailbox, item, gap, arena, err) < 0)
        return err->code == ERR_NOT_FOUND ? 0 : -1; /* it went in this moment */
    return store_commit(&tx, err);
}

int flow_mail_told(const struct flow *flow, struct str mailbox, struct str json, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct told told;
    struct id id;
    if (json_read(&told_shape, json, arena, &told, err) < 0)
        return -1;
    if (!id_parse(mailbox, &id))
        return 0;
    for (size_t i = 0; i < told.items.n && i < TOLD_MOST; i++)
        if (item_judge(flow, &id, (const struct told_item *)told.items.items + i,
                       i + 1 == TOLD_MOST && told.items.n > TOLD_MOST, err) < 0)
            return -1;
    return 0;
}

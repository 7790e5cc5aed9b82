/* See subscription.h. */
#include "store/mail/subscription.h"

#include "base/limits.h"
#include "store/core/tx.h"

static void hash_of(struct str bytes, struct crypto_hash *ret_hash)
{
    *ret_hash = (struct crypto_hash){{0}};
    if (bytes.n == sizeof ret_hash->b)
        memcpy(ret_hash->b, bytes.p, bytes.n);
}

int store_subscription_get(struct store_tx *tx, const struct id *mailbox, struct arena *arena,
                           struct store_subscription *ret_subscription, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_MAILBOX_SUBSCRIPTION_GET, ARGS(ARG_ID(mailbox)), &rows, err) < 0)
        return -1;
    *ret_subscription = (struct store_subscription){.remote_id = str_dup(arena, store_row_view(rows, 0, 0)),
                                                    .expires_at = store_row_int(rows, 0, 2),
                                                    .renew_at = store_row_int(rows, 0, 3)};
    hash_of(store_row_view(rows, 0, 1), &ret_subscription->secret);
    return 0;
}

int store_subscription_put(struct store_tx *tx, const struct id *mailbox, const struct store_subscription *subscription,
                           struct err *err)
{
    return store_run(tx, SQL_MAILBOX_SUBSCRIPTION_PUT,
                     ARGS(ARG_ID(mailbox), ARG_STR(subscription->remote_id),
                          ARG_STR(crypto_hash_str(&subscription->secret)), ARG_INT(subscription->expires_at),
                          ARG_INT(subscription->renew_at)),
                     NULL, err);
}

int store_subscription_renewed(struct store_tx *tx, const struct id *mailbox,
                               const struct store_subscription *subscription, struct err *err)
{
    return store_run_one(tx, SQL_MAILBOX_SUBSCRIPTION_RENEWED,
                         ARGS(ARG_ID(mailbox), ARG_STR(subscription->remote_id), ARG_INT(subscription->expires_at),
                              ARG_INT(subscription->renew_at)),
                         NULL, err);
}

int store_subscription_drop(struct store_tx *tx, const struct id *mailbox, struct str remote_id, struct err *err)
{
    return store_run(tx, SQL_MAILBOX_SUBSCRIPTION_DROP, ARGS(ARG_ID(mailbox), ARG_STR(remote_id)), NULL, err);
}

int store_subscription_find(struct store *store, const struct id *mailbox, struct str remote_id, struct id *ret_org,
                            struct crypto_hash *ret_secret, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(store, SQL_GUARD_MAILBOX_SUBSCRIPTION, ARGS(ARG_ID(mailbox), ARG_STR(remote_id)), &rows, err) <
        0)
        return -1;
    if (store_rows_count(rows) != 1)
        return err_set(err, ERR_NOT_FOUND, "subscription");
    *ret_org = store_row_id(rows, 0, 0);
    hash_of(store_row_view(rows, 0, 1), ret_secret);
    return 0;
}

int store_mailbox_gap(struct store_tx *tx, const struct id *mailbox, struct err *err)
{
    return store_run_one(tx, SQL_MAILBOX_GAP, ARGS(ARG_ID(mailbox)), NULL, err);
}

/* ---- Mails that were named ---- */

/* The mailbox is part of the hash: a mail in two of them is two. */
static int message_hash(struct store_tx *tx, const struct id *mailbox, struct str remote_id,
                        struct crypto_hash *ret_hash, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    return store_index_hash(tx, "mailbox_messages.hash", str_printf(arena, "%s %.*s", mailbox->s, STR_ARG(remote_id)),
                            ret_hash, err);
}

int store_message_told(struct store_tx *tx, const struct id *mailbox, struct str remote_id, bool *ret_new,
                       struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash;
    struct str sealed;
    struct id row = id_new();
    if (message_hash(tx, mailbox, remote_id, &hash, err) < 0 ||
        store_seal(tx, (struct store_place){"mailbox_messages.remote_id", &row}, remote_id, arena, &sealed, err) < 0 ||
        store_run(tx, SQL_MAILBOX_MESSAGE_TOLD,
                  ARGS(ARG_ID(mailbox), ARG_STR(crypto_hash_str(&hash)), ARG_STR(sealed), ARG_ID(&row)), &rows,
                  err) < 0)
        return -1;
    *ret_new = store_rows_count(rows) > 0;
    return 0;
}

int store_messages_waiting(struct store_tx *tx, const struct id *mailbox, int limit, struct arena *arena,
                           struct json_list *ret_ids, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_MAILBOX_MESSAGES_WAITING, ARGS(ARG_ID(mailbox), ARG_INT(limit)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct str *ids = arena_array(arena, (size_t)n, sizeof *ids);
    for (int i = 0; i < n; i++) {
        struct id row = store_row_id(rows, i, 1);
        if (store_unseal(tx, (struct store_place){"mailbox_messages.remote_id", &row}, store_row_view(rows, i, 0),
                         arena, &ids[i], err) < 0)
            return -1;
    }
    *ret_ids = (struct json_list){ids, (size_t)n};
    return 0;
}

int store_message_known(struct store_tx *tx, const struct id *mailbox, struct str remote_id, bool *ret_known,
                        struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash;
    if (message_hash(tx, mailbox, remote_id, &hash, err) < 0 ||
        store_run(tx, SQL_MAILBOX_MESSAGE_KNOWN, ARGS(ARG_ID(mailbox), ARG_STR(crypto_hash_str(&hash))), &rows, err) <
            0)
        return -1;
    *ret_known = store_rows_count(rows) > 0;
    return 0;
}

int store_message_done(struct store_tx *tx, const struct id *mailbox, struct str remote_id, struct err *err)
{
    struct crypto_hash hash;
    struct id row = id_new();
    if (message_hash(tx, mailbox, remote_id, &hash, err) < 0)
        return -1;
    return store_run(tx, SQL_MAILBOX_MESSAGE_DONE, ARGS(ARG_ID(mailbox), ARG_STR(crypto_hash_str(&hash)), ARG_ID(&row)),
                     NULL, err);
}

int store_messages_prune(struct store_tx *tx, const struct id *mailbox, struct err *err)
{
    return store_run(tx, SQL_MAILBOX_MESSAGES_PRUNE, ARGS(ARG_ID(mailbox)), NULL, err);
}

/* ---- The administrator's consent ---- */

int store_mailbox_admin(struct store_tx *tx, const struct id *mailbox, enum store_admin_consent consent,
                        struct err *err)
{
    static const char *const words[] = {"none", "asked", "given"};
    return store_run_one(tx, SQL_MAILBOX_ADMIN, ARGS(ARG_ID(mailbox), ARG_C(words[consent])), NULL, err);
}

int store_mailbox_admin_mark(struct store_tx *tx, const struct id *mailbox, struct crypto_hash *ret_mark,
                             struct err *err)
{
    return store_index_hash(tx, "mailboxes.admin_consent", str_c(mailbox->s), ret_mark, err);
}

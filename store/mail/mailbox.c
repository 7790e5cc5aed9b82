/* See mailbox.h. */
#include "store/mail/mailbox.h"

#include "base/limits.h"
#include "store/core/tx.h"

static int seal_excluded(struct store_tx *tx, const struct store_mailbox *mailbox, struct arena *arena,
                         struct str *ret_sealed, struct err *err)
{
    return store_seal(tx, (struct store_place){"mailboxes.excluded", &mailbox->id}, mailbox->excluded, arena,
                      ret_sealed, err);
}

int store_mailbox_add(struct store_tx *tx, const struct store_mailbox *mailbox, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str excluded;
    if (seal_excluded(tx, mailbox, arena, &excluded, err) < 0)
        return -1;
    return store_run(tx, SQL_MAILBOX_ADD,
                     ARGS(ARG_ID(&mailbox->id), ARG_ID(&mailbox->owner), ARG_ID(&mailbox->list), ARG_STR(excluded)),
                     NULL, err);
}

static int mailbox_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                        struct store_mailbox *ret_mailbox, struct err *err)
{
    struct store_mailbox m = {
        .id = store_row_id(rows, row, 0),
        .owner = store_row_id(rows, row, 1),
        .list = store_row_id(rows, row, 2),
        .since = store_row_int(rows, row, 5),
        .checked_at = store_row_int(rows, row, 6),
        .looked = store_row_int(rows, row, 7),
        .header_only = store_row_int(rows, row, 8),
        .suggested = store_row_int(rows, row, 9),
        .version = store_row_int(rows, row, 10),
        .watched = store_row_bool(rows, row, 11),
        .gap_at = store_row_int(rows, row, 12),
        .admin_asked_at = store_row_int(rows, row, 13),
        .admin_given_at = store_row_int(rows, row, 14),
        .renew_at = store_row_int(rows, row, 15),
    };
    const struct {
        const char *column;
        int number;
        struct str *to;
    } parts[] = {{"mailboxes.excluded", 3, &m.excluded}, {"mailboxes.cursor", 4, &m.cursor}};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (store_unseal(tx, (struct store_place){parts[i].column, &m.id}, store_row_view(rows, row, parts[i].number),
                         arena, parts[i].to, err) < 0)
            return -1;
    *ret_mailbox = m;
    return 0;
}

int store_mailbox_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_mailbox *ret_mailbox,
                      struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_MAILBOX_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return mailbox_read(tx, rows, 0, arena, ret_mailbox, err);
}

int store_mailbox_list(struct store_tx *tx, const struct id *user, struct arena *arena, struct json_list *ret_mailboxes,
                       struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_MAILBOX_LIST, ARGS(ARG_ID(user)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_mailbox *mailboxes = arena_array(arena, (size_t)n, sizeof *mailboxes);
    for (int i = 0; i < n; i++)
        if (mailbox_read(tx, rows, i, arena, &mailboxes[i], err) < 0)
            return -1;
    *ret_mailboxes = (struct json_list){mailboxes, (size_t)n};
    return 0;
}

int store_mailbox_save(struct store_tx *tx, const struct store_mailbox *mailbox, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str excluded;
    if (seal_excluded(tx, mailbox, arena, &excluded, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_MAILBOX_SAVE,
                      ARGS(ARG_ID(&mailbox->id), ARG_INT(mailbox->version), ARG_ID(&mailbox->list), ARG_STR(excluded)),
                      NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_MAILBOX_VERSION, &mailbox->id, err) : -1;
    return 0;
}

int store_mailbox_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err)
{
    if (store_run_one(tx, SQL_MAILBOX_DELETE, ARGS(ARG_ID(id), ARG_INT(version)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_MAILBOX_VERSION, id, err) : -1;
    return 0;
}

int store_mailbox_progress(struct store_tx *tx, const struct id *id, const struct store_mailbox_progress *progress,
                           struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str cursor;
    if (store_seal(tx, (struct store_place){"mailboxes.cursor", id}, progress->cursor, arena, &cursor, err) < 0)
        return -1;
    return store_run_one(tx, SQL_MAILBOX_PROGRESS,
                         ARGS(ARG_ID(id), ARG_STR(cursor), ARG_INT(progress->looked), ARG_INT(progress->header_only),
                              ARG_INT(progress->suggested), ARG_BOOL(progress->complete), ARG_INT(progress->begun_at)),
                         NULL, err);
}

int store_mailbox_seen(struct store_tx *tx, const struct id *id, struct str what, bool *ret_new, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash;
    if (store_index_hash(tx, "mailbox_seen.hash", what, &hash, err) < 0 ||
        store_run(tx, SQL_MAILBOX_SEEN_ADD, ARGS(ARG_ID(id), ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    *ret_new = store_rows_count(rows) > 0;
    return 0;
}

int store_mailbox_watch(struct store *store, const struct store_watch *watch, struct arena *arena,
                        struct json_list *ret_watched, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(
            store, SQL_GUARD_MAILBOX_WATCH,
            ARGS(ARG_ID(&watch->watcher), ARG_C(watch->kinds), ARG_INT(watch->limit), ARG_INT(watch->lease_ms)), &rows,
            err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_watched *watched = arena_array(arena, (size_t)n, sizeof *watched);
    for (int i = 0; i < n; i++)
        watched[i] = (struct store_watched){store_row_id(rows, i, 0), store_row_id(rows, i, 1)};
    *ret_watched = (struct json_list){watched, (size_t)n};
    return 0;
}

int store_mailbox_watch_renew(struct store_tx *tx, const struct id *id, const struct id *watcher, int64_t lease_ms,
                              struct err *err)
{
    return store_run_one(tx, SQL_MAILBOX_WATCH_RENEW, ARGS(ARG_ID(id), ARG_ID(watcher), ARG_INT(lease_ms)), NULL, err);
}

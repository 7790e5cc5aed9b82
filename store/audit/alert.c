/* See alert.h. */
#include "store/audit/alert.h"

#include "store/audit/entry.h"
#include "store/core/tx.h"

static const struct {
    const char *kind;
    enum store_sql sql;
} counted[] = {
    {"guessing", SQL_ALERT_GUESSES},
    {"mass_reading", SQL_ALERT_READERS},
    {"mass_export", SQL_ALERT_EXPORTERS},
};

/* The address of an entry, in the open. */
static int address_of(struct store_tx *tx, int64_t seq, struct arena *arena, struct str *ret_address, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_AUDIT_ADDRESS, ARGS(ARG_INT(seq)), &rows, err) < 0)
        return -1;
    return store_audit_unseal(tx, (struct store_audit_place){"address", seq}, store_row_view(rows, 0, 1), arena,
                              ret_address, err);
}

int store_alert_bursts(struct store_tx *tx, const struct store_alert_rule *rule, struct arena *arena,
                       struct json_list *ret_alerts, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    size_t at = 0;
    while (at < ARRAY_LEN(counted) && strcmp(counted[at].kind, rule->kind) != 0)
        at++;
    if (at == ARRAY_LEN(counted))
        return err_set(err, ERR_INVALID, "%s", rule->kind);
    if (store_run(tx, counted[at].sql, ARGS(ARG_INT(rule->window_ms), ARG_INT(rule->least)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_alert *alerts = arena_array(arena, (size_t)n, sizeof *alerts);
    for (int i = 0; i < n; i++) {
        alerts[i] = (struct store_alert){.kind = str_c(rule->kind),
                                         .user = store_row_id(rows, i, 0),
                                         .session = store_row_id(rows, i, 1),
                                         .token = store_row_id(rows, i, 2),
                                         .address_hash = store_row_str(rows, i, 3, arena),
                                         .amount = store_row_int(rows, i, 4),
                                         .first_seq = store_row_int(rows, i, 5),
                                         .last_seq = store_row_int(rows, i, 6),
                                         .first_at = store_row_int(rows, i, 7),
                                         .last_at = store_row_int(rows, i, 8)};
        if (address_of(tx, alerts[i].last_seq, arena, &alerts[i].address, err) < 0)
            return -1;
    }
    *ret_alerts = (struct json_list){alerts, (size_t)n};
    return 0;
}

/* Whose pattern it is, as a hash: a host, else an address, else a user. */
static int culprit_hash(struct store_tx *tx, const struct store_alert *alert, struct crypto_hash *ret_hash,
                        struct err *err)
{
    struct str who = alert->host.p           ? alert->host
                     : alert->address_hash.p ? crypto_hex(alert->address_hash, tx->arena)
                                             : id_str(&alert->user);
    return store_index_hash(tx, "alert culprit", who, ret_hash, err);
}

int store_alert_raise(struct store_tx *tx, const struct store_alert *alert, struct id *ret_id, bool *ret_fresh,
                      struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash;
    struct str address, host;
    struct id id = id_new();
    if (culprit_hash(tx, alert, &hash, err) < 0 ||
        store_seal(tx, (struct store_place){"alerts.address", &id}, alert->address, tx->arena, &address, err) < 0 ||
        store_seal(tx, (struct store_place){"alerts.host", &id}, alert->host, tx->arena, &host, err) < 0)
        return -1;
    if (store_run(tx, SQL_ALERT_RAISE,
                  ARGS(ARG_ID(&id), ARG_STR(alert->kind), ARG_STR(crypto_hash_str(&hash)), ARG_ID(&alert->user),
                       ARG_ID(&alert->session), ARG_ID(&alert->token), ARG_STR(address), ARG_STR(host),
                       ARG_INT(alert->amount), ARG_INT(alert->first_seq), ARG_INT(alert->last_seq),
                       ARG_INT(alert->first_at), ARG_INT(alert->last_at)),
                  &rows, err) < 0)
        return -1;
    *ret_fresh = store_rows_count(rows) > 0 && store_row_bool(rows, 0, 1);
    if (*ret_fresh)
        *ret_id = id;
    return 0;
}

static int alert_of(struct store_tx *tx, const struct store_rows *rows, int i, struct arena *arena,
                    struct store_alert *ret_alert, struct err *err)
{
    struct store_alert alert = {.id = store_row_id(rows, i, 0),
                                .kind = store_row_str(rows, i, 1, arena),
                                .user = store_row_id(rows, i, 2),
                                .session = store_row_id(rows, i, 3),
                                .token = store_row_id(rows, i, 4),
                                .amount = store_row_int(rows, i, 7),
                                .first_seq = store_row_int(rows, i, 8),
                                .last_seq = store_row_int(rows, i, 9),
                                .first_at = store_row_int(rows, i, 10),
                                .last_at = store_row_int(rows, i, 11),
                                .seen_by = store_row_id(rows, i, 12),
                                .seen_at = store_row_int(rows, i, 13),
                                .version = store_row_int(rows, i, 14)};
    if (store_unseal(tx, (struct store_place){"alerts.address", &alert.id}, store_row_view(rows, i, 5), arena,
                     &alert.address, err) < 0 ||
        store_unseal(tx, (struct store_place){"alerts.host", &alert.id}, store_row_view(rows, i, 6), arena, &alert.host,
                     err) < 0)
        return -1;
    *ret_alert = alert;
    return 0;
}

int store_alert_list(struct store_tx *tx, const struct store_page *page, bool seen, struct arena *arena,
                     struct json_list *ret_alerts, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_ALERT_LIST, ARGS(ARG_ID(&page->before), ARG_BOOL(seen), ARG_INT(page->limit)), &rows, err) <
        0)
        return -1;
    int n = store_rows_count(rows);
    struct store_alert *alerts = arena_array(arena, (size_t)n, sizeof *alerts);
    for (int i = 0; i < n; i++)
        if (alert_of(tx, rows, i, arena, &alerts[i], err) < 0)
            return -1;
    *ret_alerts = (struct json_list){alerts, (size_t)n};
    return 0;
}

int store_alert_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_alert *ret_alert,
                    struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_ALERT_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return alert_of(tx, rows, 0, arena, ret_alert, err);
}

int store_alert_see(struct store_tx *tx, const struct id *id, const struct id *user, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    struct store_alert alert;
    if (store_run_one(tx, SQL_ALERT_SEE, ARGS(ARG_ID(id), ARG_ID(user)), NULL, err) == 0)
        return 0;
    if (err->code != ERR_NOT_FOUND || store_alert_get(tx, id, arena, &alert, err) < 0)
        return -1;
    return err_set(err, ERR_CONFLICT, "it was seen already");
}

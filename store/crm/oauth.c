/* See oauth.h. */
#include "store/crm/oauth.h"

#include "base/limits.h"
#include "store/core/tx.h"

int store_oauth_begin(struct store_tx *tx, const struct store_oauth_begun *begun, struct str state, int64_t life_ms,
                      struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct crypto_hash hash = crypto_sha256(state);
    struct id id = id_new();
    struct str trip;
    if (store_seal(tx, (struct store_place){"oauth_begun.trip", &id}, begun->trip, arena, &trip, err) < 0 ||
        store_run(tx, SQL_OAUTH_VOID, ARGS(ARG_ID(&begun->session), ARG_ID(&begun->connection)), NULL, err) < 0)
        return -1;
    return store_run(tx, SQL_OAUTH_BEGIN,
                     ARGS(ARG_ID(&id), ARG_STR(crypto_hash_str(&hash)), ARG_ID(&begun->session), ARG_ID(&begun->user),
                          ARG_ID(&begun->connection), ARG_INT(begun->connection_version), ARG_STR(trip),
                          ARG_INT(life_ms)),
                     NULL, err);
}

int store_oauth_take(struct store_tx *tx, struct str state, const struct id *session, struct arena *arena,
                     struct store_oauth_begun *ret_begun, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = crypto_sha256(state);
    if (store_run_one(tx, SQL_OAUTH_TAKE, ARGS(ARG_STR(crypto_hash_str(&hash)), ARG_ID(session)), &rows, err) < 0)
        return -1;
    struct id id = store_row_id(rows, 0, 0);
    struct store_oauth_begun begun = {.session = *session,
                                      .user = store_row_id(rows, 0, 1),
                                      .connection = store_row_id(rows, 0, 2),
                                      .connection_version = store_row_int(rows, 0, 3)};
    if (store_unseal(tx, (struct store_place){"oauth_begun.trip", &id}, store_row_view(rows, 0, 4), arena, &begun.trip,
                     err) < 0)
        return -1;
    *ret_begun = begun;
    return 0;
}

static int tokens_read(struct store_tx *tx, enum store_sql sql, const struct id *connection, struct arena *arena,
                       struct store_tokens *ret_tokens, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, sql, ARGS(ARG_ID(connection)), &rows, err) < 0)
        return -1;
    struct store_tokens t = {
        .ended = store_row_bool(rows, 0, 4),
        .failures = store_row_int(rows, 0, 5),
        .granted_by = store_row_id(rows, 0, 6),
        .granted_at = store_row_int(rows, 0, 7),
        .renewed_at = store_row_int(rows, 0, 8),
        .expires_in_ms = store_row_int(rows, 0, 9),
        .renew_in_ms = store_row_int(rows, 0, 10),
        .wait_ms = store_row_int(rows, 0, 11),
        .age_ms = store_row_int(rows, 0, 12),
    };
    const struct {
        const char *column;
        struct str *to;
    } parts[] = {{"oauth_tokens.access", &t.access},
                 {"oauth_tokens.refresh", &t.refresh},
                 {"oauth_tokens.base", &t.base},
                 {"oauth_tokens.scope", &t.scope}};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (store_unseal(tx, (struct store_place){parts[i].column, connection}, store_row_view(rows, 0, (int)i), arena,
                         parts[i].to, err) < 0)
            return -1;
    *ret_tokens = t;
    return 0;
}

int store_tokens_get(struct store_tx *tx, const struct id *connection, struct arena *arena,
                     struct store_tokens *ret_tokens, struct err *err)
{
    return tokens_read(tx, SQL_TOKENS_GET, connection, arena, ret_tokens, err);
}

int store_tokens_lock(struct store_tx *tx, const struct id *connection, struct arena *arena,
                      struct store_tokens *ret_tokens, struct err *err)
{
    if (store_run(tx, SQL_TOKENS_MAKE, ARGS(ARG_ID(connection)), NULL, err) < 0)
        return -1;
    return tokens_read(tx, SQL_TOKENS_LOCK, connection, arena, ret_tokens, err);
}

int store_tokens_put(struct store_tx *tx, const struct store_tokens_new *tokens, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    const struct {
        const char *column;
        struct str plain;
    } parts[] = {{"oauth_tokens.access", tokens->access},
                 {"oauth_tokens.refresh", tokens->refresh},
                 {"oauth_tokens.base", tokens->base},
                 {"oauth_tokens.scope", tokens->scope}};
    struct str sealed[ARRAY_LEN(parts)];
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (store_seal(tx, (struct store_place){parts[i].column, &tokens->connection}, parts[i].plain, arena,
                       &sealed[i], err) < 0)
            return -1;
    return store_run(tx, SQL_TOKENS_PUT,
                     ARGS(ARG_ID(&tokens->connection), ARG_STR(sealed[0]), ARG_STR(sealed[1]), ARG_STR(sealed[2]),
                          ARG_STR(sealed[3]), ARG_INT(tokens->life_ms), ARG_INT(tokens->margin_ms),
                          ARG_ID(&tokens->granted_by)),
                     NULL, err);
}

int store_tokens_fail(struct store_tx *tx, const struct id *connection, int64_t wait_ms, struct err *err)
{
    return store_run_one(tx, SQL_TOKENS_FAIL, ARGS(ARG_ID(connection), ARG_INT(wait_ms)), NULL, err);
}

int store_tokens_end(struct store_tx *tx, const struct id *connection, struct err *err)
{
    return store_run_one(tx, SQL_TOKENS_END, ARGS(ARG_ID(connection)), NULL, err);
}

int store_tokens_drop(struct store_tx *tx, const struct id *connection, struct err *err)
{
    return store_run(tx, SQL_TOKENS_DROP, ARGS(ARG_ID(connection)), NULL, err);
}

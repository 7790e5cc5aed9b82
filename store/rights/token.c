/* See token.h. */
#include "store/rights/token.h"

#include "base/limits.h"
#include "store/core/tx.h"
#include "store/core/user_row.h"

static const char name_column[] = "api_tokens.name", address_column[] = "api_tokens.used_from";

int store_token_add(struct store_tx *tx, const struct store_token *row, struct str token, int64_t life_ms,
                    struct id *ret_id, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct crypto_hash hash = crypto_sha256(token);
    struct id id = id_new();
    struct str name;
    if (store_seal(tx, (struct store_place){name_column, &id}, row->name, arena, &name, err) < 0 ||
        store_run(tx, SQL_TOKEN_ADD,
                  ARGS(ARG_ID(&id), ARG_ID(&row->user), ARG_STR(crypto_hash_str(&hash)), ARG_STR(name),
                       ARG_STR(row->scopes), ARG_INT(life_ms)),
                  NULL, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

static int token_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                      struct store_token *ret_token, struct err *err)
{
    struct store_token token = {.id = store_row_id(rows, row, 0),
                                .user = store_row_id(rows, row, 1),
                                .scopes = store_row_str(rows, row, 3, arena),
                                .created_at = store_row_int(rows, row, 4),
                                .expires_at = store_row_int(rows, row, 5),
                                .used_at = store_row_int(rows, row, 6),
                                .ended_at = store_row_int(rows, row, 8)};
    struct str address = store_row_view(rows, row, 7);
    if (store_unseal(tx, (struct store_place){name_column, &token.id}, store_row_view(rows, row, 2), arena, &token.name,
                     err) < 0 ||
        (address.p &&
         store_unseal(tx, (struct store_place){address_column, &token.id}, address, arena, &token.used_from, err) < 0))
        return -1;
    *ret_token = token;
    return 0;
}

int store_token_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_token *ret_token,
                    struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_TOKEN_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return token_read(tx, rows, 0, arena, ret_token, err);
}

int store_token_list(struct store_tx *tx, const struct id *user, struct arena *arena, struct json_list *ret_tokens,
                     struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_TOKEN_LIST, ARGS(ARG_ID(user)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_token *tokens = arena_array(arena, (size_t)n, sizeof *tokens);
    for (int i = 0; i < n; i++)
        if (token_read(tx, rows, i, arena, &tokens[i], err) < 0)
            return -1;
    *ret_tokens = (struct json_list){tokens, (size_t)n};
    return 0;
}

int store_token_end(struct store_tx *tx, const struct id *id, struct err *err)
{
    return store_run_one(tx, SQL_TOKEN_END, ARGS(ARG_ID(id)), NULL, err);
}

int store_token_find(struct store *store, struct str token, struct arena *arena, struct store_bearer *ret_bearer,
                     struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = crypto_sha256(token);
    if (store_run_guard(store, SQL_GUARD_TOKEN, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) != 1)
        return err_set(err, ERR_UNAUTHENTICATED, "%s", "");
    struct store_bearer bearer = {
        .org = store_row_id(rows, 0, 0),
        .token = store_row_id(rows, 0, 1),
        .scopes = store_row_str(rows, 0, 2, arena),
        .used_at = store_row_int(rows, 0, 3),
        .expires_at = store_row_int(rows, 0, 4),
        .user = {.id = store_row_id(rows, 0, 5), .role = store_row_str(rows, 0, 6, arena), .state = STR("active")},
    };
    _cleanup_(store_rollbackp) struct store_tx *tx = store_tx_new(store, &bearer.org);
    if (store_user_profile(tx, store_row_view(rows, 0, 7), arena, &bearer.user, err) < 0)
        return -1;
    *ret_bearer = bearer;
    return 0;
}

int store_token_used(struct store_tx *tx, const struct id *id, struct str address, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str sealed;
    if (store_seal(tx, (struct store_place){address_column, id}, address, arena, &sealed, err) < 0)
        return -1;
    return store_run(tx, SQL_TOKEN_USED, ARGS(ARG_ID(id), ARG_STR(sealed)), NULL, err);
}

int store_token_give_back(struct store *store, struct str token, struct id *ret_org, struct id *ret_id,
                          struct id *ret_user, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = crypto_sha256(token);
    if (store_run_guard(store, SQL_GUARD_TOKEN_END, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    bool found = store_rows_count(rows) == 1;
    *ret_org = found ? store_row_id(rows, 0, 0) : (struct id){""};
    *ret_id = found ? store_row_id(rows, 0, 1) : (struct id){""};
    *ret_user = found ? store_row_id(rows, 0, 2) : (struct id){""};
    return 0;
}

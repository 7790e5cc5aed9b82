/* See session.h. */
#include "store/session.h"

#include "base/limits.h"
#include "store/core/tx.h"
#include "store/core/user_row.h"

int store_session_add(struct store_tx *tx, const struct id *user, struct str token, int64_t life_ms, struct err *err)
{
    struct crypto_hash hash = crypto_sha256(token);
    struct id id = id_new();
    return store_run(tx, SQL_SESSION_ADD,
                     ARGS(ARG_ID(&id), ARG_ID(user), ARG_STR(crypto_hash_str(&hash)), ARG_INT(life_ms)), NULL, err);
}

/* The key is made from the token, so the database holds nothing that a CSRF token could be made of. */
static struct crypto_key csrf_key(struct str token)
{
    struct crypto_hash hash = crypto_sha256(token);
    struct crypto_key key;
    memcpy(key.b, hash.b, sizeof key.b);
    hash = crypto_hmac(&key, token); /* not a function of the stored hash alone */
    memcpy(key.b, hash.b, sizeof key.b);
    return crypto_derive(&key, STR("csrf"));
}

int store_session_find(struct store *store, struct str token, int64_t idle_ms, struct arena *arena,
                       struct store_session *ret_session, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = crypto_sha256(token);
    if (store_run_guard(store, SQL_GUARD_SESSION, ARGS(ARG_STR(crypto_hash_str(&hash)), ARG_INT(idle_ms)), &rows, err) <
        0)
        return -1;
    if (store_rows_count(rows) != 1)
        return err_set(err, ERR_UNAUTHENTICATED, "%s", "");
    struct store_session session = {
        .org = store_row_id(rows, 0, 0),
        .id = store_row_id(rows, 0, 1),
        .created_at = store_row_int(rows, 0, 2),
        .seen_at = store_row_int(rows, 0, 3),
        .expires_at = store_row_int(rows, 0, 4),
        .user = {.id = store_row_id(rows, 0, 5),
                 .role = store_row_str(rows, 0, 6, arena),
                 .state = store_row_str(rows, 0, 7, arena),
                 .version = store_row_int(rows, 0, 9),
                 .created_at = store_row_int(rows, 0, 10)},
        .csrf_key = csrf_key(token),
    };
    _cleanup_(store_rollbackp) struct store_tx *tx = store_tx_new(store, &session.org);
    if (store_user_profile(tx, store_row_view(rows, 0, 8), arena, &session.user, err) < 0)
        return -1;
    *ret_session = session;
    return 0;
}

int store_session_end(struct store_tx *tx, const struct id *session, struct err *err)
{
    return store_run(tx, SQL_SESSION_END, ARGS(ARG_ID(session)), NULL, err);
}

int store_session_end_all(struct store_tx *tx, const struct id *user, struct err *err)
{
    return store_run(tx, SQL_SESSION_END_ALL, ARGS(ARG_ID(user)), NULL, err);
}

int store_login_link_add(struct store_tx *tx, const struct id *user, struct str token, int64_t life_ms, struct err *err)
{
    struct crypto_hash hash = crypto_sha256(token);
    struct id id = id_new();
    if (store_run(tx, SQL_LOGIN_LINK_VOID, ARGS(ARG_ID(user)), NULL, err) < 0)
        return -1;
    return store_run(tx, SQL_LOGIN_LINK_ADD,
                     ARGS(ARG_ID(&id), ARG_ID(user), ARG_STR(crypto_hash_str(&hash)), ARG_INT(life_ms)), NULL, err);
}

int store_login_link_use(struct store *store, struct str token, struct id *ret_org, struct id *ret_user,
                         struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = crypto_sha256(token);
    if (store_run_guard(store, SQL_GUARD_LOGIN_LINK, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) != 1)
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    *ret_org = store_row_id(rows, 0, 0);
    *ret_user = store_row_id(rows, 0, 1);
    return 0;
}

int store_prune(struct store *store, struct err *err)
{
    return store_run_guard(store, SQL_GUARD_PRUNE, ARGS_NONE, NULL, err) < 0
               ? -1
               : store_run_guard(store, SQL_GUARD_PRUNE_OIDC, ARGS_NONE, NULL, err);
}

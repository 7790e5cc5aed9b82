/* See session.h. */
#include "store/session.h"

#include "base/limits.h"
#include "store/core/tx.h"
#include "store/core/user_row.h"
#include "store/rights/grant.h"
#include "store/sign_in/door.h"

int store_session_add(struct store_tx *tx, const struct store_session_new *session, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct crypto_hash hash = crypto_sha256(session->token);
    struct id id = id_new();
    struct str client;
    if (store_seal(tx, (struct store_place){"sessions.client", &id}, session->client, arena, &client, err) < 0)
        return -1;
    return store_run(tx, SQL_SESSION_ADD,
                     ARGS(ARG_ID(&id), ARG_ID(&session->user), ARG_STR(crypto_hash_str(&hash)),
                          ARG_INT(session->life_ms), ARG_C(session->method), ARG_STR(client)),
                     NULL, err);
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
        .grant = store_row_id(rows, 0, 11),
        .area = store_row_str(rows, 0, 12, arena),
        .csrf_key = csrf_key(token),
    };
    _cleanup_(store_rollbackp) struct store_tx *tx = store_tx_new(store, &session.org);
    if (store_user_profile(tx, store_row_view(rows, 0, 8), arena, &session.user, err) < 0 ||
        (!id_none(&session.grant) &&
         store_grant_reason(tx, &session.grant, store_row_view(rows, 0, 13), arena, &session.reason, err) < 0))
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

int store_session_end_of(struct store_tx *tx, const struct id *session, const struct id *user, struct err *err)
{
    return store_run_one(tx, SQL_SESSION_END_OF, ARGS(ARG_ID(session), ARG_ID(user)), NULL, err);
}

int store_session_end_others(struct store_tx *tx, const struct id *user, const struct id *kept, struct err *err)
{
    return store_run(tx, SQL_SESSION_END_OTHERS, ARGS(ARG_ID(user), ARG_ID(kept)), NULL, err);
}

int store_session_cut_off(struct store_tx *tx, const struct id *user, struct err *err)
{
    if (store_run(tx, SQL_PENDING_END_ALL, ARGS(ARG_ID(user)), NULL, err) < 0)
        return -1;
    if (!user)
        return store_run(tx, SQL_SESSION_END_ORG, ARGS_NONE, NULL, err) < 0 ||
                       store_run(tx, SQL_LOGIN_LINK_VOID_ORG, ARGS_NONE, NULL, err) < 0
                   ? -1
                   : 0;
    return store_session_end_all(tx, user, err) < 0 ||
                   store_run(tx, SQL_LOGIN_LINK_VOID, ARGS(ARG_ID(user), ARG_BOOL(true)), NULL, err) < 0 ||
                   store_run(tx, SQL_LOGIN_LINK_VOID, ARGS(ARG_ID(user), ARG_BOOL(false)), NULL, err) < 0
               ? -1
               : 0;
}

int store_session_list(struct store_tx *tx, const struct id *user, int64_t idle_ms, struct arena *arena,
                       struct json_list *ret_sessions, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_SESSION_LIST, ARGS(ARG_ID(user), ARG_INT(idle_ms)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_session_row *list = arena_array(arena, (size_t)n, sizeof *list);
    for (int i = 0; i < n; i++) {
        list[i] = (struct store_session_row){.id = store_row_id(rows, i, 0),
                                             .created_at = store_row_int(rows, i, 1),
                                             .seen_at = store_row_int(rows, i, 2),
                                             .method = store_row_str(rows, i, 3, arena)};
        if (store_unseal(tx, (struct store_place){"sessions.client", &list[i].id}, store_row_view(rows, i, 4), arena,
                         &list[i].client, err) < 0)
            return -1;
    }
    *ret_sessions = (struct json_list){list, (size_t)n};
    return 0;
}

int store_login_link_add(struct store_tx *tx, const struct store_link_new *link, struct err *err)
{
    struct crypto_hash hash = crypto_sha256(link->token), browser = crypto_sha256(link->browser);
    struct crypto_hash code = store_door_code(link->token, link->code);
    struct id id = id_new();
    if (store_run(tx, SQL_LOGIN_LINK_VOID, ARGS(ARG_ID(&link->user), ARG_BOOL(link->browser.p != NULL)), NULL, err) < 0)
        return -1;
    return store_run(tx, SQL_LOGIN_LINK_ADD,
                     ARGS(ARG_ID(&id), ARG_ID(&link->user), ARG_STR(crypto_hash_str(&hash)), ARG_INT(link->life_ms),
                          ARG_STR(link->browser.p ? crypto_hash_str(&browser) : STR_NONE),
                          ARG_STR(link->code.p ? crypto_hash_str(&code) : STR_NONE)),
                     NULL, err);
}

int store_login_link_use(struct store *store, const struct store_link_try *link, struct store_link_user *ret_user,
                         struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = crypto_sha256(link->token), browser = crypto_sha256(link->browser);
    struct crypto_hash code = store_door_code(link->token, link->code);
    if (store_run_guard(store, SQL_GUARD_LOGIN_LINK,
                        ARGS(ARG_STR(crypto_hash_str(&hash)),
                             ARG_STR(link->browser.p ? crypto_hash_str(&browser) : STR_NONE),
                             ARG_STR(link->code.p ? crypto_hash_str(&code) : STR_NONE)),
                        &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) != 1)
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    *ret_user =
        (struct store_link_user){store_row_id(rows, 0, 0), store_row_id(rows, 0, 1), store_row_bool(rows, 0, 2)};
    return 0;
}

int store_prune(struct store *store, struct err *err)
{
    if (store_run_guard(store, SQL_GUARD_PRUNE_SIGN_IN, ARGS_NONE, NULL, err) < 0 ||
        store_run_guard(store, SQL_GUARD_PRUNE_OIDC, ARGS_NONE, NULL, err) < 0 ||
        store_run_guard(store, SQL_GUARD_PRUNE_COMPANIES, ARGS_NONE, NULL, err) < 0)
        return -1;
    return store_run_guard(store, SQL_GUARD_PRUNE, ARGS_NONE, NULL, err);
}

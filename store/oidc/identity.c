/* See identity.h. */
#include "store/oidc/identity.h"

#include "base/limits.h"
#include "store/core/tx.h"

static int subject_hash(struct store_tx *tx, const struct store_identity *identity, struct crypto_hash *ret_hash,
                        struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str text =
        str_printf(arena, "%zu|%.*s%.*s", identity->issuer.n, STR_ARG(identity->issuer), STR_ARG(identity->subject));
    return store_index_hash(tx, "identity", text, ret_hash, err);
}

int store_identity_use(struct store_tx *tx, const struct store_identity *identity, struct id *ret_user, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash;
    if (subject_hash(tx, identity, &hash, err) < 0 ||
        store_run_one(tx, SQL_IDENTITY_USE, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    *ret_user = store_row_id(rows, 0, 0);
    return 0;
}

int store_identity_add(struct store_tx *tx, const struct store_identity *identity, const struct id *provider,
                       const struct id *user, struct err *err)
{
    struct crypto_hash hash;
    struct id id = id_new();
    if (subject_hash(tx, identity, &hash, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_IDENTITY_ADD,
                      ARGS(ARG_ID(&id), ARG_ID(provider), ARG_ID(user), ARG_STR(crypto_hash_str(&hash))), NULL,
                      err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_CONFLICT, "identity") : -1;
    return 0;
}

int store_user_by_email(struct store_tx *tx, struct str email, struct arena *arena, struct id *ret_user,
                        bool *ret_active, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = store_email_hash(tx->store, email, arena);
    if (store_run_one(tx, SQL_USER_BY_EMAIL, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    *ret_user = store_row_id(rows, 0, 0);
    *ret_active = str_eq(store_row_view(rows, 0, 1), STR("active"));
    return 0;
}

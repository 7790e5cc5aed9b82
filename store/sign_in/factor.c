/* See factor.h. */
#include "store/sign_in/factor.h"

#include "base/limits.h"
#include "store/core/tx.h"

#include <assert.h>

enum { CODES = 32 };

int store_factor_begin(struct store_tx *tx, const struct id *user, struct str seed, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str sealed;
    if (store_seal(tx, (struct store_place){"second_factors.seed", user}, seed, arena, &sealed, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_FACTOR_BEGIN, ARGS(ARG_ID(user), ARG_STR(sealed)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_CONFLICT, "second factor") : -1;
    return 0;
}

int store_factor_get(struct store_tx *tx, const struct id *user, struct arena *arena, struct store_factor *ret_factor,
                     struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct store_factor factor;
    if (store_run_one(tx, SQL_FACTOR_GET, ARGS(ARG_ID(user)), &rows, err) < 0)
        return -1;
    if (store_unseal(tx, (struct store_place){"second_factors.seed", user}, store_row_view(rows, 0, 0), arena,
                     &factor.seed, err) < 0)
        return -1;
    factor.last_step = store_row_int(rows, 0, 1);
    factor.confirmed = store_row_int(rows, 0, 2) != 0;
    *ret_factor = factor;
    return 0;
}

static int bad_login(struct err *err)
{
    return err->code == ERR_NOT_FOUND ? err_set(err, ERR_BAD_LOGIN, "%s", "") : -1;
}

int store_factor_step(struct store_tx *tx, const struct id *user, int64_t step, struct err *err)
{
    return store_run_one(tx, SQL_FACTOR_STEP, ARGS(ARG_ID(user), ARG_INT(step)), NULL, err) < 0 ? bad_login(err) : 0;
}

int store_factor_drop(struct store_tx *tx, const struct id *user, struct err *err)
{
    return store_run(tx, SQL_FACTOR_DROP, ARGS(ARG_ID(user)), NULL, err) < 0 ||
                   store_run(tx, SQL_RECOVERY_DROP, ARGS(ARG_ID(user)), NULL, err) < 0
               ? -1
               : 0;
}

int store_recovery_put(struct store_tx *tx, const struct id *user, const struct str *codes, size_t n, struct err *err)
{
    struct crypto_hash hashes[CODES];
    struct str texts[CODES];
    assert(n <= CODES);
    for (size_t i = 0; i < n; i++) {
        hashes[i] = crypto_sha256(codes[i]);
        texts[i] = crypto_hash_str(&hashes[i]);
    }
    if (store_run(tx, SQL_RECOVERY_DROP, ARGS(ARG_ID(user)), NULL, err) < 0)
        return -1;
    return store_run(tx, SQL_RECOVERY_ADD, ARGS(ARG_ID(user), ARG_BYTES(texts, n)), NULL, err);
}

int store_recovery_use(struct store_tx *tx, const struct id *user, struct str code, struct err *err)
{
    struct crypto_hash hash = crypto_sha256(code);
    return store_run_one(tx, SQL_RECOVERY_USE, ARGS(ARG_ID(user), ARG_STR(crypto_hash_str(&hash))), NULL, err) < 0
               ? bad_login(err)
               : 0;
}

int store_recovery_left(struct store_tx *tx, const struct id *user, int64_t *ret_n, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_RECOVERY_LEFT, ARGS(ARG_ID(user)), &rows, err) < 0)
        return -1;
    *ret_n = store_row_int(rows, 0, 0);
    return 0;
}

int store_policy_get(struct store_tx *tx, struct arena *arena, struct store_policy *ret_policy, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_POLICY_GET, ARGS_NONE, &rows, err) < 0)
        return -1;
    bool there = store_rows_count(rows) > 0;
    *ret_policy = (struct store_policy){there ? store_row_str(rows, 0, 0, arena) : STR(""),
                                        there ? store_row_int(rows, 0, 1) : 0};
    return 0;
}

int store_policy_put(struct store_tx *tx, struct store_policy *policy, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_POLICY_PUT, ARGS(ARG_STR(policy->roles), ARG_INT(policy->version)), &rows, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_STALE, "%s", "") : -1;
    policy->version = store_row_int(rows, 0, 0);
    return 0;
}

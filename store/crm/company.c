/* See company.h. */
#include "store/crm/company.h"

#include "base/limits.h"
#include "store/core/tx.h"

static const char column[] = "company_claims.remote_id";

static int hash_of(struct store_tx *tx, struct str name, struct crypto_hash *ret_hash, struct err *err)
{
    return store_index_hash(tx, "company claim", name, ret_hash, err);
}

int store_company_take(struct store_tx *tx, const struct store_company *company, int64_t wait_ms,
                       struct store_company_claim *ret_claim, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash;
    if (hash_of(tx, company->name, &hash, err) < 0 ||
        store_run(tx, SQL_COMPANY_CLAIM,
                  ARGS(ARG_ID(&company->connection), ARG_STR(crypto_hash_str(&hash)), ARG_INT(wait_ms)), &rows,
                  err) < 0)
        return -1;
    if (store_rows_count(rows) == 0)
        return err_set(err, ERR_CONFLICT, "%s", "company");
    *ret_claim = (struct store_company_claim){.id = store_row_id(rows, 0, 0), .marker = store_row_id(rows, 0, 1)};
    return 0;
}

int store_company_get(struct store_tx *tx, const struct store_company *company, struct arena *arena,
                      struct store_company_claim *ret_claim, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct store_company_claim claim = {.remote_id = STR_NONE};
    struct crypto_hash hash;
    if (hash_of(tx, company->name, &hash, err) < 0 ||
        store_run_one(tx, SQL_COMPANY_CLAIMED, ARGS(ARG_ID(&company->connection), ARG_STR(crypto_hash_str(&hash))),
                      &rows, err) < 0)
        return -1;
    claim.id = store_row_id(rows, 0, 0);
    struct str sealed = store_row_view(rows, 0, 1);
    if (sealed.p && store_unseal(tx, (struct store_place){column, &claim.id}, sealed, arena, &claim.remote_id, err) < 0)
        return -1;
    *ret_claim = claim;
    return 0;
}

int store_company_made(struct store_tx *tx, const struct id *claim, struct str remote_id, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str sealed;
    if (store_seal(tx, (struct store_place){column, claim}, remote_id, arena, &sealed, err) < 0)
        return -1;
    return store_run_one(tx, SQL_COMPANY_MADE, ARGS(ARG_ID(claim), ARG_STR(sealed)), NULL, err);
}

int store_company_drop(struct store_tx *tx, const struct id *claim, struct err *err)
{
    return store_run(tx, SQL_COMPANY_DROP, ARGS(ARG_ID(claim)), NULL, err);
}

/* See provider.h. */
#include "store/oidc/provider.h"

#include "base/limits.h"
#include "store/core/tx.h"

struct sealed {
    struct str settings, secret;
};

static int provider_seal(struct store_tx *tx, const struct store_provider *provider, const struct id *id,
                         struct arena *arena, struct sealed *ret, struct err *err)
{
    if (store_seal(tx, (struct store_place){"identity_providers.settings", id}, provider->settings, arena,
                   &ret->settings, err) < 0)
        return -1;
    return store_seal(tx, (struct store_place){"identity_providers.secret", id}, provider->secret, arena, &ret->secret,
                      err);
}

static int domains_put(struct store_tx *tx, const struct id *id, const struct json_list *domains, struct arena *arena,
                       struct err *err)
{
    if (store_run(tx, SQL_IDENTITY_DOMAIN_DROP, ARGS(ARG_ID(id)), NULL, err) < 0)
        return -1;
    for (size_t i = 0; i < domains->n; i++) {
        struct crypto_hash hash = store_email_hash(tx->store, ((const struct str *)domains->items)[i], arena);
        if (store_run(tx, SQL_IDENTITY_DOMAIN_ADD, ARGS(ARG_ID(id), ARG_STR(crypto_hash_str(&hash))), NULL, err) < 0)
            return -1;
    }
    return 0;
}

int store_provider_add(struct store_tx *tx, const struct store_provider *provider, struct id *ret_id, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct id id = id_new();
    struct sealed sealed;
    if (provider_seal(tx, provider, &id, arena, &sealed, err) < 0 ||
        store_run(tx, SQL_IDENTITY_PROVIDER_ADD,
                  ARGS(ARG_ID(&id), ARG_STR(provider->kind), ARG_STR(sealed.settings), ARG_STR(sealed.secret)), NULL,
                  err) < 0 ||
        domains_put(tx, &id, &provider->domains, arena, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

static int provider_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                         struct store_provider *ret_provider, struct err *err)
{
    struct store_provider p = {
        .id = store_row_id(rows, row, 0),
        .kind = store_row_str(rows, row, 1, arena),
        .state = store_row_str(rows, row, 3, arena),
        .place = store_row_str(rows, row, 4, arena),
        .keys = store_row_str(rows, row, 5, arena),
        .keys_at = store_row_int(rows, row, 6),
        .version = store_row_int(rows, row, 7),
        .created_at = store_row_int(rows, row, 8),
    };
    if (store_unseal(tx, (struct store_place){"identity_providers.settings", &p.id}, store_row_view(rows, row, 2),
                     arena, &p.settings, err) < 0 ||
        store_unseal(tx, (struct store_place){"identity_providers.secret", &p.id}, store_row_view(rows, row, 9), arena,
                     &p.secret, err) < 0)
        return -1;
    *ret_provider = p;
    return 0;
}

static int provider_find(struct store_tx *tx, enum store_sql sql, const struct id *id, struct arena *arena,
                         struct store_provider *ret_provider, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, sql, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return provider_read(tx, rows, 0, arena, ret_provider, err);
}

int store_provider_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                       struct store_provider *ret_provider, struct err *err)
{
    return provider_find(tx, SQL_IDENTITY_PROVIDER_GET, id, arena, ret_provider, err);
}

int store_provider_open(struct store_tx *tx, const struct id *id, struct arena *arena,
                        struct store_provider *ret_provider, struct err *err)
{
    return provider_find(tx, SQL_IDENTITY_PROVIDER_OPEN, id, arena, ret_provider, err);
}

int store_provider_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_providers, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_IDENTITY_PROVIDER_LIST, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_provider *providers = arena_array(arena, (size_t)n, sizeof *providers);
    for (int i = 0; i < n; i++)
        if (provider_read(tx, rows, i, arena, &providers[i], err) < 0)
            return -1;
    *ret_providers = (struct json_list){providers, (size_t)n};
    return 0;
}

int store_provider_save(struct store_tx *tx, const struct store_provider *provider, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct sealed sealed;
    if (provider_seal(tx, provider, &provider->id, arena, &sealed, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_IDENTITY_PROVIDER_SAVE,
                      ARGS(ARG_ID(&provider->id), ARG_INT(provider->version), ARG_STR(sealed.settings),
                           ARG_STR(sealed.secret), ARG_STR(provider->state), ARG_STR(provider->place),
                           ARG_STR(provider->keys)),
                      NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_IDENTITY_PROVIDER_VERSION, &provider->id, err) : -1;
    return domains_put(tx, &provider->id, &provider->domains, arena, err);
}

int store_provider_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err)
{
    if (store_run_one(tx, SQL_IDENTITY_PROVIDER_DELETE, ARGS(ARG_ID(id), ARG_INT(version)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_IDENTITY_PROVIDER_VERSION, id, err) : -1;
    return 0;
}

int store_provider_keys_claim(struct store_tx *tx, const struct id *id, int64_t pause_ms, struct err *err)
{
    return store_run_one(tx, SQL_IDENTITY_KEYS_CLAIM, ARGS(ARG_ID(id), ARG_INT(pause_ms)), NULL, err);
}

int store_provider_keys_put(struct store_tx *tx, const struct id *id, struct str keys, struct err *err)
{
    return store_run_one(tx, SQL_IDENTITY_KEYS_PUT, ARGS(ARG_ID(id), ARG_STR(keys)), NULL, err);
}

int store_provider_org(struct store *store, const struct id *id, struct id *ret_org, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(store, SQL_GUARD_IDENTITY_PROVIDER, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) != 1)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    *ret_org = store_row_id(rows, 0, 0);
    return 0;
}

int store_provider_doors(struct store *store, struct str domain, struct arena *arena, struct json_list *ret_doors,
                         struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = store_email_hash(store, domain, arena);
    if (store_run_guard(store, SQL_GUARD_IDENTITY_DOMAIN, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_provider_door *doors = arena_array(arena, (size_t)n, sizeof *doors);
    for (int i = 0; i < n; i++)
        doors[i] = (struct store_provider_door){store_row_id(rows, i, 0), store_row_id(rows, i, 1)};
    *ret_doors = (struct json_list){doors, (size_t)n};
    return 0;
}

int store_provider_any(struct store *store, bool *ret_any, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(store, SQL_GUARD_IDENTITY_ANY, ARGS_NONE, &rows, err) < 0)
        return -1;
    *ret_any = store_row_bool(rows, 0, 0);
    return 0;
}

int store_oidc_begin(struct store_tx *tx, const struct store_oidc_begun *begun, struct str state, struct str browser,
                     int64_t life_ms, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct crypto_hash state_hash = crypto_sha256(state), browser_hash = crypto_sha256(browser);
    struct id id = id_new();
    struct str trip;
    if (store_seal(tx, (struct store_place){"oidc_begun.trip", &id}, begun->trip, arena, &trip, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_OIDC_BEGIN,
                      ARGS(ARG_ID(&id), ARG_ID(&begun->provider), ARG_INT(begun->provider_version),
                           ARG_STR(crypto_hash_str(&state_hash)), ARG_STR(crypto_hash_str(&browser_hash)),
                           ARG_STR(trip), ARG_INT(life_ms)),
                      NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_BUSY, "sign-in") : -1;
    return 0;
}

int store_oidc_take(struct store *store, struct str state, struct str browser, struct arena *arena,
                    struct store_oidc_begun *ret_begun, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash state_hash = crypto_sha256(state), browser_hash = crypto_sha256(browser);
    if (store_run_guard(store, SQL_GUARD_OIDC_TAKE, ARGS(ARG_STR(crypto_hash_str(&state_hash))), &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) != 1 || !crypto_equal(store_row_view(rows, 0, 4), crypto_hash_str(&browser_hash)))
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    struct store_oidc_begun begun = {.org = store_row_id(rows, 0, 0),
                                     .provider = store_row_id(rows, 0, 2),
                                     .provider_version = store_row_int(rows, 0, 3)};
    struct id id = store_row_id(rows, 0, 1);
    _cleanup_(store_rollbackp) struct store_tx *tx = store_tx_new(store, &begun.org);
    if (store_unseal(tx, (struct store_place){"oidc_begun.trip", &id}, store_row_view(rows, 0, 5), arena, &begun.trip,
                     err) < 0)
        return -1;
    *ret_begun = begun;
    return 0;
}

/* See sign_up.h. */
#include "store/sign_in/sign_up.h"

#include "base/limits.h"
#include "store/core/tx.h"
#include "store/session.h"
#include "store/sign_in/door.h"

static const char domain_column[] = "sign_up_domains.domain", profile_column[] = "sign_ups.profile";

/* ---- Domains ---- */

static int domain_hash(struct store_tx *tx, struct str domain, struct crypto_hash *ret_hash, struct err *err)
{
    return store_index_hash(tx, "sign-up domain", domain, ret_hash, err);
}

int store_sign_up_domain_add(struct store_tx *tx, const struct store_sign_up_domain *fresh, const struct id *creator,
                             struct id *ret_id, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct crypto_hash hash;
    struct id id = id_new();
    struct str sealed;
    if (domain_hash(tx, fresh->domain, &hash, err) < 0 ||
        store_seal(tx, (struct store_place){domain_column, &id}, fresh->domain, arena, &sealed, err) < 0)
        return -1;
    if (store_run_one(
            tx, SQL_SIGN_UP_DOMAIN_ADD,
            ARGS(ARG_ID(&id), ARG_STR(crypto_hash_str(&hash)), ARG_STR(sealed), ARG_STR(fresh->role), ARG_ID(creator)),
            NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_CONFLICT, "domain") : -1;
    *ret_id = id;
    return 0;
}

static int domain_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                       struct store_sign_up_domain *ret_domain, struct err *err)
{
    struct store_sign_up_domain domain = {.id = store_row_id(rows, row, 0),
                                          .role = store_row_str(rows, row, 2, arena),
                                          .created_at = store_row_int(rows, row, 3)};
    if (store_unseal(tx, (struct store_place){domain_column, &domain.id}, store_row_view(rows, row, 1), arena,
                     &domain.domain, err) < 0)
        return -1;
    *ret_domain = domain;
    return 0;
}

int store_sign_up_domain_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                             struct store_sign_up_domain *ret_domain, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_SIGN_UP_DOMAIN_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return domain_read(tx, rows, 0, arena, ret_domain, err);
}

int store_sign_up_domain_find(struct store_tx *tx, struct str domain, struct arena *arena,
                              struct store_sign_up_domain *ret_domain, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash;
    if (domain_hash(tx, domain, &hash, err) < 0 ||
        store_run_one(tx, SQL_SIGN_UP_DOMAIN_FIND, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    return domain_read(tx, rows, 0, arena, ret_domain, err);
}

int store_sign_up_domain_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_domains, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_SIGN_UP_DOMAIN_LIST, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_sign_up_domain *list = arena_array(arena, (size_t)n, sizeof *list);
    for (int i = 0; i < n; i++)
        if (domain_read(tx, rows, i, arena, &list[i], err) < 0)
            return -1;
    *ret_domains = (struct json_list){list, (size_t)n};
    return 0;
}

int store_sign_up_domain_drop(struct store_tx *tx, const struct id *id, struct err *err)
{
    return store_run_one(tx, SQL_SIGN_UP_DOMAIN_DROP, ARGS(ARG_ID(id)), NULL, err);
}

/* ---- Sign-ups ---- */

static const struct json_field profile_fields[] = {
    {"email", JSON_STR, offsetof(struct store_sign_up, email)},
    {"name", JSON_STR, offsetof(struct store_sign_up, name)},
    {"language", JSON_STR, offsetof(struct store_sign_up, language)},
};
static const struct json_shape profile_shape = {"SignUpProfile", sizeof(struct store_sign_up), profile_fields,
                                                ARRAY_LEN(profile_fields), true};

int store_sign_up_put(struct store_tx *tx, const struct store_sign_up_new *fresh, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    const struct store_sign_up *sign_up = &fresh->sign_up;
    struct crypto_hash email = store_email_hash(tx->store, sign_up->email, arena);
    struct crypto_hash token = crypto_sha256(fresh->token), browser = crypto_sha256(fresh->browser);
    struct crypto_hash code = store_door_code(fresh->token, fresh->code);
    struct id id = id_new();
    struct str profile;
    if (store_seal(tx, (struct store_place){profile_column, &id}, json_write(&profile_shape, sign_up, arena), arena,
                   &profile, err) < 0)
        return -1;
    return store_run(tx, SQL_SIGN_UP_PUT,
                     ARGS(ARG_ID(&id), ARG_STR(crypto_hash_str(&email)), ARG_STR(profile), ARG_ID(&sign_up->domain),
                          ARG_ID(&sign_up->invitation), ARG_STR(crypto_hash_str(&token)),
                          ARG_STR(crypto_hash_str(&browser)), ARG_STR(crypto_hash_str(&code)), ARG_INT(fresh->life_ms)),
                     NULL, err);
}

int store_sign_up_find(struct store *store, const struct store_link_try *link, struct store_sign_up_found *ret_found,
                       struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash token = crypto_sha256(link->token), browser = crypto_sha256(link->browser);
    struct crypto_hash code = store_door_code(link->token, link->code);
    if (store_run_guard(store, SQL_GUARD_SIGN_UP,
                        ARGS(ARG_STR(crypto_hash_str(&token)),
                             ARG_STR(link->browser.p ? crypto_hash_str(&browser) : STR_NONE),
                             ARG_STR(link->code.p ? crypto_hash_str(&code) : STR_NONE)),
                        &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) != 1)
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    *ret_found =
        (struct store_sign_up_found){store_row_id(rows, 0, 0), store_row_id(rows, 0, 1), store_row_bool(rows, 0, 2)};
    return 0;
}

int store_sign_up_use(struct store_tx *tx, const struct id *id, struct str token, struct arena *arena,
                      struct store_sign_up *ret_sign_up, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = crypto_sha256(token);
    struct store_sign_up sign_up;
    struct str json;
    if (store_run_one(tx, SQL_SIGN_UP_USE, ARGS(ARG_ID(id), ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_BAD_LOGIN, "%s", "") : -1;
    if (store_unseal(tx, (struct store_place){profile_column, id}, store_row_view(rows, 0, 0), arena, &json, err) < 0 ||
        json_read(&profile_shape, json, arena, &sign_up, err) < 0)
        return -1;
    sign_up.domain = store_row_id(rows, 0, 1);
    sign_up.invitation = store_row_id(rows, 0, 2);
    *ret_sign_up = sign_up;
    return 0;
}

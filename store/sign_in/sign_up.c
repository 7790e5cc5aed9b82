/* See sign_up.h. */
#include "store/sign_in/sign_up.h"

#include "base/limits.h"
#include "store/core/tx.h"

/* ---- Invitations ---- */

static const struct json_field bound_fields[] = {
    {"email", JSON_STR, offsetof(struct store_invitation, email)},
    {"domain", JSON_STR, offsetof(struct store_invitation, domain)},
};
static const struct json_shape bound_shape = {"InvitationBound", sizeof(struct store_invitation), bound_fields,
                                              ARRAY_LEN(bound_fields), true};

int store_invitation_add(struct store_tx *tx, const struct store_invitation_new *fresh, struct id *ret_id,
                         struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct crypto_hash hash = crypto_sha256(fresh->code);
    struct id id = id_new();
    struct str bound;
    if (store_seal(tx, (struct store_place){"invitations.bound", &id},
                   json_write(&bound_shape, &fresh->invitation, arena), arena, &bound, err) < 0 ||
        store_run(tx, SQL_INVITATION_ADD,
                  ARGS(ARG_ID(&id), ARG_STR(crypto_hash_str(&hash)), ARG_STR(bound), ARG_STR(fresh->invitation.role),
                       ARG_INT(fresh->invitation.uses_left), ARG_INT(fresh->life_ms), ARG_ID(&fresh->creator)),
                  NULL, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

static int invitation_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                           struct store_invitation *ret, struct err *err)
{
    struct store_invitation invitation;
    struct id id = store_row_id(rows, row, 0);
    struct str json;
    if (store_unseal(tx, (struct store_place){"invitations.bound", &id}, store_row_view(rows, row, 1), arena, &json,
                     err) < 0 ||
        json_read(&bound_shape, json, arena, &invitation, err) < 0)
        return -1;
    invitation.id = id;
    invitation.role = store_row_str(rows, row, 2, arena);
    invitation.uses_left = store_row_int(rows, row, 3);
    invitation.expires_at = store_row_int(rows, row, 4);
    invitation.created_at = store_row_int(rows, row, 5);
    *ret = invitation;
    return 0;
}

int store_invitation_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                         struct store_invitation *ret_invitation, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_INVITATION_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return invitation_read(tx, rows, 0, arena, ret_invitation, err);
}

int store_invitation_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_invitations, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_INVITATION_LIST, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_invitation *list = arena_array(arena, (size_t)n, sizeof *list);
    for (int i = 0; i < n; i++)
        if (invitation_read(tx, rows, i, arena, &list[i], err) < 0)
            return -1;
    *ret_invitations = (struct json_list){list, (size_t)n};
    return 0;
}

int store_invitation_use(struct store_tx *tx, const struct id *id, struct err *err)
{
    return store_run_one(tx, SQL_INVITATION_USE, ARGS(ARG_ID(id)), NULL, err);
}

int store_invitation_delete(struct store_tx *tx, const struct id *id, struct err *err)
{
    return store_run_one(tx, SQL_INVITATION_DELETE, ARGS(ARG_ID(id)), NULL, err);
}

/* The row of a door that answers organisation and id; `none` when there is none. */
static int find(struct store *store, enum store_sql sql, struct str secret, struct id ret[2], enum err_code none,
                struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = crypto_sha256(secret);
    if (store_run_guard(store, sql, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) != 1)
        return err_set(err, none, "%s", "");
    ret[0] = store_row_id(rows, 0, 0);
    ret[1] = store_row_id(rows, 0, 1);
    return 0;
}

int store_invitation_find(struct store *store, struct str code, struct id *ret_org, struct id *ret_id, struct err *err)
{
    struct id found[2];
    if (find(store, SQL_GUARD_INVITATION, code, found, ERR_NOT_FOUND, err) < 0)
        return -1;
    *ret_org = found[0];
    *ret_id = found[1];
    return 0;
}

/* ---- Domains ---- */

/* The same in all organisations: the sign-up looks it up. */
static struct crypto_hash domain_hash(const struct store *store, struct str domain)
{
    struct crypto_key key = store_door_key(store, "sign-up domain");
    struct crypto_hash hash = crypto_hmac(&key, domain);
    crypto_wipe(&key, sizeof key);
    return hash;
}

int store_sign_up_domain_add(struct store_tx *tx, struct str domain, struct str role, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct crypto_hash hash = domain_hash(tx->store, domain);
    struct id row = store_derived_id(&hash);
    struct str sealed;
    if (store_seal(tx, (struct store_place){"sign_up_domains.domain", &row}, domain, arena, &sealed, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_SIGN_UP_DOMAIN_ADD, ARGS(ARG_STR(crypto_hash_str(&hash)), ARG_STR(sealed), ARG_STR(role)),
                      NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_CONFLICT, "domain") : -1;
    return 0;
}

int store_sign_up_domain_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_domains, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_SIGN_UP_DOMAIN_LIST, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct str *list = arena_array(arena, (size_t)n, sizeof *list);
    for (int i = 0; i < n; i++) {
        struct crypto_hash hash;
        memcpy(hash.b, store_row_view(rows, i, 0).p, sizeof hash.b);
        struct id row = store_derived_id(&hash);
        struct str domain;
        if (store_unseal(tx, (struct store_place){"sign_up_domains.domain", &row}, store_row_view(rows, i, 1), arena,
                         &domain, err) < 0)
            return -1;
        struct str role = store_row_view(rows, i, 2);
        list[i] = str_printf(arena, "%.*s %.*s", STR_ARG(domain), STR_ARG(role));
    }
    *ret_domains = (struct json_list){list, (size_t)n};
    return 0;
}

int store_sign_up_domain_drop(struct store_tx *tx, struct str domain, struct err *err)
{
    struct crypto_hash hash = domain_hash(tx->store, domain);
    return store_run_one(tx, SQL_SIGN_UP_DOMAIN_DROP, ARGS(ARG_STR(crypto_hash_str(&hash))), NULL, err);
}

int store_sign_up_domain_find(struct store *store, struct str domain, struct arena *arena, struct id *ret_org,
                              struct str *ret_role, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = domain_hash(store, domain);
    if (store_run_guard(store, SQL_GUARD_SIGN_UP_DOMAIN, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) != 1)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    *ret_org = store_row_id(rows, 0, 0);
    *ret_role = store_row_str(rows, 0, 1, arena);
    return 0;
}

/* ---- Sign-ups ---- */

static const struct json_field profile_fields[] = {
    {"email", JSON_STR, offsetof(struct store_sign_up, email)},
    {"name", JSON_STR, offsetof(struct store_sign_up, name)},
    {"language", JSON_STR, offsetof(struct store_sign_up, language)},
};
static const struct json_shape profile_shape = {"SignUpProfile", sizeof(struct store_sign_up), profile_fields,
                                                ARRAY_LEN(profile_fields), true};

int store_sign_up_add(struct store_tx *tx, const struct store_sign_up *sign_up, int64_t life_ms, struct id *ret_id,
                      struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct id id = id_new();
    struct str profile;
    if (store_seal(tx, (struct store_place){"sign_ups.profile", &id}, json_write(&profile_shape, sign_up, arena), arena,
                   &profile, err) < 0 ||
        store_run(
            tx, SQL_SIGN_UP_ADD,
            ARGS(ARG_ID(&id), ARG_STR(profile), ARG_ID(&sign_up->invitation), ARG_STR(sign_up->role), ARG_INT(life_ms)),
            NULL, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

int store_sign_up_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_sign_up *ret_sign_up,
                      struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct store_sign_up sign_up;
    struct str json;
    if (store_run_one(tx, SQL_SIGN_UP_GET, ARGS(ARG_ID(id)), &rows, err) < 0 ||
        store_unseal(tx, (struct store_place){"sign_ups.profile", id}, store_row_view(rows, 0, 0), arena, &json, err) <
            0 ||
        json_read(&profile_shape, json, arena, &sign_up, err) < 0)
        return -1;
    sign_up.invitation = store_row_id(rows, 0, 1);
    sign_up.role = store_row_str(rows, 0, 2, arena);
    *ret_sign_up = sign_up;
    return 0;
}

int store_sign_up_token(struct store_tx *tx, const struct id *id, struct str token, struct err *err)
{
    struct crypto_hash hash = crypto_sha256(token);
    return store_run_one(tx, SQL_SIGN_UP_TOKEN, ARGS(ARG_ID(id), ARG_STR(crypto_hash_str(&hash))), NULL, err);
}

int store_sign_up_find(struct store *store, struct str token, struct id *ret_org, struct id *ret_id, struct err *err)
{
    struct id found[2];
    if (find(store, SQL_GUARD_SIGN_UP, token, found, ERR_BAD_LOGIN, err) < 0)
        return -1;
    *ret_org = found[0];
    *ret_id = found[1];
    return 0;
}

int store_sign_up_use(struct store_tx *tx, const struct id *id, struct str token, struct err *err)
{
    struct crypto_hash hash = crypto_sha256(token);
    if (store_run_one(tx, SQL_SIGN_UP_USE, ARGS(ARG_ID(id), ARG_STR(crypto_hash_str(&hash))), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_BAD_LOGIN, "%s", "") : -1;
    return 0;
}

/* See people.h. Rights: store/core/tx.c, which loads them with the handle. */
#include "store/people.h"

#include "base/limits.h"
#include "store/core/tx.h"
#include "store/core/user_row.h"
#include "store/session.h"

static const struct json_field profile_fields[] = {
    {"email", JSON_STR, offsetof(struct store_user, email)},
    {"name", JSON_STR, offsetof(struct store_user, name)},
    {"language", JSON_STR, offsetof(struct store_user, language)},
    {"theme", JSON_STR, offsetof(struct store_user, theme)},
};
static const struct json_shape profile_shape = {"UserProfile", sizeof(struct store_user), profile_fields,
                                                ARRAY_LEN(profile_fields), true};

int store_org_create(struct store *store, struct str name, struct id *ret_org, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct id org = id_new();
    struct store_wrapped data, index;
    struct str sealed;
    if (store_begin(store, &org, &tx, err) < 0 ||
        store_keys_make(tx, store_key_context("data", &org, 1, arena), arena, &data, err) < 0 ||
        store_keys_make(tx, store_key_context("index", &org, 0, arena), arena, &index, err) < 0)
        return -1;
    if (store_run(tx, SQL_ORG_ADD, ARGS(ARG_STR(index.key), ARG_STR(index.master)), NULL, err) < 0 ||
        store_run(tx, SQL_ORG_KEY_ADD, ARGS(ARG_INT(1), ARG_STR(data.key), ARG_STR(data.master)), NULL, err) < 0)
        return -1;
    if (store_seal(tx, (struct store_place){"orgs.name", &org}, name, arena, &sealed, err) < 0 ||
        store_run(tx, SQL_ORG_NAME_SET, ARGS(ARG_STR(sealed)), NULL, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_org = org;
    return 0;
}

int store_org_name(struct store_tx *tx, struct arena *arena, struct str *ret_name, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_ORG_GET, ARGS_NONE, &rows, err) < 0)
        return -1;
    return store_unseal(tx, (struct store_place){"orgs.name", &tx->org}, store_row_view(rows, 0, 0), arena, ret_name,
                        err);
}

int store_org_present(struct store_tx *tx, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    return store_run_one(tx, SQL_ORG_PRESENT, ARGS_NONE, &rows, err);
}

int store_orgs(struct store *store, struct arena *arena, struct json_list *ret_orgs, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(store, SQL_GUARD_ORGS, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct id *orgs = arena_array(arena, (size_t)n, sizeof *orgs);
    for (int i = 0; i < n; i++)
        orgs[i] = store_row_id(rows, i, 0);
    *ret_orgs = (struct json_list){orgs, (size_t)n};
    return 0;
}

int store_user_profile(struct store_tx *tx, struct str sealed, struct arena *arena, struct store_user *user,
                       struct err *err)
{
    struct str json;
    struct store_user profile;
    if (store_unseal(tx, (struct store_place){"users.profile", &user->id}, sealed, arena, &json, err) < 0 ||
        json_read(&profile_shape, json, arena, &profile, err) < 0)
        return -1;
    user->email = profile.email;
    user->name = profile.name;
    user->language = profile.language;
    user->theme = profile.theme;
    return 0;
}

static int user_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                     struct store_user *ret_user, struct err *err)
{
    struct store_user user = {
        .id = store_row_id(rows, row, 0),
        .password_hash = store_row_str(rows, row, 2, arena),
        .role = store_row_str(rows, row, 3, arena),
        .state = store_row_str(rows, row, 4, arena),
        .version = store_row_int(rows, row, 5),
        .created_at = store_row_int(rows, row, 6),
    };
    if (store_user_profile(tx, store_row_view(rows, row, 1), arena, &user, err) < 0)
        return -1;
    *ret_user = user;
    return 0;
}

static int user_seal(struct store_tx *tx, const struct store_user *user, const struct id *id, struct arena *arena,
                     struct str *ret_profile, struct err *err)
{
    return store_seal(tx, (struct store_place){"users.profile", id}, json_write(&profile_shape, user, arena), arena,
                      ret_profile, err);
}

int store_user_add(struct store_tx *tx, const struct store_user *user, struct id *ret_id, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct crypto_hash hash = store_email_hash(tx->store, user->email, arena);
    struct id id = id_new();
    struct str profile;
    if (user_seal(tx, user, &id, arena, &profile, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_USER_ADD,
                      ARGS(ARG_ID(&id), ARG_STR(crypto_hash_str(&hash)), ARG_STR(profile), ARG_STR(user->password_hash),
                           ARG_STR(user->role), ARG_STR(user->state)),
                      NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_field(err, ERR_CONFLICT, "/email", "e-mail") : -1;
    *ret_id = id;
    return 0;
}

int store_user_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_user *ret_user,
                   struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_USER_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return user_read(tx, rows, 0, arena, ret_user, err);
}

int store_user_lock(struct store_tx *tx, const struct id *id, struct err *err)
{
    return store_run_one(tx, SQL_USER_LOCK, ARGS(ARG_ID(id)), NULL, err);
}

int store_user_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_users, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_USER_LIST, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_user *users = arena_array(arena, (size_t)n, sizeof *users);
    for (int i = 0; i < n; i++)
        if (user_read(tx, rows, i, arena, &users[i], err) < 0)
            return -1;
    *ret_users = (struct json_list){users, (size_t)n};
    return 0;
}

int store_user_colleagues(struct store_tx *tx, struct arena *arena, struct json_list *ret_users, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_USER_COLLEAGUES, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_user *users = arena_array(arena, (size_t)n, sizeof *users);
    for (int i = 0; i < n; i++) {
        users[i].id = store_row_id(rows, i, 0);
        if (store_user_profile(tx, store_row_view(rows, i, 1), arena, &users[i], err) < 0)
            return -1;
    }
    *ret_users = (struct json_list){users, (size_t)n};
    return 0;
}

int store_user_save(struct store_tx *tx, const struct store_user *user, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = store_email_hash(tx->store, user->email, arena);
    struct str profile;
    if (user_seal(tx, user, &user->id, arena, &profile, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_USER_SAVE,
                      ARGS(ARG_ID(&user->id), ARG_INT(user->version), ARG_STR(crypto_hash_str(&hash)), ARG_STR(profile),
                           ARG_STR(user->password_hash), ARG_STR(user->role), ARG_STR(user->state)),
                      &rows, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_USER_VERSION, &user->id, err) : -1;
    return store_row_bool(rows, 0, 0) ? store_session_end_all(tx, &user->id, err) : 0;
}

int store_user_admins(struct store_tx *tx, const struct id *user, int *ret_others, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_USER_ADMINS, ARGS(ARG_ID(user)), &rows, err) < 0)
        return -1;
    int others = 0;
    for (int i = 0; i < store_rows_count(rows); i++)
        others += store_row_bool(rows, i, 0);
    *ret_others = others;
    return 0;
}

static int user_has(struct store_tx *tx, enum store_sql sql, const struct id *user, const char *role, struct err *err)
{
    if (store_run_one(tx, sql, ARGS(ARG_ID(user), ARG_C(role)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_FORBIDDEN, "%s", "the role has changed") : -1;
    return 0;
}

int store_user_present(struct store_tx *tx, const struct id *user, const char *role, struct err *err)
{
    return user_has(tx, SQL_USER_PRESENT, user, role, err);
}

void store_act_as(struct store_tx *tx, const struct id *user, const char *role)
{
    tx->as = user ? *user : (struct id){""};
    tx->as_role = role;
}

/* Last in the transaction, so that its lock is held for a moment only. */
int store_actor_check(struct store_tx *tx, struct err *err)
{
    if (!tx->journal || id_none(&tx->as))
        return 0;
    return user_has(tx, SQL_USER_STILL, &tx->as, tx->as_role, err);
}

int store_sign_in_find(struct store *store, struct str email, struct arena *arena, struct json_list *ret_users,
                       struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = store_email_hash(store, email, arena);
    if (store_run_guard(store, SQL_GUARD_SIGN_IN, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_sign_in *users = arena_array(arena, (size_t)n, sizeof *users);
    for (int i = 0; i < n; i++)
        users[i] = (struct store_sign_in){store_row_id(rows, i, 0), store_row_id(rows, i, 1),
                                          store_row_str(rows, i, 2, arena), store_row_str(rows, i, 3, arena)};
    *ret_users = (struct json_list){users, (size_t)n};
    return 0;
}

/* See invitation.h. */
#include "store/sign_in/invitation.h"

#include "base/crypto.h"
#include "base/limits.h"
#include "store/core/tx.h"

static const char bound_column[] = "invitations.bound";
static const struct json_field bound_fields[] = {
    {"email", JSON_STR, offsetof(struct store_invitation, email)},
    {"domain", JSON_STR, offsetof(struct store_invitation, domain)},
};
static const struct json_shape bound_shape = {"InvitationBound", sizeof(struct store_invitation), bound_fields,
                                              ARRAY_LEN(bound_fields), true};

int store_invitation_add(struct store_tx *tx, const struct store_invitation *fresh, struct str code, int64_t life_ms,
                         struct id *ret_id, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct crypto_hash hash = crypto_sha256(code);
    struct id id = id_new();
    struct str bound;
    if (store_seal(tx, (struct store_place){bound_column, &id}, json_write(&bound_shape, fresh, arena), arena, &bound,
                   err) < 0 ||
        store_run(tx, SQL_INVITATION_ADD,
                  ARGS(ARG_ID(&id), ARG_STR(crypto_hash_str(&hash)), ARG_STR(bound), ARG_STR(fresh->role),
                       ARG_INT(fresh->uses), ARG_INT(life_ms), ARG_ID(&fresh->creator)),
                  NULL, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

static int invitation_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                           struct store_invitation *ret_invitation, struct err *err)
{
    struct store_invitation invitation;
    struct id id = store_row_id(rows, row, 0);
    struct str json;
    if (store_unseal(tx, (struct store_place){bound_column, &id}, store_row_view(rows, row, 1), arena, &json, err) <
            0 ||
        json_read(&bound_shape, json, arena, &invitation, err) < 0)
        return -1;
    invitation.id = id;
    invitation.role = store_row_str(rows, row, 2, arena);
    invitation.uses = store_row_int(rows, row, 3);
    invitation.used = store_row_int(rows, row, 4);
    invitation.creator = store_row_id(rows, row, 5);
    invitation.created_at = store_row_int(rows, row, 6);
    invitation.expires_at = store_row_int(rows, row, 7);
    invitation.revoked_at = store_row_int(rows, row, 8);
    *ret_invitation = invitation;
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

int store_invitation_revoke(struct store_tx *tx, const struct id *id, struct err *err)
{
    return store_run_one(tx, SQL_INVITATION_REVOKE, ARGS(ARG_ID(id)), NULL, err);
}

int store_invitation_find(struct store *store, struct str code, struct id *ret_org, struct id *ret_id, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = crypto_sha256(code);
    if (store_run_guard(store, SQL_GUARD_INVITATION, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) != 1)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    *ret_org = store_row_id(rows, 0, 0);
    *ret_id = store_row_id(rows, 0, 1);
    return 0;
}

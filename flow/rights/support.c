/* See flow/support.h. */
#include "flow/support.h"

#include "base/limits.h"
#include "contact/email.h"
#include "flow/audit/audit.h"
#include "flow/idempotency.h"
#include "store/rights/grant.h"

enum { HOUR_MS = 3600 * 1000 };

static struct flow_support_grant grant_of(const struct store_grant *row, const struct json_list *users, int64_t now,
                                          struct arena *arena)
{
    struct flow_support_grant grant = {
        .id = flow_id_text(&row->id, arena),
        .user_id = flow_id_text(&row->user, arena),
        .name = flow_user_name(users, &row->user),
        .area = str_eq(row->area, str_c(flow_support_area_words[1])),
        .reason = row->reason,
        .granted_by = flow_user_name(users, &row->granted_by),
        .created_at = flow_time_text(row->created_at, arena),
        .expires_at = flow_time_text(row->expires_at, arena),
        .ended_at = flow_time_text(row->ended_at, arena),
        .ended_by = flow_user_name(users, &row->ended_by),
        .state = !id_none(&row->ended_by) ? 2
                 : row->expires_at <= now ? 1
                                          : 0,
    };
    for (size_t i = 0; i < users->n; i++) {
        const struct store_user *user = (const struct store_user *)users->items + i;
        if (id_eq(&user->id, &row->user))
            grant.email = user->email;
    }
    return grant;
}

int flow_support_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                      struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows, users;
    if (flow_may(flow, actor, "support_grant", "list", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_grant_list(tx, arena, &rows, err) < 0 || store_user_list(tx, arena, &users, err) < 0)
        return -1;
    struct flow_support_grant *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++)
        items[i] = grant_of((const struct store_grant *)rows.items + i, &users, store_tx_now(tx), arena);
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

/* ---- Letting in ---- */

static int check_new(const struct flow_support_new *input, struct arena *arena, struct store_user *user,
                     struct err *err)
{
    struct contact_email email;
    *user = (struct store_user){.name = str_trim(input->name),
                                .language = STR("en"),
                                .theme = STR("system"),
                                .role = str_c(flow_role_words[FLOW_ROLE_SUPPORT]),
                                .state = STR("active")};
    if (!contact_email_parse(str_trim(input->email), arena, &email))
        return err_field(err, ERR_INVALID, "/email", "an e-mail address is expected");
    user->email = email.address;
    if (str_empty(user->name))
        return err_field(err, ERR_INVALID, "/name", "this field is required");
    if (str_empty(str_trim(input->reason)))
        return err_field(err, ERR_INVALID, "/reason", "this field is required");
    if (input->hours < 1 || input->hours > FLOW_SUPPORT_HOURS)
        return err_field(err, ERR_INVALID, "/hours", "1 to %d", FLOW_SUPPORT_HOURS);
    return 0;
}

/* The account: the one of an earlier grant, or a new one. */
static int account_of(const struct flow *flow, struct store_tx *tx, const struct store_user *wanted,
                      struct arena *arena, struct id *ret_user, struct err *err)
{
    struct json_list found;
    struct store_user user;
    if (store_sign_in_find(flow->store, wanted->email, arena, &found, err) < 0)
        return -1;
    for (size_t i = 0; i < found.n; i++) {
        const struct store_sign_in *row = (const struct store_sign_in *)found.items + i;
        if (!id_eq(&row->org, store_tx_org(tx)))
            continue;
        if (store_user_get(tx, &row->user, arena, &user, err) < 0)
            return -1;
        if (!str_eq(user.role, wanted->role))
            return err_field(err, ERR_CONFLICT, "/email", "e-mail");
        *ret_user = row->user;
        return 0;
    }
    return store_user_add(tx, wanted, ret_user, err);
}

/* The grant as it stands, kept as the answer of a request that comes again. */
static int grant_settle(struct store_tx **tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                        struct flow_support_grant *ret_grant, struct err *err)
{
    struct store_grant row;
    struct json_list users;
    if (store_grant_get(*tx, id, arena, &row, err) < 0 || store_user_list(*tx, arena, &users, err) < 0)
        return -1;
    *ret_grant = grant_of(&row, &users, store_tx_now(*tx), arena);
    struct flow_idempotency_answer answer = {.status = 201,
                                             .location = str_printf(arena, "/v1/support-grants/%s", id->s),
                                             .body = json_write(&flow_support_grant_shape, ret_grant, arena)};
    return flow_once(*tx, actor, &answer, err) < 0 ? -1 : store_commit(tx, err);
}

int flow_support_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_support_new *input,
                        struct arena *arena, struct flow_support_grant *ret_grant, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_user user;
    struct store_grant row = {.granted_by = actor->user,
                              .area = str_c(flow_support_area_words[input->area < 0 ? 0 : input->area]),
                              .reason = str_trim(input->reason)};
    struct id id;
    struct flow_actor giver = *actor;
    struct flow_deed deed = {.action = "support_grant.create", .kind = "support_grant", .subject = &id};
    if (flow_may(flow, actor, "support_grant", "create", err) < 0 || check_new(input, arena, &user, err) < 0 ||
        flow_begin(flow, actor, &tx, err) < 0 || account_of(flow, tx, &user, arena, &row.user, err) < 0 ||
        store_grant_add(tx, &row, input->hours * HOUR_MS, &id, err) < 0)
        return -1;
    giver.origin.why = row.reason;
    deed.note = str_z(arena, str_printf(arena, "area=%.*s hours=%lld user=%s", STR_ARG(row.area),
                                        (long long)input->hours, row.user.s));
    flow_tell(tx, &giver, &deed);
    return grant_settle(&tx, actor, &id, arena, ret_grant, err);
}

int flow_support_revoke(const struct flow *flow, const struct flow_actor *actor, struct id grant, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_grant row;
    struct flow_deed deed = {.action = "support_grant.revoke", .kind = "support_grant", .subject = &grant};
    if (flow_may(flow, actor, "support_grant", "revoke", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_grant_get(tx, &grant, arena, &row, err) < 0 || store_grant_end(tx, &row, &actor->user, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

/* ---- Being watched ---- */

int flow_support_note(const struct flow *flow, const struct flow_actor *actor, const char *operation, struct err *err)
{
    const struct flow_deed deed = {
        .action = "support.request", .kind = "support_grant", .subject = &actor->origin.grant, .note = operation};
    return id_none(&actor->origin.grant) ? 0 : flow_audit(flow, actor, &deed, err);
}

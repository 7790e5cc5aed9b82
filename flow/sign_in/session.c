/* Sessions and one's own settings; see session.h. */
#include "flow/session.h"

#include "base/limits.h"
#include "flow/common.h"
#include "store/people.h"
#include "store/session.h"

/* ---- Tokens ---- */

static struct str csrf_of(const struct store_session *session, struct arena *arena)
{
    struct crypto_hash hash = crypto_hmac(&session->csrf_key, STR("csrf token"));
    return crypto_base64url(crypto_hash_str(&hash), arena);
}

/* ---- Sessions ---- */

struct flow_session_user flow_session_user_of(const struct store_user *user, struct arena *arena)
{
    return (struct flow_session_user){.id = flow_id_text(&user->id, arena),
                                      .name = user->name,
                                      .email = user->email,
                                      .role = user->role,
                                      .language = user->language,
                                      .theme = user->theme};
}

static struct flow_who who_of(const struct store_session *row, struct arena *arena)
{
    const struct store_user *user = &row->user;
    return (struct flow_who){
        .actor = {.org = row->org,
                  .user = user->id,
                  .role = str_eq(row->area, STR("content")) ? "support_content" : str_z(arena, user->role),
                  .language = flow_language(user->language),
                  .origin = {.grant = row->grant, .why = row->reason}},
        .session = {.user = flow_session_user_of(user, arena),
                    .org = {.id = flow_id_text(&row->org, arena)},
                    .csrf = csrf_of(row, arena),
                    .expires_at = flow_time_text(row->expires_at, arena)},
        .session_id = row->id,
        .signed_in_ms = row->created_at,
    };
}

int flow_session_find(const struct flow *flow, struct str token, struct arena *arena, struct flow_who *ret_who,
                      struct err *err)
{
    struct store_session row;
    if (store_session_find(flow->store, token, (int64_t)FLOW_SESSION_IDLE_SECONDS * 1000, arena, &row, err) < 0)
        return -1;
    *ret_who = who_of(&row, arena);
    return 0;
}

int flow_session_get(const struct flow *flow, const struct flow_who *who, struct arena *arena,
                     struct flow_session *ret_session, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct str name;
    if (flow_begin(flow, &who->actor, &tx, err) < 0 || store_org_name(tx, arena, &name, err) < 0)
        return -1;
    *ret_session = who->session;
    ret_session->org.name = name;
    return 0;
}

int flow_session_check_csrf(const struct flow_who *who, struct str header, struct err *err)
{
    return header.p && crypto_equal(header, who->session.csrf) ? 0 : err_set(err, ERR_CSRF, "X-CSRF-Token");
}

int flow_session_end(const struct flow *flow, struct str token, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct flow_who who;
    if (flow_session_find(flow, token, arena, &who, err) < 0)
        return err->code == ERR_UNAUTHENTICATED ? 0 : -1;
    struct flow_deed deed = {.action = "session.end", .kind = "user", .subject = &who.actor.user};
    if (flow_begin(flow, &who.actor, &tx, err) < 0 || store_session_end(tx, &who.session_id, err) < 0)
        return -1;
    flow_tell(tx, &who.actor, &deed);
    return store_commit(&tx, err);
}

/* ---- Seeing and ending others ---- */

int flow_session_list(const struct flow *flow, const struct flow_who *who, const struct id *user, struct arena *arena,
                      struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    if (!who->actor.any && !id_eq(user, &who->actor.user))
        return err_set(err, ERR_FORBIDDEN, "session");
    if (flow_begin(flow, &who->actor, &tx, err) < 0 ||
        store_session_list(tx, user, (int64_t)FLOW_SESSION_IDLE_SECONDS * 1000, arena, &rows, err) < 0)
        return -1;
    struct flow_session_entry *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_session_row *row = (const struct store_session_row *)rows.items + i;
        items[i] = (struct flow_session_entry){.id = flow_id_text(&row->id, arena),
                                               .created_at = flow_time_text(row->created_at, arena),
                                               .seen_at = flow_time_text(row->seen_at, arena),
                                               .method = row->method,
                                               .client = row->client,
                                               .current = id_eq(&row->id, &who->session_id)};
    }
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

int flow_session_revoke(const struct flow *flow, const struct flow_actor *actor, const struct id *session,
                        struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {.action = "session.revoke", .kind = "session", .subject = session};
    if (flow_begin(flow, actor, &tx, err) < 0 || store_session_end_of(tx, session, flow_only(actor), err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_session_end_others(const struct flow *flow, const struct flow_who *who, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct id *user = &who->actor.user;
    struct flow_deed deed = {.action = "session.end_others", .kind = "user", .subject = user};
    if (flow_begin(flow, &who->actor, &tx, err) < 0 || store_session_end_others(tx, user, &who->session_id, err) < 0)
        return -1;
    flow_tell(tx, &who->actor, &deed);
    return store_commit(&tx, err);
}

int flow_cut_off(const struct flow *flow, const struct flow_actor *actor, const struct id *user, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct flow_deed deed = {
        .action = "session.cut_off", .kind = user ? "user" : "organisation", .subject = user ? user : &actor->org};
    struct store_user row;
    if (!(user && id_eq(user, &actor->user)) &&
        flow_may(flow, actor, user ? "user" : "organisation", "cut_off", err) < 0)
        return -1;
    if (flow_begin(flow, actor, &tx, err) < 0 || (user && store_user_get(tx, user, arena, &row, err) < 0) ||
        store_session_cut_off(tx, user, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

/* Sessions and one's own settings; see session.h. */
#include "flow/session.h"

#include "base/limits.h"
#include "base/password.h"
#include "flow/common.h"
#include "flow/people.h"
#include "flow/sign_in/password.h"
#include "store/session.h"

/* ---- Tokens ---- */

static struct str csrf_of(const struct store_session *session, struct arena *arena)
{
    struct crypto_hash hash = crypto_hmac(&session->csrf_key, STR("csrf token"));
    return crypto_base64url(crypto_hash_str(&hash), arena);
}

/* ---- Sessions ---- */

static struct flow_who who_of(const struct store_session *row, struct arena *arena)
{
    const struct store_user *user = &row->user;
    return (struct flow_who){
        .actor = {.org = row->org,
                  .user = user->id,
                  .role = str_z(arena, user->role),
                  .language = str_eq(user->language, STR("en")) ? "en" : "de"},
        .session = {.user = {.id = flow_id_text(&user->id, arena),
                             .name = user->name,
                             .email = user->email,
                             .role = user->role,
                             .language = user->language,
                             .theme = user->theme},
                    .org = {.id = flow_id_text(&row->org, arena)},
                    .csrf = csrf_of(row, arena),
                    .expires_at = flow_time_text(row->expires_at, arena)},
        .session_id = row->id,
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

/* ---- One's own settings ---- */

static bool one_of(struct str word, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(word, str_c(*words)))
            return true;
    return false;
}

static int change_apply(const struct flow_session_change *change, struct store_user *user, struct err *err)
{
    static const char *const languages[] = {"de", "en", NULL};
    static const char *const themes[] = {"system", "light", "dark", NULL};
    if (change->language.p && !one_of(change->language, languages))
        return err_field(err, ERR_INVALID, "/language", "de or en");
    if (change->theme.p && !one_of(change->theme, themes))
        return err_field(err, ERR_INVALID, "/theme", "system, light or dark");
    if (change->language.p)
        user->language = change->language;
    if (change->theme.p)
        user->theme = change->theme;
    return 0;
}

/* A new password needs the present one where there is one, and is as dear as a sign-in. */
static int change_password(const struct flow_session_change *change, struct store_user *user, struct arena *arena,
                           struct err *err)
{
    struct str present = user->password_hash;
    user->password_hash = STR_NONE; /* keeps the old one */
    if (!change->password.p)
        return 0;
    if (flow_password_enter(err) < 0)
        return -1;
    bool known = !present.p || password_verify(present, change->password_now);
    int r = known ? flow_password_hash(change->password, arena, &user->password_hash, err)
                  : err_field(err, ERR_INVALID, "/password_now", "not the present password");
    flow_password_leave();
    return r;
}

int flow_session_change(const struct flow *flow, const struct flow_who *who, const struct flow_session_change *change,
                        struct arena *arena, struct flow_session *ret_session, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_user user;
    struct flow_who changed = *who;
    struct flow_deed deed = {.action = "user.settings", .kind = "user", .subject = &who->actor.user};
    if (flow_begin(flow, &who->actor, &tx, err) < 0 || store_user_get(tx, &who->actor.user, arena, &user, err) < 0 ||
        change_apply(change, &user, err) < 0 || change_password(change, &user, arena, err) < 0 ||
        store_user_save(tx, &user, err) < 0)
        return -1;
    flow_tell(tx, &who->actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    changed.session.user.language = user.language;
    changed.session.user.theme = user.theme;
    return flow_session_get(flow, &changed, arena, ret_session, err);
}

/* What people set for themselves; see flow/session.h. */
#include "base/password.h"
#include "flow/common.h"
#include "flow/second_factor.h"
#include "flow/sign_in/password.h"
#include "flow/sign_in/throttle.h"
#include "store/people.h"

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

/* Whether it is the present password: guessing it from inside is limited like guessing from outside. */
static int know_present(const struct flow *flow, const struct flow_actor *actor, struct str hash, struct str typed,
                        struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)1 << 20);
    struct flow_tries tries = {.arena = arena};
    struct str who = str_printf(arena, "%s|%s", actor->org.s, actor->user.s);
    if (flow_try(flow, FLOW_TRY_OWN, &flow_anywhere, who, &tries, err) < 0 || flow_password_enter(err) < 0)
        return -1;
    bool known = password_verify(hash, typed);
    flow_password_leave();
    return known ? flow_try_good(flow, &tries, err)
                 : err_field(err, ERR_INVALID, "/password_now", "not the present password");
}

/* A new password needs the present one, or a fresh sign-in where there is none yet. */
static int may_change_password(const struct flow *flow, const struct flow_who *who, const struct store_user *user,
                               const struct flow_session_change *change, struct err *err)
{
    if (!change->password.p)
        return 0;
    return user->password_hash.p ? know_present(flow, &who->actor, user->password_hash, change->password_now, err)
                                 : flow_need_fresh(who, err);
}

int flow_session_change(const struct flow *flow, const struct flow_who *who, const struct flow_session_change *change,
                        struct arena *arena, struct flow_session *ret_session, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_user user;
    struct flow_who changed = *who;
    struct flow_deed deed = {.action = "user.settings", .kind = "user", .subject = &who->actor.user};
    /* One's own settings are changed without a version: two changes at once come one after the other. */
    if (flow_begin(flow, &who->actor, &tx, err) < 0 || store_user_lock(tx, &who->actor.user, err) < 0 ||
        store_user_get(tx, &who->actor.user, arena, &user, err) < 0 || change_apply(change, &user, err) < 0 ||
        may_change_password(flow, who, &user, change, err) < 0 ||
        flow_password_set(tx, &user, change->password, arena, err) < 0 || store_user_save(tx, &user, err) < 0)
        return -1;
    flow_tell(tx, &who->actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    changed.session.user.language = user.language;
    changed.session.user.theme = user.theme;
    return flow_session_get(flow, &changed, arena, ret_session, err);
}

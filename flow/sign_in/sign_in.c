/* The table of methods, and where every one of them ends; see flow/sign_in.h. */
#include "flow/common.h"
#include "flow/sign_in/factor.h"
#include "flow/sign_in/method.h"
#include "store/people.h"
#include "store/session.h"

enum { CLIENT_BYTES = 256 };

const struct flow_sign_in_method *const flow_sign_in_methods[] = {
    &flow_method_password, &flow_method_link, &flow_method_oidc, &flow_method_sign_up, NULL,
};

int flow_sign_in_choices(const struct flow *flow, const char *language, struct arena *arena,
                         struct json_list *ret_choices, struct err *err)
{
    struct json_list all = {.n = 0};
    for (size_t i = 0; flow_sign_in_methods[i]; i++) {
        struct json_list more = {.n = 0};
        if (flow_sign_in_methods[i]->choices(flow, language, arena, &more, err) < 0)
            return -1;
        struct flow_sign_in_choice *joined = arena_array(arena, all.n + more.n, sizeof *joined);
        if (all.n)
            memcpy(joined, all.items, all.n * sizeof *joined);
        if (more.n)
            memcpy(joined + all.n, more.items, more.n * sizeof *joined);
        all = (struct json_list){joined, all.n + more.n};
    }
    *ret_choices = all;
    return 0;
}

/* ---- The end ---- */

struct flow_actor flow_asker_as(const struct flow_asker *asker, const struct id *org, const struct id *user)
{
    return (struct flow_actor){.org = *org,
                               .user = user ? *user : (struct id){""},
                               .language = asker->language,
                               .request = asker->request,
                               .origin = {.address = asker->address}};
}

/* What a session begins with. */
struct opening {
    const struct flow *flow;
    const struct flow_asker *asker;
    struct flow_actor actor;
    const char *how; /* "password", "link+totp" */
    struct arena *arena;
};

/* A session in the transaction, which it commits. */
static int session_open(const struct opening *o, struct store_tx **tx, struct flow_signed_in *ret, struct err *err)
{
    struct flow_deed deed = {.action = "session.begin", .kind = "user", .subject = &o->actor.user, .note = o->how};
    struct store_session_new fresh = {.user = o->actor.user,
                                      .token = crypto_token(o->arena),
                                      .life_ms = (int64_t)FLOW_SESSION_ABSOLUTE_SECONDS * 1000,
                                      .method = o->how,
                                      .client = str_slice(o->asker->client, 0, CLIENT_BYTES)};
    struct flow_who who;
    if (store_session_add(*tx, &fresh, err) < 0)
        return -1;
    flow_tell(*tx, &o->actor, &deed);
    if (store_commit(tx, err) < 0)
        return -1;
    if (flow_session_find(o->flow, fresh.token, o->arena, &who, err) < 0) /* it was suspended meanwhile */
        return err->code == ERR_UNAUTHENTICATED ? err_set(err, ERR_BAD_LOGIN, "%s", "") : -1;
    if (flow_session_get(o->flow, &who, o->arena, &ret->session, err) < 0 ||
        flow_place_note(o->flow, o->asker, ret->session.user.email, o->arena, err) < 0)
        return -1;
    ret->stage = FLOW_SIGNED_IN;
    ret->token = fresh.token;
    return 0;
}

/* Half signed in, in the transaction, which it commits. */
static int pending_open(const struct opening *o, struct store_tx **tx, struct flow_signed_in *ret, struct err *err)
{
    struct store_pending pending = {.user = o->actor.user, .method = str_c(o->how)};
    ret->token = crypto_token(o->arena);
    if (store_pending_add(*tx, &pending, ret->token, (int64_t)FLOW_PENDING_SECONDS * 1000, err) < 0)
        return -1;
    return store_commit(tx, err);
}

static enum flow_sign_in_stage stage_of(enum flow_factor_need need)
{
    return need == FLOW_NEEDS_CODE        ? FLOW_ASKS_CODE
           : need == FLOW_NEEDS_ENROLMENT ? FLOW_ASKS_ENROLMENT
                                          : FLOW_SIGNED_IN;
}

int flow_sign_in_end(const struct flow *flow, const struct flow_asker *asker, const struct flow_identified *identified,
                     struct arena *arena, struct flow_signed_in *ret_signed_in, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct opening o = {.flow = flow, .asker = asker, .how = identified->method->name, .arena = arena};
    struct flow_signed_in in = {.stage = FLOW_SIGNED_IN};
    enum flow_factor_need need = FLOW_NO_FACTOR;
    struct store_user user;
    o.actor = flow_asker_as(asker, &identified->org, &identified->user);
    if (asker->former.p && flow_session_end(flow, asker->former, err) < 0)
        return -1;
    if (flow_begin(flow, &o.actor, &tx, err) < 0 || store_user_get(tx, &o.actor.user, arena, &user, err) < 0)
        return -1;
    if (!str_eq(user.state, STR("active")))
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    if (!identified->strong && !identified->method->strong &&
        flow_factor_need(tx, &o.actor.user, user.role, arena, &need, err) < 0)
        return -1;
    if (need == FLOW_NO_FACTOR && identified->weak)
        need = FLOW_NEEDS_ENROLMENT;
    in.stage = stage_of(need);
    if (need == FLOW_NO_FACTOR ? session_open(&o, &tx, &in, err) < 0 : pending_open(&o, &tx, &in, err) < 0)
        return -1;
    *ret_signed_in = in;
    return 0;
}

/* ---- Half signed in ---- */

static int pending_of(const struct flow *flow, const struct flow_asker *asker, struct arena *arena,
                      struct store_pending *ret_pending, struct flow_actor *ret_actor, struct err *err)
{
    if (!asker->browser.p)
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    if (store_pending_find(flow->store, asker->browser, arena, ret_pending, err) < 0)
        return -1;
    *ret_actor = flow_asker_as(asker, &ret_pending->org, &ret_pending->user);
    return 0;
}

int flow_sign_in_pending(const struct flow *flow, const struct flow_asker *asker, struct arena *arena,
                         struct flow_actor *ret_actor, enum flow_sign_in_stage *ret_stage, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_pending pending;
    struct store_user user;
    enum flow_factor_need need;
    if (pending_of(flow, asker, arena, &pending, ret_actor, err) < 0 || flow_begin(flow, ret_actor, &tx, err) < 0 ||
        store_user_get(tx, &pending.user, arena, &user, err) < 0 ||
        flow_factor_need(tx, &pending.user, user.role, arena, &need, err) < 0)
        return -1;
    *ret_stage = need == FLOW_NEEDS_CODE ? FLOW_ASKS_CODE : FLOW_ASKS_ENROLMENT;
    return 0;
}

/* The second factor was right: exactly one of many goes on from here to a session. */
static int pending_end(struct opening *o, const struct store_pending *pending, struct store_tx **tx,
                       struct flow_signed_in *ret, struct err *err)
{
    o->how = str_printf(o->arena, "%.*s+%s", STR_ARG(pending->method), o->how).p;
    if (store_pending_end(*tx, &pending->id, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_BAD_LOGIN, "%s", "") : -1;
    return session_open(o, tx, ret, err);
}

/* Half signed in as before, but not with this code. */
static int wrong_code(struct err *err)
{
    return err->code == ERR_BAD_LOGIN ? err_field(err, ERR_INVALID, "/code", "not the code") : -1;
}

int flow_sign_in_code(const struct flow *flow, const struct flow_asker *asker, struct str code, struct arena *arena,
                      struct flow_signed_in *ret_signed_in, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct opening o = {.flow = flow, .asker = asker, .arena = arena};
    struct store_pending pending;
    struct flow_tries tries = {.arena = arena};
    if (pending_of(flow, asker, arena, &pending, &o.actor, err) < 0 ||
        flow_factor_try(flow, &o.actor, &tries, err) < 0 || flow_begin(flow, &o.actor, &tx, err) < 0)
        return -1;
    if (flow_factor_take(tx, &o.actor.user, code, arena, &o.how, err) < 0)
        return wrong_code(err);
    if (pending_end(&o, &pending, &tx, ret_signed_in, err) < 0)
        return -1;
    return flow_try_good(flow, &tries, err);
}

int flow_sign_in_enrol(const struct flow *flow, const struct flow_asker *asker, struct str code, struct arena *arena,
                       struct flow_enrolled *ret_enrolled, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct opening o = {.flow = flow, .asker = asker, .how = "totp", .arena = arena};
    struct store_pending pending;
    struct flow_enrolled enrolled;
    if (pending_of(flow, asker, arena, &pending, &o.actor, err) < 0)
        return -1;
    if (flow_factor_confirm(flow, &o.actor, code, arena, &enrolled.recovery, err) < 0)
        return wrong_code(err);
    if (flow_begin(flow, &o.actor, &tx, err) < 0 || pending_end(&o, &pending, &tx, &enrolled.in, err) < 0)
        return -1;
    *ret_enrolled = enrolled;
    return 0;
}

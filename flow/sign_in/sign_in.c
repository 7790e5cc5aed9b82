/* The table of methods, and where every one of them ends; see flow/sign_in.h. */
#include "base/crypto.h"
#include "flow/common.h"
#include "flow/sign_in/method.h"
#include "store/session.h"

const struct flow_sign_in_method *const flow_sign_in_methods[] = {
    &flow_method_password,
    &flow_method_link,
    &flow_method_oidc,
    NULL,
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

int flow_sign_in_end(const struct flow *flow, const struct flow_asker *asker, const struct flow_identified *identified,
                     struct arena *arena, struct flow_signed_in *ret_signed_in, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_actor actor = {.org = identified->org,
                               .user = identified->user,
                               .request = asker->request,
                               .origin = {.address = asker->address}};
    struct flow_deed deed = {
        .action = "session.begin", .kind = "user", .subject = &actor.user, .note = identified->method->name};
    struct flow_signed_in in = {.stage = FLOW_SIGNED_IN, .token = crypto_token(arena)};
    struct flow_who who;
    if (asker->former.p && flow_session_end(flow, asker->former, err) < 0)
        return -1;
    if (flow_begin(flow, &actor, &tx, err) < 0 ||
        store_session_add(tx, &actor.user, in.token, (int64_t)FLOW_SESSION_ABSOLUTE_SECONDS * 1000, err) < 0)
        return -1;
    flow_tell(tx, &actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    if (flow_session_find(flow, in.token, arena, &who, err) < 0) /* it was suspended meanwhile */
        return err->code == ERR_UNAUTHENTICATED ? err_set(err, ERR_BAD_LOGIN, "%s", "") : -1;
    if (flow_session_get(flow, &who, arena, &in.session, err) < 0)
        return -1;
    *ret_signed_in = in;
    return 0;
}

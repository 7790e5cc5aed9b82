/* Signing in with a link that works once. */
#include "base/crypto.h"
#include "flow/common.h"
#include "flow/sign_in/method.h"
#include "store/session.h"

/* Links are handed over, not asked for on the page. */
static int choices(const struct flow *flow _unused_, const char *language _unused_, struct arena *arena _unused_,
                   struct json_list *ret_choices, struct err *err _unused_)
{
    *ret_choices = (struct json_list){.n = 0};
    return 0;
}

const struct flow_sign_in_method flow_method_link = {"link", choices, false};

int flow_sign_in_link(const struct flow *flow, const struct flow_asker *asker, struct str token, struct arena *arena,
                      struct flow_signed_in *ret_signed_in, struct err *err)
{
    struct flow_identified identified = {.method = &flow_method_link};
    if (store_login_link_use(flow->store, token, &identified.org, &identified.user, err) < 0)
        return -1;
    return flow_sign_in_end(flow, asker, &identified, arena, ret_signed_in, err);
}

int flow_link_issue(const struct flow *flow, const struct flow_actor *actor, const struct flow_link *link,
                    struct arena *arena, struct str *ret_token, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct str token = crypto_token(arena);
    struct flow_deed deed = {.action = "user.link", .kind = "user", .subject = &link->user};
    if (flow_may(flow, actor, "user", "update", err) < 0)
        return -1;
    if (link->seconds < 1 || link->seconds > FLOW_LINK_MAX_SECONDS)
        return err_set(err, ERR_INVALID, "at most %d hours", FLOW_LINK_MAX_SECONDS / 3600);
    if (flow_begin(flow, actor, &tx, err) < 0 ||
        store_login_link_add(tx, &link->user, token, link->seconds * 1000, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    *ret_token = token;
    return 0;
}

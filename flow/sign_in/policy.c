/* Whom the organisation asks for a second factor; see flow/second_factor.h. */
#include "flow/common.h"
#include "flow/people.h"
#include "flow/second_factor.h"
#include "store/sign_in/factor.h"

static struct flow_sign_in_policy policy_of(const struct store_policy *row, struct arena *arena)
{
    struct str rest = row->roles, name, *names = arena_array(arena, row->roles.n + 1, sizeof *names);
    struct flow_sign_in_policy policy = {.version = row->version + 1}; /* no row yet is version 1 */
    size_t n = 0;
    while (rest.n && str_split(&rest, ' ', &name))
        names[n++] = name;
    policy.second_factor_roles = (struct json_list){names, n};
    return policy;
}

int flow_sign_in_policy_get(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                            struct flow_sign_in_policy *ret_policy, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_policy row;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_policy_get(tx, arena, &row, err) < 0)
        return -1;
    *ret_policy = policy_of(&row, arena);
    return 0;
}

int flow_sign_in_policy_set(const struct flow *flow, const struct flow_actor *actor,
                            const struct flow_sign_in_policy *policy, struct arena *arena,
                            struct flow_sign_in_policy *ret_policy, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct strbuf roles = {.arena = arena};
    const struct str *names = policy->second_factor_roles.items;
    if (flow_may(flow, actor, "sign_in_policy", "update", err) < 0)
        return -1;
    for (size_t i = 0; i < policy->second_factor_roles.n; i++) {
        if (str_word(names[i], flow_role_words) < 0)
            return err_field(err, ERR_INVALID, "/second_factor_roles", "no such role");
        strbuf_printf(&roles, "%s%.*s", i ? " " : "", STR_ARG(names[i]));
    }
    struct store_policy row = {strbuf_str(&roles), policy->version - 1};
    struct flow_deed deed = {.action = "sign_in_policy.update",
                             .kind = "organisation",
                             .subject = &actor->org,
                             .note = str_z(arena, row.roles)};
    if (flow_begin(flow, actor, &tx, err) < 0 || store_policy_put(tx, &row, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    *ret_policy = policy_of(&row, arena);
    return 0;
}

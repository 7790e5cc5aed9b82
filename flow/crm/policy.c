/* See policy.h. */
#include "flow/crm/policy.h"

int flow_policy_of(struct str word)
{
    int policy = str_word(word, flow_policy_words);
    return policy < 0 ? FLOW_POLICY_READ : policy;
}

int flow_permit_plan(struct str policy, struct err *err)
{
    return flow_policy_of(policy) >= FLOW_POLICY_PROPOSE ? 0 : err_set(err, ERR_READ_ONLY, "%s", "");
}

int flow_permit_write(struct str policy, struct err *err)
{
    if (flow_permit_plan(policy, err) < 0)
        return -1;
    return flow_policy_of(policy) >= FLOW_POLICY_CONFIRM ? 0 : err_set(err, ERR_PROPOSE_ONLY, "%s", "");
}

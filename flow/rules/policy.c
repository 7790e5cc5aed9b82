/* See policy.h. */
#include "flow/rules/policy.h"

#include "dedupe/weights/weights.h"
#include "flow/shape/rows.h"

struct kept {
    struct str weights; /* text of dedupe/weights */
    struct json_list survivorship;
};
static const struct json_field kept_rows[] = {
    RAW(kept, weights, NULL),
    MANY(kept, survivorship, flow_survival_shape, NULL),
};
static const struct json_shape kept_shape = {"KeptPolicy", sizeof(struct kept), kept_rows, ARRAY_LEN(kept_rows), false};

struct flow_policy flow_policy_shipped(void)
{
    return (struct flow_policy){dedupe_model_default(), flow_survivorship_default};
}

struct str flow_policy_write(const struct flow_policy *policy, struct arena *arena)
{
    struct kept kept = {dedupe_weights_write(policy->model, arena),
                        flow_survivorship_rows(&policy->survivorship, arena)};
    return json_write(&kept_shape, &kept, arena);
}

int flow_policy_read(struct str text, struct arena *arena, struct flow_policy *ret_policy, struct err *err)
{
    struct kept kept;
    struct flow_policy policy;
    if (json_read(&kept_shape, text, arena, &kept, err) < 0 ||
        dedupe_weights_read(kept.weights, arena, &policy.model, err) < 0 ||
        flow_survivorship_apply(&kept.survivorship, &flow_survivorship_default, &policy.survivorship, err) < 0)
        return -1;
    *ret_policy = policy;
    return 0;
}

int flow_policy_active(struct store_tx *tx, struct arena *arena, struct flow_policy *ret_policy, struct err *err)
{
    struct store_rules rules;
    struct err unreadable;
    *ret_policy = flow_policy_shipped();
    if (store_rules_active(tx, arena, &rules, err) < 0)
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    /* Weights for the levels of an earlier Kartei mean nothing now: the shipped ones hold until others are activated.
     */
    (void)flow_policy_read(rules.policy, arena, ret_policy, &unreadable);
    return 0;
}

/* See errand.h. */
#include "flow/egress/errand.h"

#include "flow/audit/alerts.h"

const char *flow_egress_allow(const struct flow *flow)
{
    return flow->egress ? flow->egress->allow_private : NULL;
}

static void note(void *self, struct str host)
{
    const struct flow_errand *errand = self;
    flow_egress_told(errand->flow, &errand->org, &errand->connection, host);
}

int flow_errand_open(const struct flow_errand *errand, const struct flow_errand_rules *rules, struct arena *arena,
                     struct crm_http **ret_http, struct err *err)
{
    const struct flow *flow = errand->flow;
    struct crm_http_options options = flow->egress ? *flow->egress : (struct crm_http_options){.allow_private = NULL};
    struct flow_errand *kept = malloc(sizeof *kept); /* a pull takes the way out from one arena to the next */
    if (!kept)
        abort();
    *kept = *errand;
    options.only = crm_reach_only(&rules->reach, rules->purposes, arena);
    options.connect_ms = rules->connect_ms;
    options.total_ms = rules->total_ms;
    options.told = (struct crm_told){note, kept, free};
    if (crm_http_new(&options, ret_http, err) == 0)
        return 0;
    free(kept);
    return -1;
}

struct crm_reach_list flow_reach_of(const struct flow *flow, const struct crm_connector *connector, struct str settings,
                                    struct str base, struct arena *arena)
{
    return crm_reach_of(connector, settings, base, flow_egress_allow(flow), arena);
}

/* The one way out of flow/: nobody else makes one (tests/style). Whom an errand may reach is said by
 * crm-connectors/reach.h; what is published (flow/egress/list.h) is made of the same rows. */
#ifndef FLOW_EGRESS_ERRAND_H
#define FLOW_EGRESS_ERRAND_H

#include "crm-connectors/http.h"
#include "crm-connectors/reach.h"
#include "flow/flow.h"

/* In whose name somebody is contacted: hosts are noted for the organisation. */
struct flow_errand {
    const struct flow *flow;
    struct id org;
    struct id connection; /* empty: none */
};

/* Whom it may reach and how long it waits; 0 ms = the defaults of http.h. */
struct flow_errand_rules {
    struct crm_reach_list reach;
    unsigned purposes; /* bits 1 << enum crm_reach_purpose */
    int connect_ms, total_ms;
};
/* A way out to those hosts and ports alone; the arena is working memory. ERR_INVALID: settings of the operator. */
int flow_errand_open(const struct flow_errand *errand, const struct flow_errand_rules *rules, struct arena *arena,
                     struct crm_http **ret_http, struct err *err);

/* Rows for this connection or mailbox. */
struct crm_reach_list flow_reach_of(const struct flow *flow, const struct crm_connector *connector, struct str settings,
                                    struct str base, struct arena *arena);
/* The operator's list of private hosts; NULL = empty. */
const char *flow_egress_allow(const struct flow *flow);

#endif

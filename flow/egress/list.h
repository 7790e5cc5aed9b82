/* Whom an organisation may contact, as a list: made of the same rows that flow/egress/errand.h enforces. */
#ifndef FLOW_EGRESS_LIST_H
#define FLOW_EGRESS_LIST_H

#include "crm-connectors/reach.h"
#include "flow/flow.h"

struct store_tx;

/* One host and port, TCP, out. */
struct flow_egress_row {
    struct crm_reach at;
    struct str kind; /* of the connector, mailbox or provider: "carddav"; absent for our own mail */
    struct str name; /* of a connection or provider as people call it; absent for mailboxes, which are a person's */
    bool private;    /* on the operator's list: may be inside the network, and without TLS */
};

/* struct flow_egress_row of the transaction's organisation: connections, mailboxes, identity providers; the instance's
 * own come first. What is being tried before it is kept reaches the hosts of what is tried, and is on no list. */
int flow_egress_rows(const struct flow *flow, struct store_tx *tx, struct arena *arena, struct json_list *ret_rows,
                     struct err *err);
/* The same as struct flow_egress_entry, for programs. ERR_FORBIDDEN without the right to read what proves. */
int flow_egress_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                     struct flow_list *ret_list, struct err *err);
/* The part that is the instance's own: the mail server. */
struct json_list flow_egress_own(const struct flow *flow, struct arena *arena);
/* The rows' JSON: host, port, purpose, kind, name, private. */
extern const struct json_shape flow_egress_entry_shape;
struct flow_egress_entry {
    struct str host;
    int64_t port;
    int purpose; /* crm_reach_words */
    struct str kind, name;
    bool private;
};
struct flow_egress_entry flow_egress_entry_of(const struct flow_egress_row *row);

#endif

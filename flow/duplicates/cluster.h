/* More than two that may be one person: a contact, the records that it may be, and records that those may be. */
#ifndef FLOW_DUPLICATES_CLUSTER_H
#define FLOW_DUPLICATES_CLUSTER_H

#include "flow/duplicates/duplicates.h"

struct flow_cluster_member {
    struct flow_duplicate_member record;
    struct str candidate_id; /* absent: it is there because of another member */
    bool belongs;            /* reached from the contact by links that nobody decided to be different */
};

/* Resource "Cluster". */
struct flow_cluster {
    struct str contact_id;
    int64_t contact_version;
    struct json_list members; /* struct flow_cluster_member, at most FLOW_CLUSTER_MOST: those that belong first */
    struct json_list links;   /* struct flow_duplicate between them and the contact, which stands by its own id */
    struct json_list notes;   /* struct str: what is to be known before the CRM merges those that belong */
};
enum { FLOW_CLUSTER_MOST = 8 };

/* Input of POST /v1/contacts/{id}/cluster. */
struct flow_cluster_wish {
    struct str record_id;
    bool belongs;
};
extern const struct json_shape flow_cluster_shape, flow_cluster_member_shape, flow_cluster_wish_shape;

/* ERR_NOT_FOUND (the contact). */
int flow_cluster_get(const struct flow *flow, const struct flow_actor *actor, struct id contact, struct arena *arena,
                     struct flow_cluster *ret_cluster, struct err *err);

struct flow_cluster_decide {
    struct id contact;
    int64_t version; /* of the contact, as the caller saw it */
    struct id record;
    bool belongs;
};
/* Splits a record off: it is neither the contact's person nor that of any member that stays, and that is remembered; or
 * takes such a split back, and nothing else. The contact's version moves. ERR_NOT_FOUND (contact, or no such member),
 * ERR_FORBIDDEN, ERR_STALE. */
int flow_cluster_decide(const struct flow *flow, const struct flow_actor *actor,
                        const struct flow_cluster_decide *decide, struct arena *arena, struct flow_cluster *ret_cluster,
                        struct err *err);

#endif

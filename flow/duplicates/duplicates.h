/* Duplicates in the CRMs: asking for a search over the whole stock, what it found in groups, and what people decide. */
#ifndef FLOW_DUPLICATES_DUPLICATES_H
#define FLOW_DUPLICATES_DUPLICATES_H

#include "contact/contact.h"
#include "flow/flow.h"
#include "flow/match.h"

/* One record of a group. */
struct flow_duplicate_member {
    struct str record_id;
    struct flow_connection_ref connection;
    struct str remote_id; /* the CRM's own */
    struct str display;   /* "Anna Schmidt, Muster GmbH" */
    struct contact contact;
};

/* Resource "DuplicatePair": two records that may be one person. */
struct flow_duplicate {
    struct str id, left_id, right_id; /* left_id, right_id: record_id of members */
    double weight, probability;
    int band;                 /* flow_band_words */
    struct json_list reasons; /* struct flow_reason, strongest first */
    struct flow_why why;
    int decided;          /* flow_decision_words; -1 = open */
    struct str next_step; /* what is left to do once they were decided to be the same; absent = nothing */
    int64_t version;      /* for If-Match */
};

/* Resource "DuplicateGroup": records of one person, as far as is known. */
struct flow_duplicate_group {
    struct str id;
    struct json_list members; /* struct flow_duplicate_member */
    struct json_list pairs;   /* struct flow_duplicate, strongest first, at most FLOW_DUPLICATE_PAIRS */
    int64_t pairs_total;
    struct json_list notes; /* struct str: what is to be known before the CRM merges them */
};
enum { FLOW_DUPLICATE_PAIRS = 50 };
extern const struct json_shape flow_duplicate_member_shape, flow_duplicate_shape, flow_duplicate_group_shape;

/* Asks for a search over all records (the job "stock"); one that waits already is taken. ERR_FORBIDDEN. */
int flow_duplicates_search(const struct flow *flow, const struct flow_actor *actor, struct id *ret_job,
                           struct err *err);

struct flow_duplicate_query {
    int decision; /* groups with a pair that was decided so (flow_decision_words); -1 = that waits for a decision */
    int band;     /* of that pair; -1 = any */
    struct id connection; /* of one of its records; empty = any */
    struct flow_page page;
};
/* Items are struct flow_duplicate_group, the strongest first. ERR_FORBIDDEN. */
int flow_duplicate_list(const struct flow *flow, const struct flow_actor *actor,
                        const struct flow_duplicate_query *query, struct arena *arena, struct flow_list *ret_list,
                        struct err *err);

struct flow_duplicate_decide {
    struct id pair;
    int64_t version; /* as the caller saw it */
    struct flow_decision decision;
};
/* Keeps the decision, and groups the records anew by it: no group ever holds two that are not the same. ERR_NOT_FOUND,
 * ERR_FORBIDDEN, ERR_STALE. */
int flow_duplicate_decide(const struct flow *flow, const struct flow_actor *actor,
                          const struct flow_duplicate_decide *decide, struct arena *arena,
                          struct flow_duplicate *ret_pair, struct err *err);

/* A pair as people see it; for the files of this folder. */
struct store_duplicate;
struct store_tx;
int flow_duplicate_view(struct store_tx *tx, const struct flow_actor *actor, const struct store_duplicate *row,
                        struct arena *arena, struct flow_duplicate *ret_pair, struct err *err);

#endif

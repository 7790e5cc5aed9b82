/* Who is near a contact: its match keys, the records that share some, and their scores, strongest first. The match job,
 * the stock job, simulations and the bench go this way. */
#ifndef FLOW_RULES_NEAR_H
#define FLOW_RULES_NEAR_H

#include "dedupe/dedupe.h"
#include "flow/crm/book.h"
#include "store/store.h"

enum {
    FLOW_NEAR_COMMON = 200,    /* keys that more records carry say nothing */
    FLOW_NEAR_SCORED = 64,     /* records scored for one contact: those with the rarest keys in common */
    FLOW_NEAR_CANDIDATES = 10, /* kept for one contact */
};

/* Living records that share keys to match by (struct store_record), those with the rarest first, at most
 * FLOW_NEAR_SCORED. */
int flow_near_meet(struct store_tx *tx, const struct flow_keys *keys, struct arena *arena,
                   struct json_list *ret_records, struct err *err);
/* The same, scored (struct store_candidate without ids but that of the record), strongest first; also those of the band
 * "none". Only the first FLOW_NEAR_CANDIDATES have reasons. */
struct flow_near {
    const struct dedupe_model *model;
    const struct contact *contact;
    const struct flow_keys *keys; /* of the contact */
};
int flow_near_records(struct store_tx *tx, const struct flow_near *near, struct arena *arena,
                      struct json_list *ret_candidates, struct err *err);
/* How many of them, from the first, are shown to people: neither of the band "none" nor too many. */
size_t flow_near_shown(const struct json_list *candidates);

#endif

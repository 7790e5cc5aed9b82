/* Contact, connection and live record brought together: what review and dry run both look at. */
#ifndef FLOW_LOOK_H
#define FLOW_LOOK_H

#include "flow/crm/crm.h"
#include "flow/merge/plan.h"
#include "flow/reading.h"
#include "flow/review.h"
#include "store/candidate.h"
#include "store/contact.h"
#include "store/record.h"

struct flow_look {
    struct store_contact contact;
    struct flow_reading reading;
    struct flow_crm crm;
    struct id connection, record;          /* record empty: create */
    struct str remote_id;                  /* of the record in the mirror */
    struct store_candidate candidate;      /* for the record; .id empty = none */
    struct flow_survivorship survivorship; /* that holds in the organisation */
    struct crm_record live;                /* as it is now; only with has_live */
    bool has_live;
};

/* Chooses connection and record as the query says, opens the connection, fetches the record. A record that the CRM has
 * deleted leaves the mirror, and has_live is false. Release with flow_look_close() also after failure. `change`: the
 * actor has to be allowed to change the contact. */
int flow_look(const struct flow *flow, const struct flow_actor *actor, const struct flow_review_query *query,
              struct arena *arena, struct flow_look *ret_look, struct err *err);
void flow_look_close(struct flow_look *look);

/* Both sides for the merge, valid as long as the look. */
struct flow_sides flow_look_sides(const struct flow_look *look);

/* How far the act that the look leads to (update, or create) can be undone there. */
const struct crm_reversal *flow_look_reversal(const struct flow_look *look);

#endif

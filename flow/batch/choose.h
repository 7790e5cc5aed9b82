/* Which contacts a batch takes, and what would change of each. Choosing looks at the mirror; writing asks again with
 * the record as it is then, so what is not as it was chosen is left to a person. */
#ifndef FLOW_BATCH_CHOOSE_H
#define FLOW_BATCH_CHOOSE_H

#include "flow/look.h"
#include "store/crm/batch.h"

/* Fields that the proposals would change, separated by commas; absent when something contradicts, or a reading is
 * doubtful: that is for a person. Empty when nothing would change. */
struct str flow_batch_fields(const struct flow_sides *sides, struct arena *arena);

/* Contacts (struct store_batch_item) of the open connection that the actor may change, with the sample drawn. */
int flow_batch_choose(struct store_tx *tx, const struct flow_actor *actor, struct flow_crm *crm, struct arena *arena,
                      struct json_list *ret_items, struct err *err);

#endif

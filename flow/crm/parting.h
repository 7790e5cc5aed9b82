/* Parting from a provider: tokens are erased here first, then given back there. And what goes on once it is connected
 * again. Inside of flow. */
#ifndef FLOW_CRM_PARTING_H
#define FLOW_CRM_PARTING_H

#include "flow/crm/oauth.h"
#include "flow/flow.h"

/* Tokens on their way out; everything lives in `arena`, a wiping one. */
struct flow_parting {
    struct store_connection row;
    struct store_tokens tokens;
    struct arena *arena;
};
/* Takes the tokens out of the database, in the caller's transaction; a renewal under way is waited for. */
int flow_part_begin(struct store_tx *tx, const struct id *connection, struct flow_parting *ret_parting,
                    struct err *err);
/* After the commit: gives them back, and notes in the journal whether the provider confirmed. The word of
 * flow_tokens_revoke(). */
const char *flow_part_end(const struct flow *flow, const struct flow_actor *actor, const struct flow_parting *parting);
void flow_part_free(struct flow_parting *parting);

/* What waited for this connection is due again. */
int flow_connection_resume(struct store_tx *tx, const struct flow_actor *actor, const struct id *connection,
                           struct err *err);
/* Asks the worker for a pull; the id of the job. */
int flow_connection_ask_pull(struct store_tx *tx, const struct flow_actor *actor, const struct id *connection,
                             struct id *ret_job, struct err *err);

#endif

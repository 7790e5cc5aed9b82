/* A batch as people see it. Inside of flow/batch. */
#ifndef FLOW_BATCH_LOOK_H
#define FLOW_BATCH_LOOK_H

#include "flow/batch/batch.h"
#include "flow/flow.h"
#include "store/crm/batch.h"

struct flow_batch_desk {
    const struct flow *flow;
    const struct flow_actor *actor;
    struct store_tx *tx;
    struct arena *arena;
};

/* The batch, if it is the actor's or the actor reaches all. ERR_NOT_FOUND. */
int flow_batch_load(const struct flow_batch_desk *desk, const struct id *id, struct store_batch *ret_row,
                    struct err *err);
int flow_batch_view(const struct flow_batch_desk *desk, const struct store_batch *row, struct flow_batch *ret_batch,
                    struct err *err);

#endif

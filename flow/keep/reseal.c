/* Seals an organisation's values and files anew after its data key was changed, and drops the old key when nothing has
 * lain under it for a while. May be ended anywhere: what is done is done, the next run finds the rest. */
#include "flow/common.h"
#include "flow/work/work.h"
#include "store/keys/rotate.h"

enum { CALM_MS = 5 * 60 * 1000, LOOK_AGAIN_MS = 60 * 1000 };

static bool hurry(void *self)
{
    return flow_work_hurry(self);
}

int flow_work_reseal(struct flow_work *work, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_reseal how = {hurry, work};
    struct err why = {.code = ERR_BUSY};
    struct flow_deed deed = {.action = "key.retire", .kind = "organisation", .subject = &work->actor.org};
    int64_t done, left;
    if (store_key_settle(work->flow->store, &work->actor.org, err) < 0 ||
        store_reseal(work->flow->store, &work->actor.org, &how, &done, err) < 0)
        return -1;
    if (flow_work_begin(work, &tx, err) < 0 || store_key_retire(tx, CALM_MS, &left, err) < 0)
        return -1;
    if (left > 0)
        return flow_work_later(work, &tx, &why, LOOK_AGAIN_MS, err);
    flow_tell(tx, &work->actor, &deed);
    return flow_work_done(work, &tx, err);
}

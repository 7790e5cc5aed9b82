/* The job "index": the match index of an organisation kept in few runs. It may end at any step; the next goes on. */
#include "flow/work/work.h"
#include "store/match/merge.h"

int flow_work_index(struct flow_work *work, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(store_tending_freep) struct store_tending *tending =
        store_tending_new(work->flow->store, &work->claim->org, STORE_TEND_PAGES);
    struct err busy = {.code = ERR_BUSY};
    bool more = true;
    while (more && !flow_work_hurry(work))
        if (store_tend(tending, &more, err) < 0)
            return -1;
    if (flow_work_begin(work, &tx, err) < 0)
        return -1;
    return more ? flow_work_later(work, &tx, &busy, 0, err) : flow_work_done(work, &tx, err);
}

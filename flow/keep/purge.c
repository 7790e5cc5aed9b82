/* See purge.h. */
#include "flow/keep/purge.h"

#include "base/clock.h"
#include "flow/audit/audit.h"
#include "store/keep/purge.h"

#include <stdlib.h>

#define HOUR_MS (60LL * 60 * 1000)
#define DAY_MS  (24 * HOUR_MS)

bool flow_clock_tick(struct flow_clock *clock, int64_t database_ms, int64_t machine_ms, int64_t mono_ms)
{
    bool first = clock->wall == 0;
    int64_t moved = (database_ms - clock->wall) - (mono_ms - clock->mono);
    clock->wall = database_ms;
    clock->mono = mono_ms;
    if (!first && llabs(moved) > HOUR_MS)
        clock->quiet_until = mono_ms + DAY_MS;
    return !first && mono_ms >= clock->quiet_until && llabs(database_ms - machine_ms) <= HOUR_MS;
}

static int time_of(const struct flow *flow, const struct id *org, int64_t *ret_ms, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (store_begin(flow->store, org, &tx, err) < 0)
        return -1;
    *ret_ms = store_tx_now(tx);
    return 0;
}

static int org_purge(const struct flow *flow, const struct id *org, int64_t now_ms, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    struct store_purge purge = {.age_ms = STORE_BIN_MS, .as_of_ms = now_ms};
    struct flow_actor actor = {.org = *org, .role = FLOW_SYSTEM, .language = "en"};
    struct store_purged gone;
    if (store_purge(flow->store, org, &purge, &gone, err) < 0)
        return -1;
    if (gone.contacts + gone.scans + gone.records + gone.files == 0)
        return 0;
    struct flow_deed deed = {.action = "bin.purge",
                             .kind = "organisation",
                             .subject = org,
                             .note = str_printf(arena, "contacts=%zu scans=%zu records=%zu files=%zu", gone.contacts,
                                                gone.scans, gone.records, gone.files)
                                         .p};
    return flow_audit(flow, &actor, &deed, err);
}

int flow_purge_sweep(const struct flow *flow, const struct json_list *orgs, struct err *err)
{
    static struct flow_clock clock; /* of the one thread that sweeps */
    const struct id *all = orgs->items;
    int64_t now;
    int r = 0;
    if (orgs->n == 0)
        return 0;
    if (time_of(flow, &all[0], &now, err) < 0)
        return -1;
    if (!flow_clock_tick(&clock, now, clock_now_ms(), clock_mono_ms()))
        return 0;
    for (size_t i = 0; i < orgs->n; i++)
        r = org_purge(flow, &all[i], now, err) < 0 ? -1 : r;
    return r;
}

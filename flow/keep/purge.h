/* Final removal of what has been in the bin for 30 days: part of the sweep. It asks the database for the time, and does
 * nothing while a clock cannot be trusted: removing too late harms nobody, too early cannot be made good. */
#ifndef FLOW_KEEP_PURGE_H
#define FLOW_KEEP_PURGE_H

#include "flow/flow.h"

/* What is known of the clocks. Zero at the start. */
struct flow_clock {
    int64_t wall, mono;  /* at the last tick, ms; database time and monotonic */
    int64_t quiet_until; /* monotonic: nothing is removed before */
};
/* A tick: whether something may be removed now. Not at the first one; not when the database's time moved otherwise than
 * the monotonic clock by more than an hour since the last one, and for a day after that; not when the machine's own
 * time differs from the database's by more than an hour. */
bool flow_clock_tick(struct flow_clock *clock, int64_t database_ms, int64_t machine_ms, int64_t mono_ms);

/* Removes what is due in these organisations (struct id): one tick of the process's clock. */
int flow_purge_sweep(const struct flow *flow, const struct json_list *orgs, struct err *err);

#endif

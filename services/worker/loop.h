/* The worker loop: some threads claim and run jobs, one keeps their leases, one listens for news, one sweeps. */
#ifndef SERVICES_WORKER_LOOP_H
#define SERVICES_WORKER_LOOP_H

#include "flow/flow.h"

struct worker;

/* Starts `threads` (1..256) runners and their helpers. Errors: ERR_BUSY (no threads to be had). */
int worker_start(const struct flow *flow, int threads, struct worker **ret_worker, struct err *err);
/* Claims nothing more, lets the jobs under way come to their next good place, and ends. */
void worker_stop(struct worker *worker);

#endif

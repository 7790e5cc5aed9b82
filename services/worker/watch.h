/* Waiting for news at mailboxes: a thread each, started and ended as mailboxes come and go. */
#ifndef SERVICES_WORKER_WATCH_H
#define SERVICES_WORKER_WATCH_H

#include "flow/flow.h"

struct watch;

/* Starts the thread that looks for mailboxes to wait at, at most FLOW_WATCH_MOST of them; `flow` must outlive it. */
struct watch *watch_start(const struct flow *flow);
/* Hangs up everywhere and ends. */
void watch_stop(struct watch *watch);

#endif

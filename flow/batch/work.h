/* The job "batch": hands the contacts of a batch over, one after the other, or takes them back. */
#ifndef FLOW_BATCH_WORK_H
#define FLOW_BATCH_WORK_H

#include "flow/work/work.h"

#define FLOW_BATCH_JOB "batch"

/* Asks for the job, in the transaction of the step that needs it. */
int flow_batch_ask(struct store_tx *tx, const struct id *batch, const struct id *user, int64_t delay_ms,
                   struct err *err);
int flow_work_batch(struct flow_work *work, struct err *err);
/* The batch waits for a person instead. */
int flow_work_batch_buried(struct store_tx *tx, const struct id *subject, const struct err *why, struct err *err);

#endif

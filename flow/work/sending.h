/* One write-back in the hands of a worker: its row, its plan, the open connection, and its steps through states.def.
 * A step is committed before anything is done that it announces. */
#ifndef FLOW_WORK_SENDING_H
#define FLOW_WORK_SENDING_H

#include "flow/crm/crm.h"
#include "flow/plan.h"
#include "flow/states.h"
#include "flow/work/work.h"
#include "store/write_back.h"

struct flow_sending {
    struct flow_work *work;
    struct store_write_back row; /* .state and .attempt follow the steps */
    struct flow_plan plan;
    struct flow_crm crm;
    bool settled; /* the job is settled too: nothing is left to do */
    bool theirs;  /* others were at work since the write that is taken back: the version that comes of it is not ours */
};

/* Loads row and plan and opens the connection. Release with flow_sending_close() also after failure. */
int flow_sending_open(struct flow_work *work, struct flow_sending *ret_sending, struct err *err);
void flow_sending_close(struct flow_sending *sending);
enum flow_write_back_state flow_sending_state(const struct flow_sending *sending);

/* Takes the step that `event` leads to, in the transaction. `values` holds what the row learns with it. ERR_CONFLICT:
 * another worker was faster. */
int flow_sending_step(struct flow_sending *sending, struct store_tx *tx, const char *event,
                      const struct store_step *values, struct err *err);
/* The same in a transaction of its own, told to the event stream. */
int flow_sending_move(struct flow_sending *sending, const char *event, const struct store_step *values,
                      struct err *err);

/* The end: the CRM has it. `record` is what it has now; keeps version and mirror, moves the contact, settles the job.
 */
int flow_sending_written(struct flow_sending *sending, const char *event, const struct crm_record *record,
                         struct err *err);
/* The end: conflict or refusal, said by `why`; the contact is to be decided again; settles the job. */
int flow_sending_failed(struct flow_sending *sending, const char *event, const struct err *why, struct err *err);
/* Not now: takes the step of `event` unless NULL, and puts the job off. `result` may say for how long, or be NULL. */
int flow_sending_later(struct flow_sending *sending, const char *event, const struct err *why,
                       const struct crm_result *result, struct err *err);

/* Not now, but in exactly `ms`; takes no step. */
int flow_sending_wait(struct flow_sending *sending, const struct err *why, int64_t ms, struct err *err);

/* After an answer that got lost: looks in the CRM whether the change is there, and takes the step that is true. Leaves
 * `intent` when it is proved absent, else settles. See reliability: nothing uncertain is ever sent again blindly. */
int flow_sending_look(struct flow_sending *sending, struct err *err);

#endif

/* The life cycles of states.def as C: states, their words, which step leads where. */
#ifndef FLOW_STATES_H
#define FLOW_STATES_H

#include "base/str.h"

enum flow_machine { FLOW_SCAN, FLOW_CONTACT, FLOW_WRITE_BACK, FLOW_JOB, FLOW_RULES, FLOW_BATCH };

#define FLOW_STATE_scan(name)
#define FLOW_STATE_contact(name)
#define FLOW_STATE_write_back(name)
#define FLOW_STATE_job(name)
#define FLOW_STATE_rules(name)
#define FLOW_STATE_batch(name)
#define STATE(machine, name) FLOW_STATE_##machine(name)
#define MOVE(...)

enum flow_scan_state {
#undef FLOW_STATE_scan
#define FLOW_STATE_scan(name) FLOW_SCAN_##name,
#include "flow/states.def"
#undef FLOW_STATE_scan
#define FLOW_STATE_scan(name)
};
enum flow_contact_state {
#undef FLOW_STATE_contact
#define FLOW_STATE_contact(name) FLOW_CONTACT_##name,
#include "flow/states.def"
#undef FLOW_STATE_contact
#define FLOW_STATE_contact(name)
};
enum flow_write_back_state {
#undef FLOW_STATE_write_back
#define FLOW_STATE_write_back(name) FLOW_WRITE_BACK_##name,
#include "flow/states.def"
#undef FLOW_STATE_write_back
#define FLOW_STATE_write_back(name)
};
enum flow_job_state {
#undef FLOW_STATE_job
#define FLOW_STATE_job(name) FLOW_JOB_##name,
#include "flow/states.def"
#undef FLOW_STATE_job
#define FLOW_STATE_job(name)
};
enum flow_rules_state {
#undef FLOW_STATE_rules
#define FLOW_STATE_rules(name) FLOW_RULES_##name,
#include "flow/states.def"
#undef FLOW_STATE_rules
#define FLOW_STATE_rules(name)
};
enum flow_batch_state {
#undef FLOW_STATE_batch
#define FLOW_STATE_batch(name) FLOW_BATCH_##name,
#include "flow/states.def"
#undef FLOW_STATE_batch
#define FLOW_STATE_batch(name)
};
#undef STATE
#undef MOVE

/* Words of a machine's states, in their order, ended by NULL. */
const char *const *flow_state_words(enum flow_machine machine);
/* Index of a word, or -1. */
int flow_state_of(enum flow_machine machine, struct str word);
/* Where `event` leads from the state `from`; false when the table has no such step. */
bool flow_state_move(enum flow_machine machine, int from, const char *event, int *ret_to);
/* What being in the state means, "de" or anything else for English; "" for states nothing leads into. */
const char *flow_state_sentence(enum flow_machine machine, int state, const char *language);

#endif

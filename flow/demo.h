/* A demo organisation: fills the built-in address book from a stock in NDJSON, one contact a line. */
#ifndef FLOW_DEMO_H
#define FLOW_DEMO_H

#include "flow/flow.h"

/* Adds every contact of `ndjson` (the contact JSON of docs/contract.md; an "id" member beside it is kept out) to the
 * organisation's address book with its match keys. Running it twice adds nothing twice. Errors: ERR_INVALID with the
 * line. */
int flow_demo_fill(const struct flow *flow, const struct flow_actor *actor, struct str ndjson, int64_t *ret_added,
                   struct err *err);

#endif

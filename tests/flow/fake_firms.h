/* The fake CRM with employers as records of their own: connector "linking". A create or an update notes which company
 * it was told to link, and refuses one that does not exist. */
#ifndef TESTS_FLOW_FAKE_FIRMS_H
#define TESTS_FLOW_FAKE_FIRMS_H

#include "crm-connectors/connector.h"

extern const struct crm_connector fake_linking;

/* Another company; its id is "c" and the number of those before. */
void fake_firm_add(const char *name, const char *place);
/* Id of the company that the record is linked to, "" for none. */
const char *fake_firm_of(struct str remote_id);

#endif

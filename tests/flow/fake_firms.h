/* The fake CRM with employers as records of their own: connector "linking". A create or an update notes which company
 * it was told to link, and refuses one that does not exist. */
#ifndef TESTS_FLOW_FAKE_FIRMS_H
#define TESTS_FLOW_FAKE_FIRMS_H

#include "crm-connectors/connector.h"

extern const struct crm_connector fake_linking;

/* Another company; its id is "c" and the number of those before. */
void fake_firm_add(const char *name, const char *place);

/* What becomes of the companies that are made from now on. */
enum fake_making {
    FAKE_MAKES,
    FAKE_MAKES_UNSEEN, /* and its searches do not see them yet */
    FAKE_LOSES_ANSWER, /* made, but nobody hears of it */
    FAKE_LOSES_CALL,   /* nobody knows, and it is not made */
    FAKE_REFUSES,
    FAKE_WAITS,       /* and asks us to */
    FAKE_MAKES_TWICE, /* somebody else makes one of the name at the same time: several have it by now */
};
void fake_firms_make(enum fake_making how);
/* How many companies have exactly this name, and how often one was to be made at all. */
size_t fake_firms_named(const char *name);
size_t fake_firms_asked(void);
/* Called in the middle of the next making; NULL: nothing. */
extern void (*fake_firms_meanwhile)(void);

/* Id of the company that the record is linked to, "" for none. */
const char *fake_firm_of(struct str remote_id);

#endif

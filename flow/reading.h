/* What is kept beside a contact of how it was read: the claims with their places, and the text no field took. */
#ifndef FLOW_READING_H
#define FLOW_READING_H

#include "contact/contact.h"

struct flow_reading {
    struct json_list claims;     /* struct contact_claim */
    struct json_list unassigned; /* struct flow_unassigned (flow/contacts.h) */
};
extern const struct json_shape flow_reading_shape;

/* The reading that a contact carries; empty when it has none or it cannot be read. */
struct flow_reading flow_reading_of(struct str json, struct arena *arena);

#endif

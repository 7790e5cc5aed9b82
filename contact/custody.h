/* Whose a record is in its CRM, and when and by whom it was last changed there: what the CRM tells along with it. */
#ifndef CONTACT_CUSTODY_H
#define CONTACT_CUSTODY_H

#include "base/json.h"

struct contact_custody {
    struct str owner;      /* name, as the CRM shows it; absent: it says none */
    struct str changed_at; /* RFC 3339; absent: it does not say */
    struct str changed_by; /* name; absent: it does not say */
};
extern const struct json_shape contact_custody_shape;

/* What a stranger said, repaired: names trimmed and in form C, moments in UTC; what is no name or no moment is absent.
 */
struct contact_custody contact_custody_of(struct str owner, struct str changed_at, struct str changed_by,
                                          struct arena *arena);
/* True when it says nothing at all. */
bool contact_custody_none(const struct contact_custody *custody);
/* Copy into another arena. */
struct contact_custody contact_custody_copy(const struct contact_custody *custody, struct arena *arena);

#endif

/* Changes single properties of a vCard and leaves every other byte of it alone (RFC 2426, RFC 6350): other programs
 * keep things there that we do not know. */
#ifndef CRM_CONNECTORS_CARDDAV_VCARD_PATCH_H
#define CRM_CONNECTORS_CARDDAV_VCARD_PATCH_H

#include "crm-connectors/map.h"

struct crm_vcard_patch {
    struct str vcard;            /* as the server has it: one card, version 3.0 or 4.0 */
    struct json_list changes;    /* struct crm_change */
    const struct contact *after; /* for the display name and new lines */
    const char *region;          /* of national phone numbers in the card */
    struct str image;            /* a card that values go back to as they stood in it; absent = none */
};

/* The card with the changes: a changed value keeps its line's group and parameters, components of N, ORG, ADR that are
 * not ours stay, removed lines take their Apple labels with them. Errors: ERR_INVALID (no card, version 2.1), ERR_STALE
 * (a value that shall change is not in the card). */
int crm_vcard_apply(const struct crm_vcard_patch *patch, struct arena *arena, struct str *ret_vcard, struct err *err);

/* What is kept of a card for the way back: the properties that a patch may change, with their spelling, parameters and
 * Apple labels; absent when it is no card. */
struct str crm_vcard_image(struct str vcard, struct arena *arena);

#endif

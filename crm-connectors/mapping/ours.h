/* Places of a contact that a field of a CRM can hold, by name: "job_title", "phones.mobile", "addresses.1.city". */
#ifndef CRM_CONNECTORS_MAPPING_OURS_H
#define CRM_CONNECTORS_MAPPING_OURS_H

#include "crm-connectors/rest/slots.h"

struct crm_ours {
    const char *name;
    struct crm_slot slot; /* .member is NULL */
    int64_t wants;        /* characters that cards commonly need there */
    bool many;            /* several fields may hold one such place: further addresses, numbers */
};
extern const struct crm_ours crm_ours[];
extern const size_t crm_ours_count;

/* Row of a name, or NULL; of a shipped slot. */
const struct crm_ours *crm_ours_find(struct str name);
const struct crm_ours *crm_ours_of_slot(const struct crm_slot *slot);
/* Field of contact/fields.def that the place belongs to. */
const char *crm_ours_field(const struct crm_ours *ours);
/* The texts that a contact has for the place: struct str. */
struct json_list crm_ours_texts(const struct crm_ours *ours, const struct contact *contact, struct arena *arena);

#endif

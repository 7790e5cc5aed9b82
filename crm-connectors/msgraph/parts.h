/* What the files of this folder share. */
#ifndef CRM_CONNECTORS_MSGRAPH_PARTS_H
#define CRM_CONNECTORS_MSGRAPH_PARTS_H

#include "crm-connectors/rest/odata.h"

#define CRM_MSGRAPH_COLUMNS                                                                                            \
    "id,changeKey,lastModifiedDateTime,title,givenName,surname,generation,displayName,jobTitle,department,"            \
    "companyName,emailAddresses,"                                                                                      \
    "businessPhones,homePhones,mobilePhone,businessHomePage,businessAddress,homeAddress,otherAddress"

enum { CRM_MSGRAPH_FIELDS = 11 };
extern const struct crm_map crm_msgraph_map[CRM_MSGRAPH_FIELDS];
extern const struct crm_slots crm_msgraph_slots;
extern const struct crm_vendor crm_msgraph_vendor;

/* A contact as a flat object: "emailAddresses/0", "businessAddress/city" … besides its plain members. Absent when it is
 * no object. */
struct str crm_msgraph_flat(struct str object, struct arena *arena);
/* Flat members that are to be written ("" empties) as Graph wants them: lists and addresses whole, with what they hold
 * besides. `object`: the contact as Graph gave it, "{}" for a new one. Absent when one of them is broken. */
struct str crm_msgraph_folded(struct str object, struct str flat_members, struct arena *arena);

#endif

/* What the files of this folder share. */
#ifndef CRM_CONNECTORS_DYNAMICS_PARTS_H
#define CRM_CONNECTORS_DYNAMICS_PARTS_H

#include "crm-connectors/rest/odata.h"

#define CRM_DYNAMICS_COLUMNS                                                                                           \
    "contactid,salutation,firstname,lastname,suffix,jobtitle,department,emailaddress1,emailaddress2,emailaddress3,"    \
    "telephone1,mobilephone,telephone2,fax,websiteurl,address1_line1,address1_postalcode,address1_city,"               \
    "address1_stateorprovince,address1_country,statecode,_parentcustomerid_value"
/* Value of Prefer: the employer's name comes along as an annotation, also where $expand is not allowed. */
#define CRM_DYNAMICS_PREFER "odata.include-annotations=\"OData.Community.Display.V1.FormattedValue\""

extern const struct crm_vendor crm_dynamics_vendor;

/* 0, or -1: ERR_INVALID for the setting "url", ERR_CRM_REAUTHORISE before somebody has consented. */
int crm_dynamics_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err);
/* The table's find_exact(), search() and changes(). */
int crm_dynamics_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                            struct crm_result *ret, struct err *err);
int crm_dynamics_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                        struct err *err);
int crm_dynamics_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                         struct err *err);

#endif

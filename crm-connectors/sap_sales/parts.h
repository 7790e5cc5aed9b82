/* What the files of this folder share. */
#ifndef CRM_CONNECTORS_SAP_SALES_PARTS_H
#define CRM_CONNECTORS_SAP_SALES_PARTS_H

#include "crm-connectors/rest/odata.h"

#define CRM_SAP_SALES_CONTACTS "/contact-person-service/contactPersons"

extern const struct crm_vendor crm_sap_sales_vendor;

/* 0, or -1: ERR_INVALID for a setting, ERR_CRM_REAUTHORISE without user or password. */
int crm_sap_sales_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err);
/* When the object was changed last, as SAP writes it; absent when it does not say. */
struct str crm_sap_sales_stamp(struct str object, struct arena *arena);
/* The table's changes(). */
int crm_sap_sales_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                          struct err *err);

#endif

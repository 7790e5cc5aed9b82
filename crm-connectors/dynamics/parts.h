/* What the files of this folder share. */
#ifndef CRM_CONNECTORS_DYNAMICS_PARTS_H
#define CRM_CONNECTORS_DYNAMICS_PARTS_H

#include "crm-connectors/rest/odata.h"

/* Value of Prefer: the employer's name comes along as an annotation, also where $expand is not allowed. */
#define CRM_DYNAMICS_PREFER "odata.include-annotations=\"OData.Community.Display.V1.FormattedValue\""

extern const struct crm_vendor crm_dynamics_vendor;

/* 0, or -1: ERR_INVALID for the setting "url", ERR_CRM_REAUTHORISE before somebody has consented. */
int crm_dynamics_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err);
/* What is read of a contact: value of $select. */
struct str crm_dynamics_columns(const struct crm_rest *rest);
/* Text that contains() shall find as it is: each wildcard in brackets. */
struct str crm_dynamics_plain_pattern(struct str text, struct arena *arena);
/* The table's fields(), find_exact(), search() and changes(). */
int crm_dynamics_fields(struct crm_lent *lent, struct arena *arena, struct crm_result *ret,
                        struct json_list *ret_fields, struct err *err);
int crm_dynamics_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                            struct crm_result *ret, struct err *err);
int crm_dynamics_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                        struct err *err);
int crm_dynamics_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                         struct err *err);

#endif

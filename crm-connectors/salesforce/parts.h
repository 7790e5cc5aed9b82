/* What the files of this folder share. */
#ifndef CRM_CONNECTORS_SALESFORCE_PARTS_H
#define CRM_CONNECTORS_SALESFORCE_PARTS_H

#include "crm-connectors/rest/records.h"

extern const struct crm_vendor crm_salesforce_vendor;

/* 0, or -1: ERR_CRM_REAUTHORISE before somebody has consented. */
int crm_salesforce_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err);
/* What is read of a contact, with commas between. */
struct str crm_salesforce_columns(const struct crm_rest *rest);
/* The table's fields() and changes(). */
int crm_salesforce_fields(struct crm_lent *lent, struct arena *arena, struct crm_result *ret,
                          struct json_list *ret_fields, struct err *err);
int crm_salesforce_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                           struct err *err);

/* True for a name that may stand in a query as it is: letters, digits, _. */
bool crm_soql_name(struct str name);
/* The inside of a quoted literal; in a LIKE pattern its wildcards are escaped, too. */
void crm_soql_literal(struct strbuf *soql, struct str text, bool pattern);
/* Runs a query ("query", or "queryAll" for deleted records too) and gives the JSON list of its records: 1, 0 with a
 * result, -1 with an error. */
int crm_soql_query(const struct crm_rest *rest, const char *resource, struct str soql, struct str *ret_list,
                   struct crm_result *ret, struct err *err);

#endif

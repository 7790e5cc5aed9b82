/* What the files of this folder share. */
#ifndef CRM_CONNECTORS_SALESFORCE_PARTS_H
#define CRM_CONNECTORS_SALESFORCE_PARTS_H

#include "crm-connectors/rest/records.h"

#define CRM_SALESFORCE_VERSION "v66.0" /* of the REST API */

/* What an org keeps people in. */
struct crm_salesforce_object {
    const char *name; /* of the sObject */
    enum crm_kind kind;
    const struct crm_vendor *vendor;
    const char *employer; /* column that names the employer */
    const char *ended;    /* column that says that a record is none any more, besides IsDeleted; NULL = there is none */
};
/* The one that is spoken of. */
const struct crm_salesforce_object *crm_salesforce_object(const struct crm_rest *rest);

enum { CRM_SALESFORCE_FORM = 6 };
extern const struct crm_form_field crm_salesforce_form[CRM_SALESFORCE_FORM];
extern const struct crm_oauth crm_salesforce_oauth;

/* 0, or -1: ERR_CRM_REAUTHORISE before somebody has consented. */
int crm_salesforce_open(const struct crm_salesforce_object *object, struct crm_lent *lent, struct arena *arena,
                        struct crm_rest *ret_rest, struct err *err);
/* What is read of a record, with commas between. */
struct str crm_salesforce_columns(const struct crm_rest *rest);
/* Where the object is described. */
struct str crm_salesforce_describe(const struct crm_rest *rest);

/* Makes a record with this JSON object, by the org's own duplicate rules; gives its id. 1, 0, -1. */
int crm_salesforce_post(const struct crm_rest *rest, struct str path, struct str body, struct str *ret_id,
                        struct crm_result *ret, struct err *err);

/* Of struct crm_vendor. */
int crm_salesforce_read(const struct crm_rest *rest, struct str object, struct crm_record *record, struct err *err);
int crm_salesforce_fetch(const struct crm_rest *rest, struct str remote_id, struct str *ret_object,
                         struct crm_result *ret, struct err *err);
int crm_salesforce_change(const struct crm_rest *rest, struct str object, const struct crm_record *seen,
                          struct str members, struct crm_result *ret, struct err *err);
int crm_salesforce_make(const struct crm_rest *rest, struct str marker, struct str members, struct str *ret_id,
                        struct crm_result *ret, struct err *err);
int crm_salesforce_erase(const struct crm_rest *rest, struct str object, const struct crm_record *seen,
                         struct crm_result *ret, struct err *err);

/* Of the table, over an opened connection. */
int crm_salesforce_who(const struct crm_rest *rest, struct crm_who *ret_who, struct crm_result *ret, struct err *err);
int crm_salesforce_rules(const struct crm_rest *rest, struct crm_rules *ret_rules, struct crm_result *ret,
                         struct err *err);
int crm_salesforce_test(const struct crm_rest *rest, struct crm_result *ret, struct err *err);
int crm_salesforce_find_exact(const struct crm_rest *rest, const struct contact *probe, struct crm_result *ret,
                              struct err *err);
int crm_salesforce_search(const struct crm_rest *rest, struct str text, struct crm_result *ret, struct err *err);
int crm_salesforce_find_marker(const struct crm_rest *rest, struct str marker, struct crm_result *ret, struct err *err);
int crm_salesforce_fields(const struct crm_rest *rest, struct crm_result *ret, struct json_list *ret_fields,
                          struct err *err);
int crm_salesforce_changes(const struct crm_rest *rest, struct str cursor, struct crm_page *ret, struct err *err);

/* True for a name that may stand in a query as it is: letters, digits, _. */
bool crm_soql_name(struct str name);
/* The inside of a quoted literal; in a LIKE pattern its wildcards are escaped, too. */
void crm_soql_literal(struct strbuf *soql, struct str text, bool pattern);
/* Runs a query ("query", or "queryAll" for deleted records too) and gives the JSON list of its records: 1, 0 with a
 * result, -1 with an error. */
int crm_soql_query(const struct crm_rest *rest, const char *resource, struct str soql, struct str *ret_list,
                   struct crm_result *ret, struct err *err);

#endif

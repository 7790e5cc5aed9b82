/* What the files of this folder share. */
#ifndef CRM_CONNECTORS_DYNAMICS_PARTS_H
#define CRM_CONNECTORS_DYNAMICS_PARTS_H

#include "crm-connectors/rest/odata.h"

#define CRM_DYNAMICS_VERSION "v9.2" /* of the Web API */

/* Value of Prefer: the names of employer, owner and who changed it last come along as annotations, also where $expand
 * is not allowed. */
#define CRM_DYNAMICS_PREFER "odata.include-annotations=\"OData.Community.Display.V1.FormattedValue\""

/* What an environment keeps people in. */
struct crm_dynamics_table {
    const char *name, *set, *id; /* logical name, entity set, primary key */
    enum crm_kind kind;
    const struct crm_vendor *vendor;
    const char *employer; /* path of the employer's name in a filter */
};
/* The one that is spoken of. */
const struct crm_dynamics_table *crm_dynamics_table(const struct crm_rest *rest);

enum { CRM_DYNAMICS_FORM = 4 };
extern const struct crm_form_field crm_dynamics_form[CRM_DYNAMICS_FORM];
extern const struct crm_oauth crm_dynamics_oauth;

/* 0, or -1: ERR_INVALID for the setting "url", ERR_CRM_REAUTHORISE before somebody has consented. */
int crm_dynamics_open(const struct crm_dynamics_table *table, struct crm_lent *lent, struct arena *arena,
                      struct crm_rest *ret_rest, struct err *err);
/* What is read of a record: value of $select. */
struct str crm_dynamics_columns(const struct crm_rest *rest);

/* A record to be made: entity set, primary key and its value, further members as struct crm_vendor has them. */
struct crm_dynamics_new {
    const char *set, *id;
    struct str marker, members;
};
/* Makes it, by the environment's own duplicate rules; what the marker has made already counts. 1, 0, -1. */
int crm_dynamics_post(const struct crm_rest *rest, const struct crm_dynamics_new *new, struct str *ret_id,
                      struct crm_result *ret, struct err *err);

/* Of struct crm_vendor. */
int crm_dynamics_read(const struct crm_rest *rest, struct str object, struct crm_record *record, struct err *err);
int crm_dynamics_fetch(const struct crm_rest *rest, struct str remote_id, struct str *ret_object,
                       struct crm_result *ret, struct err *err);
int crm_dynamics_change(const struct crm_rest *rest, struct str object, const struct crm_record *seen,
                        struct str members, struct crm_result *ret, struct err *err);
int crm_dynamics_make(const struct crm_rest *rest, struct str marker, struct str members, struct str *ret_id,
                      struct crm_result *ret, struct err *err);
int crm_dynamics_erase(const struct crm_rest *rest, struct str object, const struct crm_record *seen,
                       struct crm_result *ret, struct err *err);
int crm_dynamics_merge(const struct crm_rest *rest, const struct crm_record *keep, const struct crm_record *give,
                       struct str *ret_id, struct crm_result *ret, struct err *err);

/* 8-4-4-4-12 hex digits: nothing else may stand in a path. */
bool crm_dynamics_is_guid(struct str text);
/* Text that contains() shall find as it is: each wildcard in brackets. */
struct str crm_dynamics_plain_pattern(struct str text, struct arena *arena);
/* Of the table of CRMs, over an opened connection. */
int crm_dynamics_who(const struct crm_rest *rest, struct crm_who *ret_who, struct crm_result *ret, struct err *err);
int crm_dynamics_rules(const struct crm_rest *rest, struct crm_rules *ret_rules, struct crm_result *ret,
                       struct err *err);
int crm_dynamics_test(const struct crm_rest *rest, struct crm_result *ret, struct err *err);
int crm_dynamics_find_exact(const struct crm_rest *rest, const struct contact *probe, struct crm_result *ret,
                            struct err *err);
int crm_dynamics_search(const struct crm_rest *rest, struct str text, struct crm_result *ret, struct err *err);
int crm_dynamics_find_marker(const struct crm_rest *rest, struct str marker, struct crm_result *ret, struct err *err);
int crm_dynamics_fields(const struct crm_rest *rest, struct crm_result *ret, struct json_list *ret_fields,
                        struct err *err);
int crm_dynamics_changes(const struct crm_rest *rest, struct str cursor, struct crm_page *ret, struct err *err);

#endif

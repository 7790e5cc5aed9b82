/* What the files of this folder share. */
#ifndef CRM_CONNECTORS_HUBSPOT_PARTS_H
#define CRM_CONNECTORS_HUBSPOT_PARTS_H

#include "crm-connectors/rest/records.h"

/* Path of contacts; a version with a date in it replaces it one day. */
#define CRM_HUBSPOT_CONTACTS "/crm/v3/objects/contacts"

extern const struct crm_vendor crm_hubspot_vendor;
/* Properties to read, with commas between; `quoted`: as items of a JSON list. */
struct str crm_hubspot_properties(const struct crm_rest *rest, bool quoted);

/* 0, or -1: ERR_CRM_REAUTHORISE before there is a token. */
int crm_hubspot_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err);
/* The table's fields(), find_exact(), search() and changes(). */
int crm_hubspot_fields(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct json_list *ret_fields,
                       struct err *err);
int crm_hubspot_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                           struct crm_result *ret, struct err *err);
int crm_hubspot_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                       struct err *err);
int crm_hubspot_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                        struct err *err);

/* One request whose answer has "results": 1 with that JSON list and the whole answer, 0 with a result, -1. */
int crm_hubspot_list(const struct crm_rest *rest, const struct crm_call *call, struct str *ret_results,
                     struct str *ret_body, struct crm_result *ret, struct err *err);

#endif

/* What the files of this folder share. */
#ifndef CRM_CONNECTORS_PIPEDRIVE_PARTS_H
#define CRM_CONNECTORS_PIPEDRIVE_PARTS_H

#include "crm-connectors/rest/records.h"

/* Version 2 knows no deleted persons to list: /recents of version 1 does. */
#define CRM_PIPEDRIVE_V2      "/api/v2"
#define CRM_PIPEDRIVE_V1      "/api/v1"
#define CRM_PIPEDRIVE_PERSONS CRM_PIPEDRIVE_V2 "/persons"

extern const struct crm_vendor crm_pipedrive_vendor;

/* 0, or -1: ERR_CRM_REAUTHORISE before there is a token, ERR_INVALID with a pointer to the setting. */
int crm_pipedrive_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err);

/* {"success":true,"data":…,"additional_data":{"next_cursor":…}} */
struct crm_pipedrive_answer {
    struct str data; /* JSON, absent when null or missing */
    struct str more; /* JSON of additional_data, absent when missing */
    int status;      /* also when the call gave 0; 0 = there was no answer */
};
/* One call: 1, 0 with a result (also for "success":false), -1 with an error. */
int crm_pipedrive_ask(const struct crm_rest *rest, const struct crm_call *call, struct crm_pipedrive_answer *ret_answer,
                      struct crm_result *ret, struct err *err);

/* Makes a record with this JSON object; gives its id. 1, 0, -1. */
int crm_pipedrive_post(const struct crm_rest *rest, struct str path, struct str body, struct str *ret_id,
                       struct crm_result *ret, struct err *err);

/* The list with the names of the employers in it, as member "org_name": Pipedrive gives only their ids. 1, 0, -1. */
int crm_pipedrive_name_employers(const struct crm_rest *rest, struct str list, struct str *ret_list,
                                 struct crm_result *ret, struct err *err);
extern const struct crm_link crm_pipedrive_employer;

/* Records that carry the marker: 1 with them in *ret, 0, -1. */
int crm_pipedrive_find_marked(const struct crm_rest *rest, struct str marker, struct crm_result *ret, struct err *err);

/* Key of the custom field that keeps the marker; of the one for job titles, absent when there is none. */
struct str crm_pipedrive_marker_field(const struct crm_rest *rest);
struct str crm_pipedrive_title_field(const struct crm_rest *rest);
/* A custom field's key: 40 hex digits. */
bool crm_pipedrive_is_key(struct str name);
/* A custom field of a person that is text, absent when empty. */
struct str crm_pipedrive_custom(struct str person, struct str key, struct arena *arena);

/* crm_vendor.record and crm_vendor.more. */
int crm_pipedrive_read(const struct crm_rest *rest, struct str person, struct crm_record *record, struct err *err);
int crm_pipedrive_write(const struct crm_rest *rest, const struct crm_slots_change *change, struct strbuf *members,
                        struct crm_result *ret, struct err *err);
enum { CRM_PIPEDRIVE_FIELDS = 6 };
extern const struct crm_map crm_pipedrive_map_rows[CRM_PIPEDRIVE_FIELDS];
extern const struct crm_map_list crm_pipedrive_map;

/* The table's fields(), find_exact(), search(), changes(). */
int crm_pipedrive_fields(struct crm_lent *lent, struct arena *arena, struct crm_result *ret,
                         struct json_list *ret_fields, struct err *err);
int crm_pipedrive_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                             struct crm_result *ret, struct err *err);
int crm_pipedrive_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                         struct err *err);
int crm_pipedrive_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                          struct err *err);

#endif

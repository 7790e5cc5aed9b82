/* What the entries of REST vendors have in common: read the live record, compare it with what was seen, write only what
 * differs, read again. A vendor lends its words (struct crm_vendor); these make the table's functions of them. */
#ifndef CRM_CONNECTORS_REST_RECORDS_H
#define CRM_CONNECTORS_REST_RECORDS_H

#include "crm-connectors/rest/rest.h"
#include "crm-connectors/rest/slots.h"

/* Unless it says otherwise, a function gives 1 when it has what it was asked for, 0 with *ret for any other answer, -1
 * with an error when nothing could be asked. `object` is the CRM's JSON of one record. */
struct crm_vendor {
    const struct crm_slots *slots;
    const char *nested; /* member of the object that the slots are members of, or NULL: the object itself */
    /* The flat object that the slots speak of, for CRMs with lists and nested objects; absent = no record. NULL: the
     * object has it as it is. */
    struct str (*flat)(struct str object, struct arena *arena);
    /* remote_id, version, kind, deleted and what slots cannot say; the contact is filled by the slots already. 0 or -1
     * (ERR_BAD_JSON: no record). */
    int (*record)(const struct crm_rest *rest, struct str object, struct crm_record *record, struct err *err);
    int (*fetch)(const struct crm_rest *rest, struct str remote_id, struct str *ret_object, struct crm_result *ret,
                 struct err *err);
    /* Adds members ("\"A\":1", with commas between) that slots cannot say, or NULL. `live`: "{}" for a new record.
     * Values without room go to ret->left. */
    int (*more)(const struct crm_rest *rest, const struct crm_slots_change *change, struct strbuf *members,
                struct crm_result *ret, struct err *err);
    /* Writes the members onto the record, on the condition that it is still `object` where the CRM can check it. */
    int (*change)(const struct crm_rest *rest, struct str object, const struct crm_record *seen, struct str members,
                  struct crm_result *ret, struct err *err);
    /* Makes the record with the marker; gives its id, or that of the record that has the marker already. */
    int (*make)(const struct crm_rest *rest, struct str marker, struct str members, struct str *ret_id,
                struct crm_result *ret, struct err *err);
    int (*erase)(const struct crm_rest *rest, struct str object, const struct crm_record *seen, struct crm_result *ret,
                 struct err *err);
    const struct crm_link *employer; /* NULL: a plain text, or none */
    /* Has the CRM merge `give` into `keep`; *ret_id is what the kept record is called then. NULL: it cannot. */
    int (*merge)(const struct crm_rest *rest, const struct crm_record *keep, const struct crm_record *give,
                 struct str *ret_id, struct crm_result *ret, struct err *err);
};

/* A link to a record of its own, the employer's: to the one that a person chose, else to the only one that has the
 * name. */
struct crm_link {
    const char *member, *before, *after; /* member that holds it; texts around the id in it, "" for none */
    bool number;                         /* the id stands there without quotes */
    /* Companies with exactly this name (as the CRM compares), or that contain it, as struct crm_company, by name and at
     * most CRM_COMPANIES_MAX: 1, 0, -1. */
    int (*companies)(const struct crm_rest *rest, struct str name, bool exact, struct json_list *ret_companies,
                     struct crm_result *ret, struct err *err);
    /* Makes a company of this name, under the marker where the CRM can keep one; gives its id: 1, 0, -1. NULL: none is
     * made there. */
    int (*make)(const struct crm_rest *rest, struct str marker, struct str name, struct str *ret_id,
                struct crm_result *ret, struct err *err);
};

/* The slots in use: those of the mapping that was lent, else the vendor's own. */
const struct crm_slots *crm_records_slots(const struct crm_rest *rest, const struct crm_slots *shipped);
/* Whether the organisation is a record there that has to be linked. */
bool crm_records_company(const struct crm_rest *rest);
/* One object as a record. 0, or -1 with ERR_BAD_JSON. */
int crm_records_read(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str object,
                     struct crm_record *ret_record, struct err *err);
/* A JSON list of objects as a result; only those that share a value with the probe unless it is NULL. 1, or 0 when it
 * is no such list. */
int crm_records_list(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str list,
                     const struct contact *probe, struct crm_result *ret);

/* Adds the records of `more` that *ret has not got. */
void crm_records_join(const struct crm_rest *rest, const struct crm_result *more, struct crm_result *ret);
/* Adds a value without room to ret->left. */
void crm_records_leave(const struct crm_rest *rest, struct str value, struct crm_result *ret);

/* Where a create that the CRM refuses may have met its own record, one whose answer was lost: `marked` gives the id of
 * the record with the marker, absent when there is none. 1 with the id, or 0 with *ret as it is, -1. */
typedef int crm_marked_fn(const struct crm_rest *rest, struct str marker, struct str *ret_id, struct crm_result *ret,
                          struct err *err);
int crm_records_own(const struct crm_rest *rest, crm_marked_fn *marked, struct str marker, struct str *ret_id,
                    struct err *err);
/* The table's find_marker() by that id. 0 with *ret, or -1. */
int crm_records_marked(const struct crm_vendor *vendor, const struct crm_rest *rest, crm_marked_fn *marked,
                       struct str marker, struct crm_result *ret, struct err *err);

/* The table's functions once the vendor's way of talking is open. 0 with *ret, or -1. */
int crm_records_get(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str remote_id,
                    struct crm_result *ret, struct err *err);
int crm_records_create(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str marker,
                       const struct contact *contact, struct crm_result *ret, struct err *err);
int crm_records_update(const struct crm_vendor *vendor, const struct crm_rest *rest, const struct crm_update *update,
                       struct crm_result *ret, struct err *err);
int crm_records_remove(const struct crm_vendor *vendor, const struct crm_rest *rest, const struct crm_update *update,
                       struct crm_result *ret, struct err *err);
int crm_records_merge(const struct crm_vendor *vendor, const struct crm_rest *rest, const struct crm_record *keep,
                      const struct crm_record *give, struct crm_result *ret, struct err *err);
int crm_records_companies(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str text,
                          struct crm_result *ret, struct err *err);
/* Looks for the exact name first: CRM_FOUND with the one that has it, CRM_MANY, CRM_CREATED. `vendor` has
 * employer->make. */
int crm_records_make_company(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str marker,
                             struct str name, struct crm_result *ret, struct err *err);
int crm_records_rehearse(const struct crm_vendor *vendor, const struct crm_rest *rest, const struct crm_update *update,
                         struct crm_result *ret, struct err *err);

/* A JSON list of objects as struct crm_company by the names of three members, the last one may be NULL; those without
 * a name are left out. 1, or 0 when it is no list of objects with ids. */
int crm_records_read_companies(const struct crm_rest *rest, struct str list, const char *const members[3],
                               struct json_list *ret_companies, struct crm_result *ret);

/* One member of a JSON object: "name":"text". */
struct str crm_records_member(const char *name, struct str text, struct arena *arena);
/* A version for CRMs without one that can be trusted: 32 hex digits of the object with its keys in order. */
struct str crm_records_hash(struct str object, struct arena *arena);
/* A text member of the connection's settings or secret, trimmed; absent when missing or empty. */
struct str crm_records_setting(struct str json, const char *name, struct arena *arena);

#include "crm-connectors/rest/objects.h"

#endif

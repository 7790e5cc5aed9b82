/* The table's functions for vendors that keep people in several kinds of records; included by records.h. */
#ifndef CRM_CONNECTORS_REST_OBJECTS_H
#define CRM_CONNECTORS_REST_OBJECTS_H

#include "crm-connectors/rest/functions.h"

/* Each kind is a connector of its own: NAME_open() and all functions
 * of the table but companies(), make_company() and merge(), over what such a record is there (crm_rest.object).
 * MAKER_open(&OBJECT, lent, arena, &rest, err) and the functions MAKER_test(), _find_exact(), _search(),
 * _find_marker(), _fields() and _changes() over an opened `rest` are the vendor's. */
#define CRM_RECORDS_OBJECT(NAME, MAKER, OBJECT, VENDOR)                                                                \
    static int NAME##_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err)     \
    {                                                                                                                  \
        return MAKER##_open(&(OBJECT), lent, arena, ret_rest, err);                                                    \
    }                                                                                                                  \
    CRM_RECORDS_FUNCTIONS(NAME, NAME##_open, VENDOR)                                                                   \
    static int NAME##_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)        \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : MAKER##_test(&rest, ret, err);                          \
    }                                                                                                                  \
    static int NAME##_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,              \
                                 struct crm_result *ret, struct err *err)                                              \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : MAKER##_find_exact(&rest, probe, ret, err);             \
    }                                                                                                                  \
    static int NAME##_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,      \
                             struct err *err)                                                                          \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : MAKER##_search(&rest, text, ret, err);                  \
    }                                                                                                                  \
    static int NAME##_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena,                       \
                                  struct crm_result *ret, struct err *err)                                             \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : MAKER##_find_marker(&rest, marker, ret, err);           \
    }                                                                                                                  \
    static int NAME##_fields(struct crm_lent *lent, struct arena *arena, struct crm_result *ret,                       \
                             struct json_list *ret_fields, struct err *err)                                            \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : MAKER##_fields(&rest, ret, ret_fields, err);            \
    }                                                                                                                  \
    static int NAME##_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,     \
                              struct err *err)                                                                         \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : MAKER##_changes(&rest, cursor, ret, err);               \
    }

#endif

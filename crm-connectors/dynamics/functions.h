/* The table's functions over one table of an environment; included by parts.h. */
#ifndef CRM_CONNECTORS_DYNAMICS_FUNCTIONS_H
#define CRM_CONNECTORS_DYNAMICS_FUNCTIONS_H

/* NAME_open() and all functions of the table of CRMs but companies(), as NAME_get() and so on. */
#define CRM_DYNAMICS_FUNCTIONS(NAME, TABLE, VENDOR)                                                                    \
    static int NAME##_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err)     \
    {                                                                                                                  \
        return crm_dynamics_open(&(TABLE), lent, arena, ret_rest, err);                                                \
    }                                                                                                                  \
    CRM_RECORDS_FUNCTIONS(NAME, NAME##_open, VENDOR)                                                                   \
    CRM_RECORDS_MERGE(NAME, NAME##_open, VENDOR)                                                                       \
    static int NAME##_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)        \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : crm_dynamics_test(&rest, ret, err);                     \
    }                                                                                                                  \
    static int NAME##_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,              \
                                 struct crm_result *ret, struct err *err)                                              \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : crm_dynamics_find_exact(&rest, probe, ret, err);        \
    }                                                                                                                  \
    static int NAME##_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,      \
                             struct err *err)                                                                          \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : crm_dynamics_search(&rest, text, ret, err);             \
    }                                                                                                                  \
    static int NAME##_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena,                       \
                                  struct crm_result *ret, struct err *err)                                             \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : crm_dynamics_find_marker(&rest, marker, ret, err);      \
    }                                                                                                                  \
    static int NAME##_fields(struct crm_lent *lent, struct arena *arena, struct crm_result *ret,                       \
                             struct json_list *ret_fields, struct err *err)                                            \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : crm_dynamics_fields(&rest, ret, ret_fields, err);       \
    }                                                                                                                  \
    static int NAME##_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,     \
                              struct err *err)                                                                         \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : crm_dynamics_changes(&rest, cursor, ret, err);          \
    }

#endif

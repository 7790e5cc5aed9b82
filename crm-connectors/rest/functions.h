/* The table's functions over a vendor's words; included by records.h, which explains them. */
#ifndef CRM_CONNECTORS_REST_FUNCTIONS_H
#define CRM_CONNECTORS_REST_FUNCTIONS_H

/* Those as the table wants them: NAME_get(), NAME_create(), NAME_update(), NAME_remove(), NAME_rehearse() over the
 * vendor. OPEN is `int OPEN(struct crm_lent *, struct arena *, struct crm_rest *, struct err *)`, 0 or -1. */
#define CRM_RECORDS_FUNCTIONS(NAME, OPEN, VENDOR)                                                                      \
    static int NAME##_get(struct crm_lent *lent, struct str remote_id, struct arena *arena, struct crm_result *ret,    \
                          struct err *err)                                                                             \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return OPEN(lent, arena, &rest, err) < 0 ? -1 : crm_records_get(&(VENDOR), &rest, remote_id, ret, err);        \
    }                                                                                                                  \
    static int NAME##_create(struct crm_lent *lent, struct str marker, const struct contact *contact,                  \
                             struct arena *arena, struct crm_result *ret, struct err *err)                             \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return OPEN(lent, arena, &rest, err) < 0 ? -1                                                                  \
                                                 : crm_records_create(&(VENDOR), &rest, marker, contact, ret, err);    \
    }                                                                                                                  \
    static int NAME##_update(struct crm_lent *lent, const struct crm_update *update, struct arena *arena,              \
                             struct crm_result *ret, struct err *err)                                                  \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return OPEN(lent, arena, &rest, err) < 0 ? -1 : crm_records_update(&(VENDOR), &rest, update, ret, err);        \
    }                                                                                                                  \
    static int NAME##_remove(struct crm_lent *lent, const struct crm_update *update, struct arena *arena,              \
                             struct crm_result *ret, struct err *err)                                                  \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return OPEN(lent, arena, &rest, err) < 0 ? -1 : crm_records_remove(&(VENDOR), &rest, update, ret, err);        \
    }                                                                                                                  \
    static int NAME##_rehearse(struct crm_lent *lent, const struct crm_update *update, struct arena *arena,            \
                               struct crm_result *ret, struct err *err)                                                \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return OPEN(lent, arena, &rest, err) < 0 ? -1 : crm_records_rehearse(&(VENDOR), &rest, update, ret, err);      \
    }

/* NAME_merge() over a vendor with crm_vendor.merge. */
#define CRM_RECORDS_MERGE(NAME, OPEN, VENDOR)                                                                          \
    static int NAME##_merge(struct crm_lent *lent, const struct crm_record *keep, const struct crm_record *give,       \
                            struct arena *arena, struct crm_result *ret, struct err *err)                              \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return OPEN(lent, arena, &rest, err) < 0 ? -1 : crm_records_merge(&(VENDOR), &rest, keep, give, ret, err);     \
    }

/* NAME_who() and NAME_rules() over an opened `rest`. */
#define CRM_RECORDS_WHO(NAME, MAKER)                                                                                   \
    static int NAME##_who(struct crm_lent *lent, struct arena *arena, struct crm_who *ret_who, struct crm_result *ret, \
                          struct err *err)                                                                             \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : MAKER##_who(&rest, ret_who, ret, err);                  \
    }
#define CRM_RECORDS_RULES(NAME, MAKER)                                                                                 \
    static int NAME##_rules(struct crm_lent *lent, struct arena *arena, struct crm_rules *ret_rules,                   \
                            struct crm_result *ret, struct err *err)                                                   \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return NAME##_open(lent, arena, &rest, err) < 0 ? -1 : MAKER##_rules(&rest, ret_rules, ret, err);              \
    }

/* NAME_companies() over a vendor with crm_vendor.employer. */
#define CRM_RECORDS_COMPANIES(NAME, OPEN, VENDOR)                                                                      \
    static int NAME##_companies(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,   \
                                struct err *err)                                                                       \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return OPEN(lent, arena, &rest, err) < 0 ? -1 : crm_records_companies(&(VENDOR), &rest, text, ret, err);       \
    }

/* NAME_make_company() over a vendor with crm_link.make. */
#define CRM_RECORDS_MAKE_COMPANY(NAME, OPEN, VENDOR)                                                                   \
    static int NAME##_make_company(struct crm_lent *lent, struct str marker, struct str name, struct arena *arena,     \
                                   struct crm_result *ret, struct err *err)                                            \
    {                                                                                                                  \
        struct crm_rest rest;                                                                                          \
        return OPEN(lent, arena, &rest, err) < 0 ? -1                                                                  \
                                                 : crm_records_make_company(&(VENDOR), &rest, marker, name, ret, err); \
    }

#endif

/* Field mappings of a connection: the versions that were active, the draft, and the CRM's fields as last described. */
#ifndef STORE_CRM_MAPPING_H
#define STORE_CRM_MAPPING_H

#include "store/store.h"

struct store_mapping {
    int64_t version;   /* from 1; 0 = a draft */
    struct str doc;    /* JSON of the caller, sealed at rest */
    struct str fields; /* JSON of the caller: the fields as they were then; sealed at rest; absent for a draft */
    struct id user;
    int64_t at;
};

/* ERR_NOT_FOUND. */
int store_mapping_get(struct store_tx *tx, const struct id *connection, int64_t version, struct arena *arena,
                      struct store_mapping *ret_mapping, struct err *err);
/* Adds a version and makes it the active one: the next pull starts over. doc, fields, user of `mapping`. */
int store_mapping_add(struct store_tx *tx, const struct id *connection, const struct store_mapping *mapping,
                      int64_t *ret_version, struct err *err);
/* ERR_NOT_FOUND when there is none. */
int store_mapping_draft(struct store_tx *tx, const struct id *connection, struct arena *arena,
                        struct store_mapping *ret_mapping, struct err *err);
/* Replaces the draft by doc and user of `mapping`; NULL removes it. */
int store_mapping_draft_put(struct store_tx *tx, const struct id *connection, const struct store_mapping *mapping,
                            struct err *err);
/* One more change of draft or active version, over the revision that the caller saw. ERR_STALE, ERR_NOT_FOUND. */
int store_mapping_revise(struct store_tx *tx, const struct id *connection, int64_t revision, struct err *err);

/* The fields as last described: JSON of the caller, sealed at rest. ERR_NOT_FOUND before the first time. */
int store_fields_get(struct store_tx *tx, const struct id *connection, struct arena *arena, struct str *ret_fields,
                     int64_t *ret_at, struct err *err);
/* Keeps them with the number of warnings that the active mapping has by them; *ret_before is what that was before. */
int store_fields_put(struct store_tx *tx, const struct id *connection, struct str fields, int64_t warnings,
                     int64_t *ret_before, struct err *err);

#endif

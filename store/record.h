/* The mirror: CRM records as far as matching needs them. */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "contact/contact.h"
#include "contact/custody.h"
#include "store/store.h"

struct store_record {
    struct id id, connection;
    struct str remote_id;           /* the CRM's own; sealed at rest, found by a keyed hash */
    struct str kind;                /* "person" | "lead" | "company" */
    struct str remote_version;      /* ETag, modstamp … sealed at rest; absent when the CRM has none */
    int64_t fetched_at, deleted_at; /* deleted_at 0 = living */
    struct contact contact;
    struct contact_custody custody; /* sealed at rest */
};

/* Adds or replaces by connection and remote_id, living again if it was deleted; custody that says nothing leaves what
 * is known of it. *ret_id as known to us; *ret_new is true when it was not there. (.id and times of `record` are
 * ignored.) */
int store_record_put(struct store_tx *tx, const struct store_record *record, struct id *ret_id, bool *ret_new,
                     struct err *err);
/* The same for n ≤ 1000 records of one connection, each there once, in one statement. ret_ids: n of them. */
int store_record_put_many(struct store_tx *tx, const struct store_record *records, size_t n, struct id *ret_ids,
                          struct err *err);
/* The id that a record has or would have here. */
int store_record_id(struct store_tx *tx, const struct id *connection, struct str remote_id, struct id *ret_id,
                    struct err *err);
/* Marks as deleted in the CRM; unknown ones are ignored. Its match keys go. */
int store_record_bury(struct store_tx *tx, const struct id *connection, struct str remote_id, struct err *err);
/* Buries what a complete pull that began at `since` (store_tx_now() then) has not seen; *ret_n counts them. */
int store_record_bury_unseen(struct store_tx *tx, const struct id *connection, int64_t since, int64_t *ret_n,
                             struct err *err);
/* Deleted ones too. ERR_NOT_FOUND. */
int store_record_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_record *ret_record,
                     struct err *err);
/* By the CRM's own id. ERR_NOT_FOUND. */
int store_record_find(struct store_tx *tx, const struct id *connection, struct str remote_id, struct arena *arena,
                      struct store_record *ret_record, struct err *err);
/* Many at once, in the order of `ids`, leaving out unknown and deleted ones (struct store_record). n ≤ 1000. */
int store_record_get_many(struct store_tx *tx, const struct id *ids, size_t n, struct arena *arena,
                          struct json_list *ret_records, struct err *err);
/* Living records of a connection, in an order of their own. */
int store_record_list(struct store_tx *tx, const struct id *connection, const struct store_page *page,
                      struct arena *arena, struct json_list *ret_records, struct err *err);

#endif

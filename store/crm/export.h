/* File drop: entries that wait for a file, and the files that took them, each entry once. */
#ifndef STORE_CRM_EXPORT_H
#define STORE_CRM_EXPORT_H

#include "contact/contact.h"
#include "store/store.h"

enum { STORE_EXPORT_ENTRIES = 2000 }; /* of one file; the rest waits for the next */

struct store_export {
    struct id id, connection;
    int64_t entries, created_at;
};

struct store_export_entry {
    struct id id, record;
    struct str remote_id;
    bool ours; /* the record began here: remote_id is our marker */
    struct contact contact;
};

/* Notes that the record has to go into the next file, as it is now; one that waits already is brought up to date.
 * Writers of one connection go one by one (its row is locked). `create`: the CRM does not know it. */
int store_export_note(struct store_tx *tx, const struct id *connection, const struct id *record, bool create,
                      const struct contact *contact, struct err *err);
/* Takes back that a record is new. ERR_NOT_FOUND when it does not wait (any more). */
int store_export_forget(struct store_tx *tx, const struct id *connection, const struct id *record, struct err *err);

/* Makes a file of what waits. ERR_NOT_FOUND when nothing does. */
int store_export_take(struct store_tx *tx, const struct id *connection, const struct id *user, struct id *ret_id,
                      struct err *err);
/* Newest first (struct store_export). */
int store_export_list(struct store_tx *tx, const struct id *connection, int limit, struct arena *arena,
                      struct json_list *ret_exports, struct err *err);
int store_export_get(struct store_tx *tx, const struct id *id, struct store_export *ret_export, struct err *err);
/* How many wait. */
int store_export_waiting(struct store_tx *tx, const struct id *connection, int64_t *ret_n, struct err *err);
/* What a file took (struct store_export_entry), in the order of taking. */
int store_export_entries(struct store_tx *tx, const struct id *id, struct arena *arena, struct json_list *ret_entries,
                         struct err *err);

/* Living records that began here, newest first (struct id). */
int store_export_made(struct store_tx *tx, const struct id *connection, int limit, struct arena *arena,
                      struct json_list *ret_ids, struct err *err);
/* They count as seen by the pull under way. */
int store_export_keep(struct store_tx *tx, const struct id *connection, struct err *err);

#endif

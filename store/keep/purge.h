/* Final removal: what has been in the bin long enough, named contacts and scans, a whole organisation. And the erasure
 * list: ids of what was removed, in a file outside of the database, so that a restored backup can be relieved of them
 * before it opens. */
#ifndef STORE_KEEP_PURGE_H
#define STORE_KEEP_PURGE_H

#include "store/store.h"

enum { STORE_PURGE_MOST = 200 };
#define STORE_BIN_MS (30LL * 24 * 60 * 60 * 1000) /* so long the bin keeps, and files that nothing refers to */

/* What goes: either the age, or named ones (then whatever their age), at most STORE_PURGE_MOST of each. */
struct store_purge {
    int64_t age_ms;   /* of files that nobody refers to, too */
    int64_t as_of_ms; /* by the database's clock as it was then: a jump since is no age; 0 = the transaction's time */
    const struct id *contacts;
    size_t contact_count;
    const struct id *scans;
    size_t scan_count;
    const struct id *records; /* of the mirror, or of a book that is kept here */
    size_t record_count;
};
/* What went. */
struct store_purged {
    size_t contacts, scans, records, files;
};
/* Removes at most STORE_PURGE_MOST of each with all that hangs on them (versions, candidates, previews, write-backs,
 * jobs, match keys), notes their ids in the erasure list, commits, and deletes their files: one transaction of its own.
 * A crash behind the commit leaves files to store_blob_sweep(). Errors: those of a transaction, ERR_DISK_FULL and
 * ERR_INTERNAL of the list: then nothing went. */
int store_purge(struct store *store, const struct id *org, const struct store_purge *purge,
                struct store_purged *ret_purged, struct err *err);

/* The same in the caller's transaction, with what else belongs to it. What went is listed in the arena, and its files
 * go when the caller has committed: store_gone_discard(). */
struct store_gone {
    struct store_purged count;
    struct json_list erased; /* struct store_erased (list.h): contacts, scans and records */
    struct json_list blobs;  /* struct store_blob */
};
int store_purge_within(struct store_tx *tx, const struct store_purge *purge, struct arena *arena,
                       struct store_gone *ret_gone, struct err *err);
void store_gone_discard(struct store *store, const struct store_gone *gone);

/* Destroys the organisation's keys, ends sessions and tokens, notes it. Files are left to the caller's
 * store_org_files_drop(). ERR_CONFLICT: it was erased already. */
int store_org_erase(struct store *store, const struct id *org, struct err *err);
/* Deletes the sealed files of the organisation; their rows stay as empty proof of number and size. *ret_n counts. */
int store_org_files_drop(struct store *store, const struct id *org, int64_t *ret_n, struct err *err);

/* Does again what the erasure lists say, in all organisations that are there: after a restore, before anybody is let
 * in. *ret_n counts contacts, scans, records and organisations that were there again. */
int store_erasures_replay(struct store *store, int64_t *ret_n, struct err *err);

#endif

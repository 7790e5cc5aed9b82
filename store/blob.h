/* Sealed files: AES-256-GCM in chunks of 64 KiB, each bound to file, number and end, so that nothing can be changed,
 * moved or cut off unnoticed. A file is there whole or not at all. */
#ifndef STORE_BLOB_H
#define STORE_BLOB_H

#include "base/crypto.h"
#include "store/store.h"

struct store_blob {
    struct id id;
    struct str media_type;           /* "image/jpeg" … by content; the caller's word */
    int64_t bytes;                   /* of the plain content */
    struct crypto_hash content_hash; /* keyed SHA-256: equal content, equal hash, within one organisation */
    int64_t key_version;
};

struct store_blob_writer;
struct store_blob_reader;

/* Begins a file of an organisation. Errors: ERR_DISK_FULL, ERR_STORE_DOWN, ERR_INTERNAL. */
int store_blob_create(struct store *store, const struct id *org, struct store_blob_writer **ret_writer,
                      struct err *err);
/* Appends; memory stays at one chunk. ERR_DISK_FULL: release the writer, nothing is left behind. */
int store_blob_write(struct store_blob_writer *writer, const void *p, size_t n, struct err *err);
/* Ends the file: flushed to the disk under its final name when this returns 0. Releases the writer in every case. Then
 * store_blob_add() makes it known; if that cannot happen, store_blob_discard(). */
int store_blob_finish(struct store_blob_writer **writer, struct store_blob *ret_blob, struct err *err);
/* Releases a writer and its unfinished file. */
void store_blob_writer_freep(struct store_blob_writer **writer);
/* Deletes a finished file whose row was not committed. Never fails; a crash leaves it to store_blob_sweep(). */
void store_blob_discard(struct store *store, const struct store_blob *blob);

/* Makes a finished file known to the organisation, with blob->media_type. */
int store_blob_add(struct store_tx *tx, const struct store_blob *blob, struct err *err);
/* The whole way in one call for content already in memory. On failure nothing is left behind; after a rollback of `tx`
 * the file is left to store_blob_sweep(). */
int store_blob_put(struct store_tx *tx, struct str content, const char *media_type, struct store_blob *ret_blob,
                   struct err *err);
int store_blob_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_blob *ret_blob,
                   struct err *err);

/* Opens a file for reading; outlives the transaction. Errors: ERR_NOT_FOUND; ERR_SEAL when the file is gone or too
 * short. */
int store_blob_open(struct store_tx *tx, const struct id *id, struct store_blob_reader **ret_reader, struct err *err);
/* Up to `size` bytes at `offset` (0 ≤ offset ≤ bytes); *ret_n is 0 at the end only. Every byte was verified. ERR_SEAL.
 */
int store_blob_read(struct store_blob_reader *reader, uint64_t offset, void *ret_bytes, size_t size, size_t *ret_n,
                    struct err *err);
/* Plain size in bytes of an opened file. */
uint64_t store_blob_size(const struct store_blob_reader *reader);
void store_blob_reader_freep(struct store_blob_reader **reader);
/* The whole plain content in a sealed memfd at position 0, for kartei-parse. The caller closes it. */
int store_blob_memfd(struct store_tx *tx, const struct id *id, int *ret_fd, struct err *err);

/* Seals a file anew under the present data key, beside the old one, which the sweep takes a day later. Nothing when it
 * is so already, or the row is gone. ERR_SEAL, ERR_DISK_FULL. */
int store_blob_reseal(struct store *store, const struct id *org, const struct id *blob, struct err *err);

/* Deletes files without a row that are older than a day and unfinished ones older than an hour; *ret_n counts them. */
int store_blob_sweep(struct store *store, int64_t *ret_n, struct err *err);

#endif

/* Inside of the store: sealed files in chunks, by name and key; no database. */
#ifndef STORE_CORE_FILE_H
#define STORE_CORE_FILE_H

#include "base/crypto.h"
#include "base/id.h"

enum { STORE_FILE_CHUNK = 64 * 1024 }; /* plain bytes of a full chunk; each is CRYPTO_SEAL_EXTRA longer on the disk */

/* What a file is sealed with. `context` names blob, organisation and key version. */
struct store_file_key {
    struct crypto_key key;
    int64_t version; /* of the data key it is made from */
    char context[160];
};

/* DIR/xx/ID for key version 1, DIR/xx/ID.N for a later one: what is sealed anew lies beside what is still read. xx are
 * the last two digits, which are random. In the arena. */
struct str store_file_path(const char *dir, const struct id *blob, int64_t key_version, struct arena *arena);
/* The other way round; false for a name that is none. */
bool store_file_name(struct str name, struct id *ret_blob, int64_t *ret_key_version);

struct store_file_writer;
/* Errors: ERR_DISK_FULL, ERR_INTERNAL. */
int store_file_create(const char *dir, const struct id *blob, const struct store_file_key *key,
                      struct store_file_writer **ret_writer, struct err *err);
int store_file_write(struct store_file_writer *writer, const void *p, size_t n, struct err *err);
/* Seals the last chunk, flushes file and folder, gives the file its name. *ret_bytes: plain size. */
int store_file_finish(struct store_file_writer *writer, uint64_t *ret_bytes, struct err *err);
/* Closes; removes what was not finished. NULL is allowed. */
void store_file_writer_free(struct store_file_writer *writer);

struct store_file_reader;
/* `bytes` is the plain size known from elsewhere: a file of another length is refused, and one whose
 * first chunk does not open. Errors: ERR_SEAL, ERR_INTERNAL. */
int store_file_open(const char *path, const struct store_file_key *key, uint64_t bytes,
                    struct store_file_reader **ret_reader, struct err *err);
/* As store_blob_read(). */
int store_file_read(struct store_file_reader *reader, uint64_t offset, void *ret_bytes, size_t size, size_t *ret_n,
                    struct err *err);
uint64_t store_file_size(const struct store_file_reader *reader);
void store_file_reader_free(struct store_file_reader *reader);

#endif

/* See blob.h: rows of blobs, and their files by store/core/file.h. */
#include "store/blob.h"

#include "base/clock.h"
#include "base/limits.h"
#include "store/core/file.h"
#include "store/core/tx.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { SWEEP_BATCH = 500, HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

struct store_blob_writer {
    struct store_file_writer *file;
    struct crypto_digest *digest;
    struct crypto_key hash_key; /* turns the digest into a keyed hash, which says nothing to who has the same photo */
    struct id id;
    int64_t key_version;
    uint64_t bytes;
};

struct store_blob_reader {
    struct store_file_reader *file;
};

/* The file's own key, and the words bound to each chunk. */
static void blob_key(const struct store_org_keys *keys, const struct id *blob, struct store_file_key *ret_key)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    ret_key->version = keys->version;
    ret_key->key = crypto_derive(&keys->data, str_printf(arena, "blob|%s", blob->s));
    (void)snprintf(ret_key->context, sizeof ret_key->context, "blobs.file|%s|%s|%lld", blob->s, keys->org.s,
                   (long long)keys->version);
}

static int blob_create(struct store_tx *tx, struct id id, struct store_blob_writer **ret_writer, struct err *err)
{
    struct store_org_keys keys;
    struct store_file_key key;
    struct store_file_writer *file;
    if (store_keys_get(tx, 0, &keys, err) < 0)
        return -1;
    blob_key(&keys, &id, &key);
    int r = store_file_create(tx->store->blob_dir, &id, &key, &file, err);
    crypto_wipe(&key, sizeof key);
    if (r == 0) {
        struct store_blob_writer *writer = calloc(1, sizeof *writer);
        if (!writer)
            abort();
        writer->file = file;
        writer->id = id;
        writer->key_version = keys.version;
        writer->hash_key = crypto_derive(&keys.index, STR("blob content"));
        writer->digest = crypto_digest_new();
        *ret_writer = writer;
    }
    crypto_wipe(&keys, sizeof keys);
    return r;
}

int store_blob_create(struct store *store, const struct id *org, struct store_blob_writer **ret_writer, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (store_begin(store, org, &tx, err) < 0)
        return -1;
    return blob_create(tx, id_new(), ret_writer, err);
}

int store_blob_write(struct store_blob_writer *writer, const void *p, size_t n, struct err *err)
{
    assert(writer);
    crypto_digest_add(writer->digest, p, n);
    return store_file_write(writer->file, p, n, err);
}

int store_blob_finish(struct store_blob_writer **writer, struct store_blob *ret_blob, struct err *err)
{
    struct store_blob_writer *w = *writer;
    uint64_t bytes;
    assert(w);
    int r = store_file_finish(w->file, &bytes, err);
    if (r == 0) {
        struct crypto_hash plain = crypto_digest_end(&w->digest);
        *ret_blob = (struct store_blob){.id = w->id,
                                        .bytes = (int64_t)bytes,
                                        .content_hash = crypto_hmac(&w->hash_key, crypto_hash_str(&plain)),
                                        .key_version = w->key_version};
    }
    store_blob_writer_freep(writer);
    return r;
}

void store_blob_writer_freep(struct store_blob_writer **writer)
{
    if (!*writer)
        return;
    store_file_writer_free((*writer)->file);
    crypto_digest_freep(&(*writer)->digest);
    crypto_wipe(*writer, sizeof **writer);
    free(take(*writer));
}

void store_blob_discard(struct store *store, const struct store_blob *blob)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    (void)unlink(store_file_path(store->blob_dir, &blob->id, blob->key_version, arena).p);
}

int store_blob_add(struct store_tx *tx, const struct store_blob *blob, struct err *err)
{
    return store_run(tx, SQL_BLOB_ADD,
                     ARGS(ARG_ID(&blob->id), ARG_STR(blob->media_type), ARG_INT(blob->bytes),
                          ARG_STR(crypto_hash_str(&blob->content_hash)), ARG_INT(blob->key_version)),
                     NULL, err);
}

int store_blob_put(struct store_tx *tx, struct str content, const char *media_type, struct store_blob *ret_blob,
                   struct err *err)
{
    struct store_blob_writer *writer = NULL;
    struct store_blob blob;
    if (blob_create(tx, id_new(), &writer, err) < 0)
        return -1;
    if (store_blob_write(writer, content.p, content.n, err) < 0) {
        store_blob_writer_freep(&writer);
        return -1;
    }
    if (store_blob_finish(&writer, &blob, err) < 0)
        return -1;
    blob.media_type = str_c(media_type);
    if (store_blob_add(tx, &blob, err) < 0) {
        store_blob_discard(tx->store, &blob);
        return -1;
    }
    *ret_blob = blob;
    return 0;
}

int store_blob_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_blob *ret_blob,
                   struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_BLOB_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    struct str hash = store_row_view(rows, 0, 3);
    struct store_blob blob = {.id = store_row_id(rows, 0, 0),
                              .media_type = store_row_str(rows, 0, 1, arena),
                              .bytes = store_row_int(rows, 0, 2),
                              .key_version = store_row_int(rows, 0, 4)};
    memcpy(blob.content_hash.b, hash.p, hash.n < CRYPTO_HASH ? hash.n : CRYPTO_HASH);
    *ret_blob = blob;
    return 0;
}

int store_blob_open(struct store_tx *tx, const struct id *id, struct store_blob_reader **ret_reader, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    struct store_blob blob;
    struct store_org_keys keys;
    struct store_file_key key;
    struct store_file_reader *file;
    if (store_blob_get(tx, id, arena, &blob, err) < 0 || store_keys_get(tx, blob.key_version, &keys, err) < 0)
        return -1;
    blob_key(&keys, id, &key);
    crypto_wipe(&keys, sizeof keys);
    int r = store_file_open(store_file_path(tx->store->blob_dir, id, blob.key_version, arena).p, &key,
                            (uint64_t)blob.bytes, &file, err);
    crypto_wipe(&key, sizeof key);
    if (r < 0)
        return -1;
    struct store_blob_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        abort();
    reader->file = file;
    *ret_reader = reader;
    return 0;
}

int store_blob_read(struct store_blob_reader *reader, uint64_t offset, void *ret_bytes, size_t size, size_t *ret_n,
                    struct err *err)
{
    return store_file_read(reader->file, offset, ret_bytes, size, ret_n, err);
}

uint64_t store_blob_size(const struct store_blob_reader *reader)
{
    return store_file_size(reader->file);
}

void store_blob_reader_freep(struct store_blob_reader **reader)
{
    if (!*reader)
        return;
    store_file_reader_free((*reader)->file);
    free(take(*reader));
}

static int memfd_fill(struct store_blob_reader *reader, int fd, struct err *err)
{
    char *buffer = malloc(STORE_FILE_CHUNK);
    _cleanup_(cleanup_free) char *owned = buffer;
    uint64_t at = 0;
    size_t n;
    if (!buffer)
        return err_set(err, ERR_BUSY, "memory");
    do {
        if (store_blob_read(reader, at, buffer, STORE_FILE_CHUNK, &n, err) < 0)
            return -1;
        if (write(fd, buffer, n) != (ssize_t)n)
            return err_set(err, ERR_BUSY, "memory");
        at += n;
    } while (n);
    crypto_wipe(buffer, STORE_FILE_CHUNK);
    return 0;
}

/* A memfd with the reader's whole content, which nobody can change any more. */
static int memfd_make(struct store_blob_reader *reader, int *ret_fd, struct err *err)
{
    _cleanup_(cleanup_close) int fd = memfd_create("blob", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return err_set(err, ERR_BUSY, "memory");
    if (memfd_fill(reader, fd, err) < 0)
        return -1;
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0 ||
        lseek(fd, 0, SEEK_SET) < 0)
        return err_set(err, ERR_INTERNAL, "%s", "");
    *ret_fd = take_fd(&fd);
    return 0;
}

int store_blob_memfd(struct store_tx *tx, const struct id *id, int *ret_fd, struct err *err)
{
    struct store_blob_reader *reader;
    if (store_blob_open(tx, id, &reader, err) < 0)
        return -1;
    int r = memfd_make(reader, ret_fd, err);
    store_blob_reader_freep(&reader);
    return r;
}

static int copy_sealed(struct store_blob_reader *reader, struct store_blob_writer *writer, struct err *err)
{
    char *buffer = malloc(STORE_FILE_CHUNK);
    _cleanup_(cleanup_free) char *owned = buffer;
    uint64_t at = 0;
    size_t n;
    int r = buffer ? 0 : err_set(err, ERR_BUSY, "memory");
    do {
        n = 0;
        if (r == 0)
            r = store_blob_read(reader, at, buffer, STORE_FILE_CHUNK, &n, err);
        if (r == 0 && n > 0)
            r = store_blob_write(writer, buffer, n, err);
        at += n;
    } while (r == 0 && n > 0);
    if (buffer)
        crypto_wipe(buffer, STORE_FILE_CHUNK);
    return r;
}

/* The row follows its file; who loses a race takes the file back. */
static int row_follow(struct store *store, const struct id *org, int64_t from, const struct store_blob *fresh,
                      struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (store_begin(store, org, &tx, err) == 0 &&
        store_run_one(tx, SQL_BLOB_RESEAL, ARGS(ARG_ID(&fresh->id), ARG_INT(from), ARG_INT(fresh->key_version)), NULL,
                      err) == 0)
        return store_commit(&tx, err);
    store_blob_discard(store, fresh);
    return err->code == ERR_NOT_FOUND ? 0 : -1;
}

int store_blob_reseal(struct store *store, const struct id *org, const struct id *blob, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_blob_reader *reader = NULL;
    struct store_blob_writer *writer = NULL;
    struct store_blob row, fresh;
    int64_t present;
    if (store_begin(store, org, &tx, err) < 0 || store_keys_present(tx, &present, err) < 0)
        return -1;
    if (store_blob_get(tx, blob, arena, &row, err) < 0)
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    if (row.key_version == present)
        return 0;
    /* What a crash left of an earlier try. */
    fresh = (struct store_blob){.id = *blob, .key_version = present};
    store_blob_discard(store, &fresh);
    (void)unlink(str_printf(arena, "%s.part", store_file_path(store->blob_dir, blob, present, arena).p).p);
    int r = store_blob_open(tx, blob, &reader, err) < 0 || blob_create(tx, *blob, &writer, err) < 0 ? -1 : 0;
    store_rollbackp(&tx);
    if (r == 0 && (copy_sealed(reader, writer, err) < 0 || store_blob_finish(&writer, &fresh, err) < 0))
        r = -1;
    store_blob_reader_freep(&reader);
    store_blob_writer_freep(&writer);
    return r < 0 ? -1 : row_follow(store, org, row.key_version, &fresh, err);
}

/* Deletes those suspects that no row knows, or under another version by now. */
static int sweep_batch(struct store *store, const struct store_blob *suspects, size_t n, int64_t *count,
                       struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct id ids[SWEEP_BATCH];
    if (n == 0)
        return 0;
    for (size_t i = 0; i < n; i++)
        ids[i] = suspects[i].id;
    if (store_run_guard(store, SQL_GUARD_BLOBS_KEPT, ARGS(ARG_IDS(ids, n)), &rows, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        bool kept = false;
        for (int row = 0; row < store_rows_count(rows) && !kept; row++) {
            struct id id = store_row_id(rows, row, 0);
            kept = id_eq(&id, &suspects[i].id) && store_row_int(rows, row, 1) == suspects[i].key_version;
        }
        if (!kept) {
            store_blob_discard(store, &suspects[i]);
            (*count)++;
        }
    }
    return 0;
}

/* One file of a folder: an unfinished one goes when it is old, a finished one becomes a suspect when it is. */
static bool sweep_file(int dir, const char *name, int64_t *count, struct store_blob *ret_suspect)
{
    struct stat st;
    struct str text = str_c(name);
    if (name[0] == '.' || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
        return false;
    int64_t age = clock_now_ms() - (int64_t)st.st_mtime * 1000;
    if (str_ends(text, STR(".part"))) {
        if (age > HOUR_MS && unlinkat(dir, name, 0) == 0)
            (*count)++;
        return false;
    }
    return age > DAY_MS && store_file_name(text, &ret_suspect->id, &ret_suspect->key_version);
}

static int sweep_folder(struct store *store, const char *path, int64_t *count, struct err *err)
{
    struct store_blob suspects[SWEEP_BATCH];
    size_t n = 0;
    int r = 0;
    DIR *dir = opendir(path);
    if (!dir)
        return 0; /* no folder, nothing in it */
    for (struct dirent *entry; r == 0 && (entry = readdir(dir));) {
        if (sweep_file(dirfd(dir), entry->d_name, count, &suspects[n]))
            n++;
        if (n == SWEEP_BATCH) {
            r = sweep_batch(store, suspects, n, count, err);
            n = 0;
        }
    }
    if (r == 0)
        r = sweep_batch(store, suspects, n, count, err);
    (void)closedir(dir);
    return r;
}

int store_blob_sweep(struct store *store, int64_t *ret_n, struct err *err)
{
    int64_t count = 0;
    for (int i = 0; i < 256; i++) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
        if (sweep_folder(store, str_printf(arena, "%s/%02x", store->blob_dir, (unsigned)i).p, &count, err) < 0)
            return -1;
    }
    *ret_n = count;
    return 0;
}

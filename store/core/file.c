/* See file.h. A chunk is sealed with its number and "last or not" as associated data, so nothing can be moved or cut
 * off. */
#include "store/core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { CHUNK = STORE_FILE_CHUNK, SEALED = STORE_FILE_CHUNK + CRYPTO_SEAL_EXTRA };

struct store_file_writer {
    struct store_file_key key;
    char *path, *part, *dir;
    int fd;
    uint64_t chunks;
    size_t n; /* bytes waiting in plain */
    unsigned char plain[CHUNK];
};

struct store_file_reader {
    struct store_file_key key;
    int fd;
    uint64_t bytes, chunks;
    uint64_t held; /* number of the chunk in plain, or UINT64_MAX */
    size_t n;
    unsigned char plain[CHUNK];
};

static int file_fail(struct err *err, const char *what)
{
    int code = errno;
    (void)err_set(err, code == ENOSPC || code == EDQUOT || code == EFBIG ? ERR_DISK_FULL : ERR_INTERNAL, "%s", "");
    return err_detail(err, "%s: %s", what, strerror(code));
}

struct str store_file_path(const char *dir, const struct id *blob, int64_t key_version, struct arena *arena)
{
    if (key_version <= 1)
        return str_printf(arena, "%s/%s/%s", dir, blob->s + 34, blob->s);
    return str_printf(arena, "%s/%s/%s.%lld", dir, blob->s + 34, blob->s, (long long)key_version);
}

bool store_file_name(struct str name, struct id *ret_blob, int64_t *ret_key_version)
{
    ptrdiff_t dot = str_find(name, STR("."), 0);
    *ret_key_version = 1;
    if (dot >= 0 && !str_to_int(str_slice(name, (size_t)dot + 1, name.n), 2, INT64_MAX, ret_key_version))
        return false;
    return id_parse(dot < 0 ? name : str_slice(name, 0, (size_t)dot), ret_blob);
}

static struct str chunk_context(const struct store_file_key *key, uint64_t number, bool last, struct arena *arena)
{
    return str_printf(arena, "%s|%llu|%d", key->context, (unsigned long long)number, last);
}

/* Makes an entry of a folder durable. */
static int dir_sync(const char *path, struct err *err)
{
    _cleanup_(cleanup_close) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0)
        return file_fail(err, "flush folder");
    return 0;
}

int store_file_create(const char *dir, const struct id *blob, const struct store_file_key *key,
                      struct store_file_writer **ret_writer, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    struct str sub = str_printf(arena, "%s/%s", dir, blob->s + 34);
    struct store_file_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        abort();
    writer->key = *key;
    writer->dir = strdup(sub.p);
    writer->path = strdup(store_file_path(dir, blob, key->version, arena).p);
    writer->part = strdup(str_printf(arena, "%s.part", writer->path).p);
    writer->fd = -1;
    if (!writer->dir || !writer->path || !writer->part)
        abort();
    if (mkdir(writer->dir, 0700) == 0) {
        if (dir_sync(dir, err) < 0)
            goto fail;
    } else if (errno != EEXIST) {
        (void)file_fail(err, "make folder");
        goto fail;
    }
    writer->fd = open(writer->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (writer->fd < 0) {
        (void)file_fail(err, "create file");
        goto fail;
    }
    *ret_writer = writer;
    return 0;
fail:
    store_file_writer_free(writer);
    return -1;
}

static int write_all(int fd, struct str bytes, struct err *err)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return file_fail(err, "write file");
        bytes = str_slice(bytes, (size_t)n, bytes.n);
    }
    return 0;
}

static int chunk_write(struct store_file_writer *writer, bool last, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(256 * 1024);
    struct str plain = {(const char *)writer->plain, writer->n};
    struct str sealed =
        crypto_seal(&writer->key.key, chunk_context(&writer->key, writer->chunks, last, arena), plain, arena);
    if (write_all(writer->fd, sealed, err) < 0)
        return -1;
    writer->chunks++;
    writer->n = 0;
    return 0;
}

int store_file_write(struct store_file_writer *writer, const void *p, size_t n, struct err *err)
{
    const unsigned char *from = p;
    while (n) {
        /* A full chunk waits for the next byte: only then it is known not to be the last. */
        if (writer->n == CHUNK && chunk_write(writer, false, err) < 0)
            return -1;
        size_t piece = CHUNK - writer->n < n ? CHUNK - writer->n : n;
        memcpy(writer->plain + writer->n, from, piece);
        writer->n += piece;
        from += piece;
        n -= piece;
    }
    return 0;
}

int store_file_finish(struct store_file_writer *writer, uint64_t *ret_bytes, struct err *err)
{
    uint64_t bytes = writer->chunks * CHUNK + writer->n;
    if (chunk_write(writer, true, err) < 0)
        return -1;
    if (fsync(writer->fd) < 0)
        return file_fail(err, "flush file");
    int fd = writer->fd;
    writer->fd = -1;
    if (close(fd) < 0) /* network file systems tell only here */
        return file_fail(err, "close file");
    if (rename(writer->part, writer->path) < 0)
        return file_fail(err, "name file");
    free(take(writer->part));
    if (dir_sync(writer->dir, err) < 0) {
        (void)unlink(writer->path);
        return -1;
    }
    *ret_bytes = bytes;
    return 0;
}

void store_file_writer_free(struct store_file_writer *writer)
{
    if (!writer)
        return;
    if (writer->fd >= 0)
        (void)close(writer->fd);
    if (writer->part)
        (void)unlink(writer->part);
    free(writer->part);
    free(writer->path);
    free(writer->dir);
    crypto_wipe(writer, sizeof *writer);
    free(writer);
}

static int read_all(int fd, unsigned char *p, size_t n, off_t at, struct err *err)
{
    while (n) {
        ssize_t got = pread(fd, p, n, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return file_fail(err, "read file");
        if (got == 0)
            return err_set(err, ERR_SEAL, "file is cut off");
        p += got;
        n -= (size_t)got;
        at += got;
    }
    return 0;
}

static int chunk_read(struct store_file_reader *reader, uint64_t number, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(512 * 1024);
    bool last = number + 1 == reader->chunks;
    size_t n = last ? (size_t)(reader->bytes - number * CHUNK) : CHUNK;
    unsigned char *sealed = arena_alloc(arena, n + CRYPTO_SEAL_EXTRA);
    struct str plain;
    reader->held = UINT64_MAX;
    if (read_all(reader->fd, sealed, n + CRYPTO_SEAL_EXTRA, (off_t)(number * SEALED), err) < 0 ||
        crypto_open(&reader->key.key, chunk_context(&reader->key, number, last, arena),
                    (struct str){(const char *)sealed, n + CRYPTO_SEAL_EXTRA}, arena, &plain, err) < 0)
        return -1;
    memcpy(reader->plain, plain.p, plain.n);
    reader->n = plain.n;
    reader->held = number;
    return 0;
}

int store_file_open(const char *path, const struct store_file_key *key, uint64_t bytes,
                    struct store_file_reader **ret_reader, struct err *err)
{
    struct stat st;
    uint64_t chunks = bytes ? (bytes + CHUNK - 1) / CHUNK : 1;
    _cleanup_(cleanup_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return err_set(err, ERR_SEAL, "file is gone");
    if (fd < 0 || fstat(fd, &st) < 0)
        return file_fail(err, "open file");
    if ((uint64_t)st.st_size != bytes + chunks * CRYPTO_SEAL_EXTRA)
        return err_set(err, ERR_SEAL, "file has another length");
    struct store_file_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        abort();
    reader->key = *key;
    reader->fd = take_fd(&fd);
    reader->bytes = bytes;
    reader->chunks = chunks;
    if (chunk_read(reader, 0, err) < 0) { /* whoever answers with it learns in time that it does not open */
        store_file_reader_free(reader);
        return -1;
    }
    *ret_reader = reader;
    return 0;
}

int store_file_read(struct store_file_reader *reader, uint64_t offset, void *ret_bytes, size_t size, size_t *ret_n,
                    struct err *err)
{
    unsigned char *to = ret_bytes;
    size_t done = 0;
    while (done < size && offset < reader->bytes) {
        uint64_t number = offset / CHUNK;
        if (reader->held != number && chunk_read(reader, number, err) < 0)
            return -1;
        size_t at = (size_t)(offset % CHUNK);
        size_t piece = reader->n - at < size - done ? reader->n - at : size - done;
        memcpy(to + done, reader->plain + at, piece);
        done += piece;
        offset += piece;
    }
    *ret_n = done;
    return 0;
}

uint64_t store_file_size(const struct store_file_reader *reader)
{
    return reader->bytes;
}

void store_file_reader_free(struct store_file_reader *reader)
{
    if (!reader)
        return;
    (void)close(reader->fd);
    crypto_wipe(reader, sizeof *reader);
    free(reader);
}

/* One file a part: a head with the place of every range's run, then the runs. */
#include "services/dedupe/spill.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "dedupe/block/pairs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC 0x3173726961706b64u /* "dkpairs1"; raised when keys or ranges change their meaning */

enum { NAME_BYTES = 4096 };

struct run {
    uint64_t at, n; /* byte, pairs */
};

struct head {
    uint64_t magic;
    struct spill_key key;
    uint64_t part;
    struct run runs[DEDUPE_RANGES];
};

struct spill {
    const char *folder;
    struct spill_key key;
    struct head *head; /* of the part being written */
    char name[NAME_BYTES], passing[NAME_BYTES];
    int fd;
    uint64_t end;
    pthread_mutex_t lock; /* of end, head and failed */
    int failed;           /* errno of the first write that did not work */
};

static int name_of(const struct spill *spill, unsigned part, const char *suffix, char name[NAME_BYTES])
{
    int n = snprintf(name, NAME_BYTES, "%s/kartei-pairs.%04u%s", spill->folder, part, suffix);
    return n > 0 && n < NAME_BYTES ? 0 : -1;
}

static int write_all(int fd, const void *bytes, size_t n, uint64_t at)
{
    for (const char *from = bytes; n > 0;) {
        ssize_t done = pwrite(fd, from, n, (off_t)at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return done < 0 ? errno : EIO;
        from += done;
        at += (uint64_t)done;
        n -= (size_t)done;
    }
    return 0;
}

static int read_all(int fd, void *bytes, size_t n, uint64_t at)
{
    for (char *to = bytes; n > 0;) {
        ssize_t done = pread(fd, to, n, (off_t)at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return done < 0 ? errno : EIO;
        to += done;
        at += (uint64_t)done;
        n -= (size_t)done;
    }
    return 0;
}

static int system_says(struct err *err, const char *file, int error)
{
    return err_set(err, ERR_INVALID, "%s: %s", file, strerror(error));
}

int spill_open(const char *folder, const struct spill_key *key, struct arena *arena, struct spill **ret_spill,
               struct err *err)
{
    struct spill *spill = arena_one(arena, struct spill);
    *spill = (struct spill){.folder = folder, .key = *key, .head = arena_one(arena, struct head), .fd = -1};
    if (access(folder, R_OK | W_OK | X_OK) < 0)
        return system_says(err, folder, errno);
    if (name_of(spill, 0, ".new", spill->name) < 0)
        return system_says(err, folder, ENAMETOOLONG);
    (void)pthread_mutex_init(&spill->lock, NULL);
    *ret_spill = spill;
    return 0;
}

/* Opens a finished part and reads its head; -1 when it is not there or not ours. */
static int open_part(const struct spill *spill, unsigned part, struct head *ret_head)
{
    char name[NAME_BYTES];
    if (name_of(spill, part, "", name) < 0)
        return -1;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (read_all(fd, ret_head, sizeof *ret_head, 0) == 0 && ret_head->magic == MAGIC && ret_head->part == part &&
        memcmp(&ret_head->key, &spill->key, sizeof spill->key) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

bool spill_has(const struct spill *spill, unsigned part)
{
    _cleanup_(cleanup_free) struct head *head = memory_table(1, sizeof *head);
    int fd = open_part(spill, part, head);
    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

int spill_begin(struct spill *spill, unsigned part, struct err *err)
{
    if (name_of(spill, part, "", spill->name) < 0 || name_of(spill, part, ".new", spill->passing) < 0)
        return system_says(err, spill->folder, ENAMETOOLONG);
    *spill->head = (struct head){.magic = MAGIC, .key = spill->key, .part = part};
    spill->end = sizeof *spill->head;
    spill->failed = 0;
    spill->fd = open(spill->passing, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    return spill->fd < 0 ? system_says(err, spill->passing, errno) : 0;
}

void spill_give(void *self, unsigned thread, size_t range, const struct dedupe_pair *pairs, size_t n)
{
    struct spill *spill = self;
    (void)thread;
    (void)pthread_mutex_lock(&spill->lock);
    uint64_t at = spill->end;
    spill->head->runs[range] = (struct run){at, n};
    spill->end += n * sizeof *pairs;
    (void)pthread_mutex_unlock(&spill->lock);
    int failed = write_all(spill->fd, pairs, n * sizeof *pairs, at);
    if (failed == 0)
        return;
    (void)pthread_mutex_lock(&spill->lock);
    spill->failed = failed;
    (void)pthread_mutex_unlock(&spill->lock);
}

int spill_end(struct spill *spill, struct err *err)
{
    int failed = spill->failed ? spill->failed : write_all(spill->fd, spill->head, sizeof *spill->head, 0);
    if (failed == 0 && fdatasync(spill->fd) < 0)
        failed = errno;
    if (close(spill->fd) < 0 && failed == 0)
        failed = errno;
    spill->fd = -1;
    if (failed == 0 && rename(spill->passing, spill->name) < 0)
        failed = errno;
    if (failed != 0)
        (void)unlink(spill->passing);
    return failed == 0 ? 0 : system_says(err, spill->passing, failed);
}

/* What one thread reads. */
struct reader {
    const struct dedupe_blocking *to;
    const int *fds;
    const struct head *heads;
    size_t parts;
    atomic_size_t *next;
    uint64_t *items, *scratch;
    size_t room, pairs;
    unsigned thread;
    int failed;
};

static void make_room(struct reader *reader, size_t n)
{
    if (n <= reader->room)
        return;
    free(reader->items);
    free(reader->scratch);
    reader->room = n + n / 4;
    reader->items = memory_table(reader->room, sizeof *reader->items);
    reader->scratch = memory_table(reader->room, sizeof *reader->scratch);
}

/* Reads the runs of a range into items, each pair as a number. */
static int read_runs(struct reader *reader, size_t range, size_t *ret_n)
{
    size_t n = 0, at = 0;
    for (size_t p = 0; p < reader->parts; p++)
        n += reader->heads[p].runs[range].n;
    make_room(reader, n);
    struct dedupe_pair *pairs = (struct dedupe_pair *)(void *)reader->scratch;
    for (size_t p = 0; p < reader->parts; p++) {
        const struct run *run = &reader->heads[p].runs[range];
        int failed = read_all(reader->fds[p], pairs + at, run->n * sizeof *pairs, run->at);
        if (failed != 0)
            return failed;
        at += run->n;
    }
    for (size_t i = 0; i < n; i++)
        reader->items[i] = (uint64_t)pairs[i].left << 32 | pairs[i].right;
    *ret_n = n;
    return 0;
}

static void read_ranges(void *self)
{
    struct reader *reader = self;
    for (size_t range, n; (range = atomic_fetch_add(reader->next, 1)) < DEDUPE_RANGES;) {
        size_t kept = 0;
        reader->failed = read_runs(reader, range, &n);
        if (reader->failed != 0)
            return;
        dedupe_numbers_sort(reader->items, reader->scratch, n, 0, 64);
        struct dedupe_pair *pairs = (struct dedupe_pair *)(void *)reader->scratch;
        for (size_t i = 0; i < n; i++) {
            if (i == 0 || reader->items[i] != reader->items[i - 1])
                pairs[kept++] = (struct dedupe_pair){(uint32_t)(reader->items[i] >> 32), (uint32_t)reader->items[i]};
        }
        reader->pairs += kept;
        if (kept > 0)
            reader->to->give(reader->to->self, reader->thread, range, pairs, kept);
    }
}

static int read_parts(const struct spill *spill, const struct dedupe_blocking *to, const int *fds,
                      const struct head *heads, size_t *ret_pairs)
{
    struct reader readers[PARALLEL_MAX] = {0};
    atomic_size_t next = 0;
    int failed = 0;
    for (unsigned t = 0; t < to->threads; t++)
        readers[t] = (struct reader){
            .to = to, .fds = fds, .heads = heads, .parts = spill->key.parts, .next = &next, .thread = t};
    parallel_run(read_ranges, readers, sizeof readers[0], to->threads);
    *ret_pairs = 0;
    for (unsigned t = 0; t < to->threads; t++) {
        *ret_pairs += readers[t].pairs;
        failed = readers[t].failed ? readers[t].failed : failed;
        free(readers[t].items);
        free(readers[t].scratch);
    }
    return failed;
}

int spill_read(const struct spill *spill, const struct dedupe_blocking *to, size_t *ret_pairs, struct err *err)
{
    size_t parts = spill->key.parts;
    _cleanup_(cleanup_free) struct head *heads = memory_table(parts, sizeof *heads);
    _cleanup_(cleanup_free) int *fds = memory_table(parts, sizeof *fds);
    size_t opened = 0;
    int failed = 0;
    for (; opened < parts && failed == 0; opened++) {
        fds[opened] = open_part(spill, (unsigned)opened, &heads[opened]);
        if (fds[opened] < 0)
            failed = ENOENT;
    }
    if (failed == 0)
        failed = read_parts(spill, to, fds, heads, ret_pairs);
    for (size_t p = 0; p < opened; p++)
        (void)(fds[p] >= 0 ? close(fds[p]) : 0);
    return failed == 0 ? 0 : system_says(err, spill->folder, failed);
}

void spill_remove(const struct spill *spill)
{
    char name[NAME_BYTES];
    for (unsigned part = 0; part < spill->key.parts; part++) {
        if (name_of(spill, part, "", name) == 0)
            (void)unlink(name);
    }
}

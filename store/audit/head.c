/* See head.h. */
#include "store/audit/head.h"

#include "base/clock.h"
#include "store/core/tx.h"
#include "store/keys/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { LINE_MOST = 512 };

static int file_fail(struct err *err, const char *path)
{
    int code = errno;
    (void)err_set(err, code == ENOSPC || code == EDQUOT ? ERR_DISK_FULL : ERR_INTERNAL, "%s", "");
    return err_detail(err, "%s: %s", path, strerror(code));
}

/* The number in the last line; 0 for an empty file or a line that was cut off by a crash. */
static int64_t last_seq(int fd)
{
    char text[2 * LINE_MOST + 1];
    off_t size = lseek(fd, 0, SEEK_END), from = size > 2 * LINE_MOST ? size - 2 * LINE_MOST : 0;
    ssize_t n = pread(fd, text, 2 * LINE_MOST, from);
    int64_t seq = 0;
    if (n <= 0 || text[n - 1] != '\n')
        return 0;
    text[n - 1] = '\0';
    char *line = strrchr(text, '\n');
    char *number = strchr(line ? line + 1 : text, ' ');
    char *end = number ? strchr(number + 1, ' ') : NULL;
    if (!end || !str_to_int((struct str){number + 1, (size_t)(end - number - 1)}, 0, INT64_MAX, &seq))
        return 0;
    return seq;
}

static int line_append(const char *path, int64_t seq, struct str line, struct err *err)
{
    _cleanup_(cleanup_close) int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return file_fail(err, path);
    if (last_seq(fd) == seq)
        return 0;
    /* One write, so that lines of two workers do not mix. */
    if (write(fd, line.p, line.n) != (ssize_t)line.n || fsync(fd) < 0)
        return file_fail(err, path);
    return 0;
}

int store_audit_head_keep(struct store *store, const struct id *org, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_audit_head head;
    struct str signature;
    if (!store->audit_dir)
        return 0;
    if (store_begin(store, org, &tx, err) < 0 || store_audit_head(tx, &head, err) < 0)
        return -1;
    if (head.seq == 0)
        return 0;
    struct str hash = crypto_hex(crypto_hash_str(&head.hash), arena);
    struct str said =
        str_printf(arena, "%s %lld %.*s %lld", org->s, (long long)head.seq, STR_ARG(hash), (long long)store_tx_now(tx));
    if (store_sign(store, STORE_SIGN_AUDIT, said, arena, &signature, err) < 0)
        return -1;
    struct str line = str_printf(arena, "%.*s %.*s\n", STR_ARG(said), STR_ARG(signature));
    return line_append(str_printf(arena, "%s/%s.heads", store->audit_dir, org->s).p, head.seq, line, err);
}

/* See locked.h. */
#include "base/locked.h"

#include "base/crypto.h"

#include <errno.h>
#include <sys/mman.h>

static int failed(struct err *err, const char *what)
{
    int saved = errno;
    err_set(err, ERR_BUSY, "no memory that can be locked");
    return err_detail(err, "%s: %s (RLIMIT_MEMLOCK)", what, strerror(saved));
}

int locked_open(size_t size, struct locked *ret_locked, struct err *err)
{
    struct locked locked = {.fd = memfd_create("locked", MFD_CLOEXEC), .size = size};
    if (locked.fd < 0 || ftruncate(locked.fd, (off_t)size) < 0) {
        cleanup_close(&locked.fd);
        return failed(err, "memfd");
    }
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, locked.fd, 0);
    if (p == MAP_FAILED || madvise(p, size, MADV_DONTDUMP) < 0 || mlock(p, size) < 0) {
        (void)failed(err, "mlock");
        if (p != MAP_FAILED)
            (void)munmap(p, size);
        cleanup_close(&locked.fd);
        return -1;
    }
    locked.p = p;
    *ret_locked = locked;
    return 0;
}

int locked_cut(struct locked *locked, size_t n, struct err *err)
{
    return ftruncate(locked->fd, (off_t)n) < 0 ? failed(err, "ftruncate") : 0;
}

/* Growing first: the pages behind a cut file must not be touched. */
int locked_wipe(struct locked *locked, struct err *err)
{
    if (ftruncate(locked->fd, (off_t)locked->size) < 0)
        return failed(err, "ftruncate");
    crypto_wipe(locked->p, locked->size);
    return 0;
}

void locked_close(struct locked *locked)
{
    struct err ignored;
    if (locked->fd < 0)
        return;
    (void)locked_wipe(locked, &ignored);
    (void)munmap(locked->p, locked->size);
    cleanup_close(&locked->fd);
    *locked = (struct locked){.fd = -1};
}

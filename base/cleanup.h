/* Release stands at the declaration: `_cleanup_(x_freep) struct x *x = NULL;` frees on every way out of the
 * scope; ownership leaves by take(). Requires the cleanup attribute of gcc and clang (hence gnu17). */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(f)   __attribute__((cleanup(f)))
#define _unused_       __attribute__((unused))
#define _printf_(f, a) __attribute__((format(printf, f, a)))
#define _must_use_     __attribute__((warn_unused_result))
#define ARRAY_LEN(a)   (sizeof(a) / sizeof((a)[0]))

/* Hands the value out of a variable that would otherwise be released: `*ret_x = take(x);` */
#define take(v)                                                                                                        \
    __extension__({                                                                                                    \
        __typeof__(v) take_value_ = (v);                                                                               \
        (v) = NULL;                                                                                                    \
        take_value_;                                                                                                   \
    })

/* For `_cleanup_(cleanup_free) char *p`: memory of malloc(). */
static inline void cleanup_free(void *pointer_to_pointer)
{
    free(*(void **)pointer_to_pointer);
}

/* For `_cleanup_(cleanup_close) int fd = -1`: file descriptors; -1 means none. */
static inline void cleanup_close(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

/* The same for descriptors: `*ret_fd = take_fd(&fd);` */
static inline int take_fd(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}

#endif

/* See door.h. Bytes are only peeked at, so whoever takes the connection reads them again from the start. Each
 * connection carries one request: what follows the first head can therefore never be taken for another request. */
#include "api/wire/door.h"

#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* One connection whose head is not complete. All have the same patience, so the list is in the order of deadlines. */
struct waiting {
    struct waiting *before, *after;
    int fd;
    int64_t deadline_ms;
};

struct api_door {
    struct api_door_hooks hooks;
    struct waiting list; /* head of the ring */
    struct sockaddr_un address;
    int listen_fd, epoll_fd;
    int waiting;
    atomic_bool stop;
    pthread_t thread;
    char buffer[API_HEAD_BYTES + 1];
};

static void forget(struct api_door *door, struct waiting *w)
{
    w->before->after = w->after;
    w->after->before = w->before;
    door->waiting--;
    (void)epoll_ctl(door->epoll_fd, EPOLL_CTL_DEL, w->fd, NULL);
    free(w);
}

static void refuse(struct api_door *door, struct waiting *w, const struct err *why)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct str bytes = door->hooks.refuse(door->hooks.self, why, arena);
    (void)send(w->fd, bytes.p, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)shutdown(w->fd, SHUT_WR);
    (void)close(w->fd);
}

static void look(struct api_door *door, struct waiting *w)
{
    struct err err = {.code = ERR_NONE};
    struct api_request *request = NULL;
    ssize_t n = recv(w->fd, door->buffer, sizeof door->buffer, MSG_PEEK | MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    int fd = w->fd;
    if (n <= 0) {
        forget(door, w);
        (void)close(fd);
        return;
    }
    size_t end = api_head_end((struct str){door->buffer, (size_t)n});
    if (end == 0 && n <= API_HEAD_BYTES)
        return;
    if (api_request_new((struct str){door->buffer, end ? end : (size_t)n}, &request, &err) < 0) {
        struct waiting copy = *w;
        forget(door, w);
        refuse(door, &copy, &err);
        return;
    }
    forget(door, w);
    door->hooks.accept(door->hooks.self, fd, request);
}

static void admit(struct api_door *door)
{
    for (int i = 0; i < 64; i++) {
        int fd = accept4(door->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0)
            return;
        if (door->waiting >= API_DOOR_WAITING) {
            (void)close(fd);
            continue;
        }
        struct waiting *w = calloc(1, sizeof *w);
        if (!w)
            abort();
        *w = (struct waiting){door->list.before, &door->list, fd, clock_mono_ms() + API_DOOR_HEAD_MS};
        w->before->after = w;
        door->list.before = w;
        door->waiting++;
        struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = w};
        if (epoll_ctl(door->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
            forget(door, w);
            (void)close(fd);
        }
    }
}

static void drop_late(struct api_door *door)
{
    int64_t now = clock_mono_ms();
    /* clang's analyzer does not see that forget() takes what it frees out of the ring. */
    while (door->list.after != &door->list &&
           door->list.after->deadline_ms <= now) { // NOLINT(clang-analyzer-unix.Malloc)
        struct waiting copy = *door->list.after;
        struct err err;
        (void)err_set(&err, ERR_TIMEOUT, "%s", "");
        forget(door, door->list.after);
        refuse(door, &copy, &err);
    }
}

static void *run(void *arg)
{
    struct api_door *door = arg;
    struct epoll_event events[64];
    while (!atomic_load(&door->stop)) {
        int n = epoll_wait(door->epoll_fd, events, (int)ARRAY_LEN(events), 200);
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr == door)
                admit(door);
            else
                look(door, events[i].data.ptr);
        }
        drop_late(door);
    }
    return NULL;
}

/* A socket file that nobody answers behind is what a killed process left. */
static int clear_stale(const struct sockaddr_un *address, struct err *err)
{
    _cleanup_(cleanup_close) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_set(err, ERR_INTERNAL, "%s", "socket");
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0)
        return err_set(err, ERR_BUSY, "%s", "another process listens on the socket");
    if (unlink(address->sun_path) < 0 && errno != ENOENT)
        return err_set(err, ERR_INTERNAL, "%s", "socket path");
    return 0;
}

static int open_socket(struct api_door *door, struct err *err)
{
    if (clear_stale(&door->address, err) < 0)
        return -1;
    door->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    door->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    mode_t mask = umask(0117); /* 0660 from the first moment on */
    int bound = bind(door->listen_fd, (const struct sockaddr *)&door->address, sizeof door->address);
    (void)umask(mask);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = door};
    if (bound < 0 || listen(door->listen_fd, 1024) < 0 ||
        epoll_ctl(door->epoll_fd, EPOLL_CTL_ADD, door->listen_fd, &event) < 0) {
        (void)err_set(err, ERR_INTERNAL, "%s", "listening");
        return err_detail(err, "%s: %s", door->address.sun_path, strerror(errno));
    }
    return 0;
}

int api_door_open(const char *path, const struct api_door_hooks *hooks, struct api_door **ret_door, struct err *err)
{
    struct api_door *door = calloc(1, sizeof *door);
    if (!door)
        abort();
    *door = (struct api_door){.hooks = *hooks, .listen_fd = -1, .epoll_fd = -1, .address.sun_family = AF_UNIX};
    door->list.before = door->list.after = &door->list;
    if (strlen(path) >= sizeof door->address.sun_path) {
        free(door);
        return err_set(err, ERR_INTERNAL, "%s", "the path of the socket is longer than 107 bytes");
    }
    memcpy(door->address.sun_path, path, strlen(path));
    if (open_socket(door, err) < 0 ||
        (pthread_create(&door->thread, NULL, run, door) != 0 && err_set(err, ERR_INTERNAL, "%s", "thread"))) {
        cleanup_close(&door->listen_fd);
        cleanup_close(&door->epoll_fd);
        free(door);
        return -1;
    }
    *ret_door = door;
    return 0;
}

void api_door_close(struct api_door *door)
{
    if (!door)
        return;
    atomic_store(&door->stop, true);
    (void)pthread_join(door->thread, NULL);
    (void)unlink(door->address.sun_path);
    (void)close(door->listen_fd);
    while (door->list.after != &door->list) {
        int fd = door->list.after->fd; // NOLINT(clang-analyzer-unix.Malloc): see drop_late()
        forget(door, door->list.after);
        (void)close(fd);
    }
    (void)close(door->epoll_fd);
    free(door);
}

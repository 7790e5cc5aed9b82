/* One connection a reading: one byte with the descriptor, then a length (8 bytes, this host's order) and the JSON. */
#include "services/parse_client.h"

#include "base/clock.h"
#include "base/limits.h"
#include "services/parse_wire.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int busy(struct err *err, const char *what)
{
    int saved = errno;
    err_set(err, ERR_BUSY, "the reader is not running");
    return err_detail(err, "kartei-parse: %s: %s", what, strerror(saved));
}

static int connect_to(const char *path, struct err *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t n = strlen(path);
    if (n >= sizeof address.sun_path)
        return err_set(err, ERR_INVALID, "the path of the reader's socket is too long");
    memcpy(address.sun_path, path, n);
    _cleanup_(cleanup_close) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        return busy(err, "connect");
    return take_fd(&fd);
}

/* Fills n bytes before the deadline. */
static int read_all(int fd, char *to, size_t n, int64_t deadline, struct err *err)
{
    while (n > 0) {
        int64_t left = deadline - clock_mono_ms();
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&poll_fd, 1, (int)left) == 0)
            return err_set(err, ERR_PARSE_KILLED, "time");
        ssize_t got = read(fd, to, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return busy(err, "it went away");
        to += got;
        n -= (size_t)got;
    }
    return 0;
}

struct request {
    const char *path;
    enum parse_kind kind;
    int fd, deadline_ms;
};

static int ask(const struct request *request, struct arena *arena, struct str *ret_json, struct err *err)
{
    int64_t deadline = clock_mono_ms() + request->deadline_ms;
    _cleanup_(cleanup_close) int connection = connect_to(request->path, err);
    if (connection < 0)
        return -1;
    if (parse_wire_send(connection, request->kind, request->fd) < 0)
        return busy(err, "send");
    uint64_t n = 0;
    if (read_all(connection, (char *)&n, sizeof n, deadline, err) < 0)
        return -1;
    if (n > LIMIT_PARSE_ANSWER)
        return err_set(err, ERR_PARSE_KILLED, "too long an answer");
    char *json = arena_alloc(arena, (size_t)n + 1);
    if (read_all(connection, json, (size_t)n, deadline, err) < 0)
        return -1;
    *ret_json = (struct str){json, (size_t)n};
    return 0;
}

int parse_client_read(void *self, int fd, int deadline_ms, struct arena *arena, struct str *ret_json, struct err *err)
{
    const struct request request = {self, PARSE_IMAGE, fd, deadline_ms};
    return ask(&request, arena, ret_json, err);
}

int parse_client_mail(void *self, int fd, int deadline_ms, struct arena *arena, struct str *ret_json, struct err *err)
{
    const struct request request = {self, PARSE_MAIL, fd, deadline_ms};
    return ask(&request, arena, ret_json, err);
}

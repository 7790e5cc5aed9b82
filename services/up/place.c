/* Folders, lock, port, small helpers of `kartei up`; see up.h. */
#include "services/up/up.h"

#include "services/settings.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

char *up_path(const struct up *up, const char *folder, const char *name)
{
    return str_z(up->arena, str_printf(up->arena, "%s/%s", folder, name));
}

static int make_folder(const char *path, mode_t mode, struct err *err)
{
    struct stat info;
    if (mkdir(path, mode) < 0 && errno != EEXIST)
        return err_set(err, ERR_INTERNAL, "cannot create %s: %s", path, strerror(errno));
    if (stat(path, &info) < 0 || !S_ISDIR(info.st_mode) || access(path, W_OK | X_OK) < 0)
        return err_set(err, ERR_INTERNAL, "%s is not a folder that user %u can write to", path, (unsigned)geteuid());
    return 0;
}

static int make_run(struct up *up, struct err *err)
{
    struct stat info;
    up->run = settings_run(up->arena);
    if (make_folder(up->run, 0700, err) < 0)
        return -1;
    if (lstat(up->run, &info) < 0 || info.st_uid != geteuid() || !S_ISDIR(info.st_mode) || (info.st_mode & 022))
        return err_set(err, ERR_INTERNAL, "%s belongs to somebody else", up->run);
    return 0;
}

bool up_host_port(struct str text, char ret_host[UP_HOST], int64_t *ret_port)
{
    struct str host;
    ptrdiff_t colon = -1;
    for (ptrdiff_t at; (at = str_find(text, STR(":"), (size_t)(colon + 1))) >= 0;)
        colon = at;
    if (colon < 1 || colon >= UP_HOST || !str_to_int(str_slice(text, (size_t)colon + 1, text.n), 1, 65535, ret_port))
        return false;
    host = str_slice(text, 0, (size_t)colon);
    for (size_t i = 0; i < host.n; i++)
        if (!isalnum((unsigned char)host.p[i]) && !strchr("-.:*[]", host.p[i]))
            return false;
    if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
        host = str_slice(host, 1, host.n - 1);
    (void)snprintf(ret_host, UP_HOST, "%.*s", STR_ARG(host));
    return true;
}

static int split_listen(struct up *up, struct err *err)
{
    int64_t port;
    if (!up_host_port(str_c(up->listen), up->host, &port))
        return err_set(err, ERR_INVALID, "KARTEI_LISTEN must be HOST:PORT, not %s", up->listen);
    (void)snprintf(up->port, sizeof up->port, "%d", (int)port);
    return 0;
}

int up_place(struct up *up, struct err *err)
{
    static const char *const folders[] = {"blobs", "audit", "erasures", "keys", "tls", "log", "pg", NULL};
    char real[PATH_MAX];
    if (split_listen(up, err) < 0 || make_folder(up->var, 0755, err) < 0)
        return -1;
    if (!realpath(up->var, real))
        return err_set(err, ERR_INTERNAL, "%s: %s", up->var, strerror(errno));
    up->var = str_z(up->arena, str_c(real));
    for (size_t i = 0; folders[i]; i++)
        if (make_folder(up_path(up, up->var, folders[i]), 0700, err) < 0)
            return -1;
    return make_run(up, err);
}

static int open_lock(const struct up *up)
{
    return open(up_path(up, up->run, "up.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

/* The lock file says who runs, and in its second line where: the next caller may have other settings. */
static pid_t lock_owner(const struct up *up, int fd, struct str *ret_url)
{
    char text[512] = {0};
    int64_t pid = 0;
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    struct str all = str_c(text);
    ptrdiff_t line = n > 0 ? str_find(all, STR("\n"), 0) : -1;
    if (line < 0 || !str_to_int(str_slice(all, 0, (size_t)line), 1, INT32_MAX, &pid))
        return 0;
    *ret_url = str_dup(up->arena, str_trim(str_slice(all, (size_t)line, all.n)));
    return (pid_t)pid;
}

int up_lock(const struct up *up, int *ret_fd, struct err *err)
{
    _cleanup_(cleanup_close) int fd = open_lock(up);
    struct str url, text = str_printf(up->arena, "%d\n%s\n", (int)getpid(), settings_get("KARTEI_PUBLIC_URL"));
    if (fd < 0)
        return err_set(err, ERR_INTERNAL, "cannot open %s/up.lock: %s", up->run, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) < 0)
        return err_set(err, ERR_CONFLICT, "Kartei already runs here (process %d)", (int)lock_owner(up, fd, &url));
    if (ftruncate(fd, 0) < 0 || pwrite(fd, text.p, text.n, 0) != (ssize_t)text.n)
        return err_set(err, ERR_DISK_FULL, "%s", "run");
    /* A locked folder is spared by those who tidy /tmp. It stays open, and locked, as long as we live. */
    int run = open(up->run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (run < 0 || flock(run, LOCK_SH | LOCK_NB) < 0)
        return err_set(err, ERR_INTERNAL, "%s: %s", up->run, strerror(errno));
    *ret_fd = take_fd(&fd);
    return 0;
}

int64_t up_started(const struct up *up)
{
    struct stat info;
    return stat(up_path(up, up->run, "up.lock"), &info) < 0 ? 0 : info.st_mtime;
}

pid_t up_running(const struct up *up, struct str *ret_url)
{
    _cleanup_(cleanup_close) int fd = open_lock(up);
    struct str url = STR_NONE;
    pid_t pid = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK ? lock_owner(up, fd, &url) : 0;
    if (ret_url)
        *ret_url = url;
    return pid;
}

static int resolve(const struct up *up, struct addrinfo **ret)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    return getaddrinfo(strcmp(up->host, "*") == 0 ? NULL : up->host, up->port, &hints, ret);
}

int up_port_free(const struct up *up, struct err *err)
{
    struct addrinfo *list = NULL;
    int on = 1, failed = 0;
    if (resolve(up, &list) != 0)
        return err_set(err, ERR_INVALID, "KARTEI_LISTEN: %s is not an address of this machine", up->host);
    _cleanup_(cleanup_close) int fd = socket(list->ai_family, list->ai_socktype | SOCK_CLOEXEC, 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    failed = bind(fd, list->ai_addr, list->ai_addrlen) < 0 ? errno : 0;
    freeaddrinfo(list);
    return failed
               ? err_set(err, ERR_CONFLICT, "%s cannot be used (%s); choose another: KARTEI_LISTEN=127.0.0.1:9443 ./up",
                         up->listen, strerror(failed))
               : 0;
}

bool up_port_answers(void *arg)
{
    struct addrinfo *list = NULL;
    if (resolve(arg, &list) != 0)
        return false;
    _cleanup_(cleanup_close) int fd = socket(list->ai_family, list->ai_socktype | SOCK_CLOEXEC, 0);
    bool answers = connect(fd, list->ai_addr, list->ai_addrlen) == 0;
    freeaddrinfo(list);
    return answers;
}

static int connect_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

bool up_socket_answers(void *path)
{
    _cleanup_(cleanup_close) int fd = connect_socket(path);
    return fd >= 0;
}

bool up_api_ready(void *path)
{
    static const char request[] = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    char answer[64] = {0};
    _cleanup_(cleanup_close) int fd = connect_socket(path);
    struct timeval patience = {.tv_sec = 2};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd >= 0 && send(fd, request, sizeof request - 1, MSG_NOSIGNAL) > 0 &&
           read(fd, answer, sizeof answer - 1) > 12 && str_starts(str_c(answer), STR("HTTP/1.1 200"));
}

int up_status(const struct err *err)
{
    return err->code == ERR_CONFLICT ? 4 : err->code == ERR_INVALID ? 2 : 1;
}

void up_notify(const struct up *up, const char *state)
{
    const char *path = up->notify;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path || (*path != '/' && *path != '@') || strlen(path) >= sizeof address.sun_path)
        return;
    memcpy(address.sun_path, path, strlen(path));
    if (*path == '@')
        address.sun_path[0] = '\0';
    _cleanup_(cleanup_close) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path)));
}

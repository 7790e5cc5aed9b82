/* Descriptors over a Unix socket; see parse_wire.h. */
#include "services/parse_wire.h"

#include "base/cleanup.h"

#include <stdbool.h>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
};

int parse_wire_send(int socket, enum parse_kind kind, int fd)
{
    char word = (char)kind;
    union control control = {.bytes = {0}};
    struct iovec byte = {&word, 1};
    struct msghdr message = {
        .msg_iov = &byte, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    return sendmsg(socket, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

int parse_wire_receive(int socket, enum parse_kind *ret_kind, int *again)
{
    union control control = {.bytes = {0}};
    char byte = 0;
    struct iovec into = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &into, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    *again = n < 0 && (errno == EAGAIN || errno == EINTR);
    struct cmsghdr *rights = n == 1 ? CMSG_FIRSTHDR(&message) : NULL;
    bool right = rights && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS &&
                 rights->cmsg_len == CMSG_LEN(sizeof(int)); /* the buffer holds no second one */
    int fd = -1;
    if (right)
        memcpy(&fd, CMSG_DATA(rights), sizeof fd);
    if (fd >= 0 && byte != PARSE_IMAGE && byte != PARSE_MAIL) {
        (void)close(fd);
        fd = -1;
    }
    *ret_kind = (enum parse_kind)byte;
    return fd;
}

/* The Unix socket: takes connections, waits (never longer than a deadline) until the head of the request has arrived,
 * judges it, and hands good ones over with not a byte consumed. Bad ones are answered here and closed. */
#ifndef API_DOOR_H
#define API_DOOR_H

#include "api/request.h"

enum {
    API_DOOR_HEAD_MS = 10 * 1000, /* the whole head, however slowly it drips */
    API_DOOR_WAITING = 4096,      /* connections whose head is not complete */
};

struct api_door;

struct api_door_hooks {
    void *self;
    /* Takes descriptor and request; called on the door's thread, must not block. */
    void (*accept)(void *self, int fd, struct api_request *request);
    /* The bytes of the whole HTTP answer to a head that is refused. */
    struct str (*refuse)(void *self, const struct err *err, struct arena *arena);
};

/* Listens on `path` (at most 107 bytes; a stale socket is replaced; mode 0660) and starts the door's thread. Errors:
 * ERR_INTERNAL, ERR_BUSY when another process answers there. */
int api_door_open(const char *path, const struct api_door_hooks *hooks, struct api_door **ret_door, struct err *err);
/* Stops accepting, removes the socket, drops whoever has not finished a head. NULL is allowed. */
void api_door_close(struct api_door *door);

#endif

/* Carries requests and answers over HTTP/1.1 on a Unix socket: the only place that knows libmicrohttpd. I/O threads
 * move bytes and nothing else; whatever may wait happens on the crew's threads while the connection is suspended. */
#ifndef API_SERVER_H
#define API_SERVER_H

#include "api/request.h"

enum {
    API_BODY_GRACE_MS = 10 * 1000, /* then the body must have come at API_BODY_RATE on average */
    API_BODY_RATE = 1024,          /* bytes a second */
    API_ANSWER_MS = 60 * 1000,     /* for taking an answer, and a second more for every 16 KiB */
    API_DRAIN_MS = 10 * 1000,      /* for requests under way when the server stops */
};

/* What body() returns to end the connection without an answer. */
#define API_SERVER_HANG_UP SIZE_MAX

struct api_server;

struct api_server_hooks {
    void *self;
    /* Crew: the head is there. Answers, or leaves the answer empty to have the body (only when it has one). */
    void (*head)(void *self, struct api_request *request);
    /* I/O thread, must not wait: the next bytes of the body; returns how many it took. Fewer than all: step() is called
     * on the crew, then the rest comes again. */
    size_t (*body)(void *self, struct api_request *request, struct str bytes);
    void (*step)(void *self, struct api_request *request);
    /* Crew: the body is complete. Answers, or calls api_server_later() to be called again. */
    void (*whole)(void *self, struct api_request *request);
    /* Any thread: the last byte has left (or the client has). The request is freed afterwards. */
    void (*done)(void *self, struct api_request *request);
    /* About four times a second. */
    void (*tick)(void *self);
    /* The bytes of the HTTP answer to a head that is refused before there is a request. */
    struct str (*refuse)(void *self, const struct err *err, struct arena *arena);
};

struct api_server_settings {
    const char *socket_path;
    int io_threads, crew_threads; /* 1 … 16, 1 … 64 */
};

/* Errors: ERR_INTERNAL, ERR_BUSY (socket path in use). */
int api_server_start(const struct api_server_settings *settings, const struct api_server_hooks *hooks,
                     struct api_server **ret_server, struct err *err);
/* Takes no more connections, lets requests under way end for at most API_DRAIN_MS, then ends. `hush` is called once
 * accepting has stopped: it must end all endless answers. */
void api_server_stop(struct api_server *server, void (*hush)(void *self));

/* From whole(): no answer yet; call whole() again after `ms`. The request holds no thread meanwhile. */
void api_server_later(struct api_request *request, int ms);
/* An api_pull that had nothing has something now. Any thread, also with locks held that .read takes; the caller sees to
 * it that .close() cannot return meanwhile (it takes the same lock), because the request dies after that. */
void api_server_wake(struct api_request *request);

struct api_server_counts {
    int connections; /* requests between head and last byte */
    size_t queued;   /* for the crew */
};
struct api_server_counts api_server_counts(struct api_server *server);

#endif

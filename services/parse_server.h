/* The loop of kartei-parse: connections, a queue, and at most so many children at once. One thread, no blocking. */
#ifndef SERVICES_PARSE_SERVER_H
#define SERVICES_PARSE_SERVER_H

#include "services/parse_child.h"

struct parse_server_settings {
    const char *path; /* of the Unix socket; an old one is replaced */
    int children;     /* at the same time */
};

/* Serves until SIGTERM or SIGINT, then finishes what it has begun. Errors: ERR_INTERNAL (socket). */
int parse_server_run(const struct parse_readers *readers, const struct parse_server_settings *settings,
                     struct err *err);

#endif

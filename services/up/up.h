/* The embedded default: what `kartei up` prepares in var/ and how it starts it. Each step is idempotent. */
#ifndef SERVICES_UP_H
#define SERVICES_UP_H

#include "base/err.h"

struct up {
    struct arena *arena;
    const char *var;    /* absolute; everything that lives is in it */
    const char *run;    /* sockets and pid files: var/run, or a short path when that is too long for a socket */
    const char *bin;    /* folder of the programs */
    const char *listen; /* "127.0.0.1:8443" */
    char host[64], port[8];
    bool first; /* this start created the database */
};

/* PATH/NAME in the arena. */
char *up_path(const struct up *up, const char *folder, const char *name);
/* Folders with their rights, the run folder, the split of listen. Errors: ERR_INVALID, ERR_INTERNAL with the path. */
int up_place(struct up *up, struct err *err);
/* Takes the instance lock: *ret_fd stays open as long as we run. Errors: ERR_CONFLICT with the pid of the other one. */
int up_lock(const struct up *up, int *ret_fd, struct err *err);
/* pid of the running supervisor, or 0. */
pid_t up_running(const struct up *up);
/* ERR_CONFLICT when another program listens on the address. */
int up_port_free(const struct up *up, struct err *err);

/* 32 random bytes in keys/master.key (0400) unless there are some. */
int up_master_key(const struct up *up, struct err *err);
/* Own CA and server certificate (ECDSA P-384) in tls/, renewed 30 days before their end. */
int up_certificates(const struct up *up, struct err *err);
/* haproxy.cfg from the settings. */
int up_haproxy_config(const struct up *up, struct err *err);
/* initdb into a temporary folder, then rename; sets up->first. */
int up_database(struct up *up, struct err *err);

/* Runs a program to its end; its output goes to *ret_output when that is not NULL, else to our log.
 * Errors: ERR_INTERNAL with the program's name and exit status. */
int up_run(const struct up *up, const char *const argv[], struct str *ret_output, struct err *err);
/* Writes a whole file atomically with the given rights. */
int up_write_file(const char *path, struct str text, unsigned mode, struct err *err);
/* True when somebody accepts connections on the Unix socket at `path` (a C string). */
bool up_socket_answers(void *path);
/* True when HTTP GET /readyz on the Unix socket at `path` answers 200. */
bool up_api_ready(void *path);
/* True when up->listen accepts connections. */
bool up_port_answers(void *up);

#endif

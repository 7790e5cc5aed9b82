/* The embedded default: what `kartei up` prepares in var/ and how it starts it. Each step is idempotent. */
#ifndef SERVICES_UP_H
#define SERVICES_UP_H

#include "base/err.h"

#define UP_POSTGRES "/usr/lib/postgresql/15/bin"

enum { UP_HOST = 64 }; /* room for a host name or address */

struct up {
    struct arena *arena;
    const char *var;    /* absolute; everything that lives is in it */
    const char *run;    /* sockets and pid files: var/run, or a short path when that is too long for a socket */
    const char *bin;    /* folder of the programs */
    const char *listen; /* "127.0.0.1:8443" */
    char host[UP_HOST], port[8];
    bool only_database; /* leaves out everything that serves */
    const char *notify; /* systemd's socket, or NULL; children shall not have it */
};

/* PATH/NAME in the arena. */
char *up_path(const struct up *up, const char *folder, const char *name);
/* Makes var absolute, the folders with their rights, the run folder; splits listen. Errors: ERR_INVALID, ERR_INTERNAL
 * with the path. */
int up_place(struct up *up, struct err *err);
/* HOST:PORT; an IPv6 address stands in brackets, and *ret_host is without. False: it is none. */
bool up_host_port(struct str text, char ret_host[UP_HOST], int64_t *ret_port);
/* Takes the instance lock: *ret_fd stays open as long as we run. Errors: ERR_CONFLICT with the pid of the other one. */
int up_lock(const struct up *up, int *ret_fd, struct err *err);
/* pid of the running supervisor, or 0, and the address it serves (NULL: not wanted). */
pid_t up_running(const struct up *up, struct str *ret_url);
/* When it started, in seconds since 1970. */
int64_t up_started(const struct up *up);
/* Ends what an earlier supervisor left behind when it was killed, and clears lock files that lie. Needs the lock.
 * Errors: ERR_CONFLICT when a process does not end. */
int up_leftovers(const struct up *up, struct err *err);
/* ERR_CONFLICT when another program listens on the address. */
int up_port_free(const struct up *up, struct err *err);

/* 32 random bytes in keys/master.key (0400) unless there are some. Errors: ERR_INVALID when KARTEI_MASTER_KEY_FILE
 * names a file that is not there. */
int up_master_key(const struct up *up, struct err *err);
/* Without KARTEI_TLS_PEM: own CA and server certificate (ECDSA P-384) in tls/, made again 30 days before their end and
 * when the names of this instance change. With it: looks whether it holds certificate and key (ERR_INVALID). */
int up_certificates(const struct up *up, bool *ret_changed, struct err *err);
/* The given one: certificate and key are there and fit each other, it has not ended, and it is for the host of
 * KARTEI_PUBLIC_URL; PKCS #12 is unpacked into tls/given.pem. ERR_INVALID with what is wrong; a chain that leads to no
 * authority that this machine trusts is logged. */
int up_given_check(const struct up *up, struct err *err);
const char *up_given_pem(const struct up *up);
/* Host of "https://host:8443/": between the slashes, without port and brackets. */
struct str up_url_host(struct str url);
/* PEM file that HAProxy shows. */
const char *up_certificate(const struct up *up);
/* Whether the revocation list of our own authority, tls/ca.crl, is of this week and holds all that is in tls/ca.index;
 * and makes it. */
bool up_list_fresh(const struct up *up);
int up_list_make(const struct up *up, const char *ca_key, const char *ca, struct err *err);
/* Writes what the front door answers by itself; *ret_config is the part of haproxy.cfg ("http-errors kartei"). */
int up_refusals(const struct up *up, struct str *ret_config, struct err *err);
/* haproxy.cfg from the settings. */
int up_haproxy_config(const struct up *up, struct err *err);
/* The private cluster: initdb into a temporary folder, then rename. */
int up_database(const struct up *up, struct err *err);
/* Runs `kartei migrate`; patient with a database that is still starting. */
int up_migrate(const struct up *up, struct err *err);

/* Runs the instance until SIGTERM or SIGINT; SIGHUP renews certificate and configuration. `report` gets the welcome
 * text, or the sentence why not, and is closed then. Returns the exit status. */
int up_serve(struct up *up, bool demo, int report);
/* Exit status of a failure, as everywhere on the command line: 4 conflict, 2 usage, 1 anything else. */
int up_status(const struct err *err);
/* Tells systemd how we stand ("READY=1"), when it asked (NOTIFY_SOCKET; sd_notify(3)). */
void up_notify(const struct up *up, const char *state);

/* Runs a program to its end; its output goes to *ret_output when that is not NULL, else to our log.
 * Errors: ERR_INTERNAL with the program's name and exit status. */
int up_run(const struct up *up, const char *const argv[], struct str *ret_output, struct err *err);
/* The whole file, or nothing when it cannot be read. */
struct str up_read_file(const struct up *up, const char *path);
/* Writes a whole file atomically and durably with the given rights. */
int up_write_file(const char *path, struct str text, unsigned mode, struct err *err);
/* True when somebody accepts connections on the Unix socket at `path` (a C string). */
bool up_socket_answers(void *path);
/* True when HTTP GET /readyz on the Unix socket at `path` answers 200. */
bool up_api_ready(void *path);
/* True when up->listen accepts connections. */
bool up_port_answers(void *up);

#endif

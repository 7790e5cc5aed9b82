/* The request of parse_client.c and parse_server.c: one byte that carries a descriptor (SCM_RIGHTS, unix(7)). */
#ifndef SERVICES_PARSE_WIRE_H
#define SERVICES_PARSE_WIRE_H

/* 0, or -1 with errno. */
int parse_wire_send(int socket, int fd);
/* The descriptor that came (close-on-exec, now the caller's); -1 when there is none: closed, broken, or a byte without
 * one. Never blocks: *again is 1 when nothing has come yet. */
int parse_wire_receive(int socket, int *again);

#endif

/* The request of parse_client.c and parse_server.c: one byte that says what is to be read, and carries the descriptor
 * of its bytes (SCM_RIGHTS, unix(7)). */
#ifndef SERVICES_PARSE_WIRE_H
#define SERVICES_PARSE_WIRE_H

enum parse_kind {
    PARSE_IMAGE = 'r', /* answer: struct ocr_message (ocr/message.h) */
    PARSE_MAIL = 'm',  /* answer: struct ocr_mail (ocr/mail/mail.h) */
};

/* 0, or -1 with errno. */
int parse_wire_send(int socket, enum parse_kind kind, int fd);
/* The descriptor that came (close-on-exec, now the caller's); -1 when there is none: closed, broken, or a byte without
 * one, or of no kind above. Never blocks: *again is 1 when nothing has come yet. */
int parse_wire_receive(int socket, enum parse_kind *ret_kind, int *again);

#endif

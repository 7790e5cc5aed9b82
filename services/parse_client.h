/* The way to kartei-parse: an image or mail goes in as a descriptor, what was read comes back as JSON. */
#ifndef SERVICES_PARSE_CLIENT_H
#define SERVICES_PARSE_CLIENT_H

#include "base/err.h"

/* `self` is the path of the Unix socket (const char *). `fd` is a regular file or memfd with the image; it stays open
 * and its position does not matter. Fits struct flow_reader (flow/flow.h). An image that cannot be read is an answer
 * whose `problem` says why. Giving up (deadline) ends the reading over there too. Errors: ERR_BUSY (nobody listens, or
 * it went away), ERR_PARSE_KILLED (deadline_ms passed). */
int parse_client_read(void *self, int fd, int deadline_ms, struct arena *arena, struct str *ret_json, struct err *err);

/* The same for a mail (RFC 5322): the answer is the JSON of a struct ocr_mail (ocr/mail/mail.h) that holds a contact
 * and a sender only when the verdict is "person". Lend the descriptor of a struct locked (base/locked.h), so that the
 * bytes touch no file; kartei-parse itself never looks at them, its locked-up child dies with its memory. Wiping them
 * is the caller's. */
int parse_client_mail(void *self, int fd, int deadline_ms, struct arena *arena, struct str *ret_json, struct err *err);

#endif

/* The way to kartei-parse: an image goes in as a descriptor, an ocr_message comes back as JSON. */
#ifndef SERVICES_PARSE_CLIENT_H
#define SERVICES_PARSE_CLIENT_H

#include "base/err.h"

/* `self` is the path of the Unix socket (const char *). `fd` is a regular file or memfd with the image; it stays open
 * and its position does not matter. Fits struct flow_reader (flow/flow.h). An image that cannot be read is an answer
 * whose `problem` says why. Giving up (deadline) ends the reading over there too. Errors: ERR_BUSY (nobody listens, or
 * it went away), ERR_PARSE_KILLED (deadline_ms passed). */
int parse_client_read(void *self, int fd, int deadline_ms, struct arena *arena, struct str *ret_json, struct err *err);

#endif

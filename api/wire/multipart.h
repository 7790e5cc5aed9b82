/* multipart/form-data (RFC 7578), read as it streams in: strict, bounded, no byte of a file kept. */
#ifndef API_WIRE_MULTIPART_H
#define API_WIRE_MULTIPART_H

#include "base/err.h"

enum { API_PART_HEAD = 4096, API_PARTS = 40, API_BOUNDARY = 70 };

struct api_multipart_hooks {
    void *self;
    /* A part begins. `file`: it has a file name (which nobody looks at). Returns 0, 1 to pause (feed() returns before
     * the part's first byte; feed the rest when ready), or -1. */
    int (*part)(void *self, struct str name, bool file, struct err *err);
    int (*data)(void *self, struct str bytes, struct err *err);
    int (*end)(void *self, struct err *err);
};

struct api_multipart;

/* For the value of Content-Type. ERR_MEDIA_TYPE, ERR_MALFORMED (boundary). Lives in the arena. */
int api_multipart_new(struct str content_type, const struct api_multipart_hooks *hooks, struct arena *arena,
                      struct api_multipart **ret_multipart, struct err *err);
/* Takes bytes; *ret_taken is less than all after a pause only. Errors: ERR_MALFORMED, ERR_TOO_LARGE, or the hook's. */
int api_multipart_feed(struct api_multipart *m, struct str bytes, size_t *ret_taken, struct err *err);
/* Whether the closing delimiter has come. */
bool api_multipart_complete(const struct api_multipart *m);

/* Value of a parameter of a header ("form-data; name=\"x\""), unquoted; absent when missing. */
struct str api_header_param(struct str header, const char *name, struct arena *arena);

#endif

/* The head of a request, read strictly by our own code before any library sees a byte of it (RFC 9112, RFC 9110):
 * what could be understood in two ways by two programs in a row is refused. Pure: bytes in, values out. */
#ifndef API_HEAD_H
#define API_HEAD_H

#include "base/err.h"

enum {
    API_HEAD_BYTES = 16 * 1024, /* request line and all fields */
    API_HEAD_FIELDS = 64,
    API_TARGET_BYTES = 4096,
};

enum api_method { API_GET, API_HEAD, API_POST, API_PUT, API_PATCH, API_DELETE, API_OPTIONS, API_OTHER };
extern const char *const api_method_words[]; /* "GET" … "OPTIONS", NULL */

struct api_field {
    struct str name, value; /* name as sent; value without surrounding blanks, valid UTF-8 without control bytes */
};

struct api_head {
    enum api_method method;
    struct str target; /* origin form: "/path?query" */
    struct api_field fields[API_HEAD_FIELDS];
    size_t n;
    int64_t length;   /* of the body: Content-Length, 0 without a body, -1 when chunked */
    bool expects_100; /* the client waits for leave to send the body */
};

/* Bytes of the head including its empty line, 0 while it is not yet complete. A head that can no longer become valid
 * (a NUL, a line end that is not CR LF) counts as complete, for api_head_read() to refuse. */
size_t api_head_end(struct str bytes);

/* Reads a complete head; the texts point into `bytes`. Errors: ERR_MALFORMED, ERR_HEAD_TOO_LARGE, ERR_NOT_IMPLEMENTED
 * (Transfer-Encoding other than "chunked", an unknown version of HTTP). */
int api_head_read(struct str bytes, struct api_head *ret_head, struct err *err);

/* Value of a field by its name (any case), absent when it was not sent. */
struct str api_head_field(const struct api_head *head, const char *name);

#endif

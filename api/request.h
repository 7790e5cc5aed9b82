/* One request and its answer, as handlers see them: no word of the library that carries them. Everything lives in the
 * request's arena and dies with it. */
#ifndef API_REQUEST_H
#define API_REQUEST_H

#include "api/wire/head.h"
#include "flow/idempotency.h"
#include "flow/sign_in.h"

enum { API_PARAMS = 24, API_ANSWER_FIELDS = 28, API_IDS = 2 };

/* A body that is produced piece by piece, pulled by an I/O thread. */
struct api_pull {
    void *self;
    int64_t size; /* bytes in all, -1 when it ends when it ends */
    /* Copies at most n bytes; 0 = nothing now, api_server_wake() says when to ask again; -1 = end (a sized one that
     * ends early breaks the connection). */
    ssize_t (*read)(void *self, char *p, size_t n);
    void (*close)(void *self);
};

struct api_answer {
    int status; /* 0 = not answered yet */
    struct api_field fields[API_ANSWER_FIELDS];
    size_t n;
    struct str body;
    struct api_pull pull; /* instead of body when .read is set */
};

struct api_param {
    struct str name, value; /* decoded */
};

struct api;        /* api/state.h */
struct api_route;  /* api/router.h */
struct api_upload; /* api/upload.h */
struct api_wire;   /* api/server.c */

struct api_request {
    struct arena *arena;
    struct api_head head;
    char id[40];     /* X-Request-Id: the caller's if it is well-formed, else ours */
    struct str path; /* decoded, without the query */
    struct api_param query[API_PARAMS];
    size_t n_query;
    struct str address;   /* of the client, as the front door names it; absent when unknown */
    const char *language; /* "de" or "en" */
    int64_t started_us;   /* monotonic */
    const struct api_route *route;
    struct str ids[API_IDS]; /* what stands for {…} in the route's path */
    struct flow_who who;     /* .actor is empty without a sign-in */
    struct str token;        /* of the session cookie, absent without */
    bool idempotent;         /* a key was taken and has to be settled */
    struct flow_idempotency once;
    int64_t version;       /* of If-Match, 0 = none */
    int64_t wait_until_ms; /* Prefer: wait; monotonic, 0 = none */
    struct strbuf body;    /* JSON as it arrives */
    const void *input;     /* the struct of the route's body shape */
    struct err body_err;   /* why the body is not wanted any more */
    size_t swallowed;      /* bytes that came nevertheless */
    struct api_upload *upload;
    /* Prefer: wait: answers or asks to be called again (api_server_later()); NULL = nothing is waited for. */
    int (*again)(struct api *api, struct api_request *request, struct err *err);
    struct id again_id; /* what it waits for */
    struct api_answer answer;
    struct api_wire *wire;
};

/* A request of a complete head, with an arena of its own. Errors: ERR_MALFORMED, ERR_HEAD_TOO_LARGE,
 * ERR_NOT_IMPLEMENTED. */
int api_request_new(struct str head, struct api_request **ret_request, struct err *err);
void api_request_free(struct api_request *request);

/* Field of the head; parameter of the query; absent when not there. */
struct str api_request_field(const struct api_request *request, const char *name);
struct str api_request_param(const struct api_request *request, const char *name);
/* How often a parameter of the query came. */
size_t api_request_count(const struct api_request *request, const char *name);
/* A browser on its way to a page, not one that fetches ahead, a script, a picture, a frame or HEAD. */
bool api_request_is_visit(const struct api_request *request);
/* Value of a cookie (RFC 6265 section 5.4); absent when missing or sent twice. */
struct str api_cookie(struct str header, const char *name);
/* Best of the types ("text/html", "application/json" …) by an Accept header (RFC 9110 section 12.5.1), the first on a
 * tie; -1 when none is wanted. */
int api_accept(struct str header, const char *const *types, size_t n);
/* "de" or "en" by Accept-Language. */
const char *api_accept_language(struct str header);
/* %XX decoding; false for a broken one, a NUL, or what is not UTF-8. `plus`: + is a blank (queries). */
bool api_percent_decode(struct str text, bool plus, struct arena *arena, struct str *ret_text);

/* Name and value of what every answer carries, unless a handler has said otherwise: also one to a head that is refused.
 */
extern const char *const api_common_fields[][2];
extern const size_t api_common_count;
/* Adds a field to the answer; the value must not contain control bytes. */
void api_answer_field(struct api_answer *answer, const char *name, struct str value);
/* Status and body of a type. */
void api_answer_set(struct api_answer *answer, int status, const char *type, struct str body);

#endif

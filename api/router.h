/* Routes are rows of routes.def; this finds the row of a method and a path. */
#ifndef API_ROUTER_H
#define API_ROUTER_H

#include "api/request.h"

struct api;

enum {
    API_OPEN = 1,       /* no sign-in needed */
    API_MATCH = 2,      /* needs If-Match "vN" */
    API_KEY = 4,        /* needs Idempotency-Key */
    API_UPLOAD = 8,     /* the body is photos, not JSON */
    API_MANY = 16,      /* answers {"items":[…],"links":{…}} */
    API_PAGED = 32,     /* … by limit and cursor */
    API_CREATED = 64,   /* 201 with Location */
    API_ACCEPTED = 128, /* 202 with Location */
    API_EMPTY = 256,    /* 204 */
    API_BYTES = 512,    /* answers something else than JSON */
    API_PAGE = 1024,    /* for people or other services, not part of the API's documents */
    API_PATCHES = 2048, /* the body is a merge patch (RFC 7396), handed on as text */
    API_FORM = 4096,    /* the body is an HTML form, handed on as text */
    API_CROSS = 16384,  /* other sites may send it: the handler proves by itself that this browser asked for it */
    API_HOOK = 8192,    /* the body is what another service says, of any type, handed on as text */
};

/* Answers the request or returns -1 with *err, which becomes a problem document. */
typedef int api_handler(struct api *api, struct api_request *request, struct err *err);

struct api_route {
    enum api_method method;
    const char *path; /* "/v1/scans/{id}" */
    api_handler *handler;
    const char *name;              /* of the handler: operationId */
    const char *resource, *action; /* row of the rights table; "" for open routes */
    unsigned flags;
    const char *query; /* names of further query parameters, separated by blanks */
    const struct json_shape *input, *output;
    const char *summary;
};
extern const struct api_route api_routes[];
extern const size_t api_route_count;

/* The route for method and path with the values of {…} (views into the path). HEAD finds GET's. Errors: ERR_NOT_FOUND,
 * ERR_METHOD with the allowed methods as parameter ("GET, HEAD, POST"). A path {…} matches one non-empty segment;
 * {path} at the end matches the rest. */
int api_route_find(enum api_method method, struct str path, struct str ret_ids[API_IDS],
                   const struct api_route **ret_route, struct err *err);

/* Every handler of routes.def. */
#define X(method, path, handler, resource, action, flags, query, input, output, summary) api_handler api_##handler;
#include "api/routes.def"
#undef X

#endif

/* The REST API, the pages and the event stream of Kartei, over a Unix socket. Translates between HTTP and flow/;
 * decides nothing that the command line or the worker would have to decide again. */
#ifndef API_API_H
#define API_API_H

#include "base/crypto.h"
#include "flow/flow.h"
#include "flow/proof.h"

struct api;

struct api_settings {
    const char *socket_path;      /* created 0660; a stale one is replaced */
    const char *public_url;       /* "https://host[:port]" without a slash at the end: the only origin that may post */
    const char *web_dir;          /* the pages (web/), read once at the start */
    const char *version;          /* of the program, for OpenAPI and metrics */
    const char *metrics_token;    /* who may read /metrics with "Authorization: Bearer …"; NULL or "" = admins only */
    struct flow_posture posture;  /* for warnings and security.txt */
    struct crypto_key cursor_key; /* the same on all hosts that serve this address */
    int io_threads, crew_threads; /* 1 … 16, 1 … 64 */
    /* Told once of every failure that is ours (5xx): the library itself does not log. */
    void (*on_failure)(const struct err *err, const char *route, const char *request_id);
};

/* Starts to serve; the settings' texts must live as long as the server. Errors: ERR_BUSY (socket in use), ERR_INTERNAL
 * (pages missing, a route without a row in the rights table). */
int api_start(const struct api_settings *settings, const struct flow *flow, struct api **ret_api, struct err *err);
/* Takes no more, lets requests under way end for at most 10 s. NULL is allowed. */
void api_stop(struct api *api);

/* Documents made from the tables: what docs/ keeps and a test compares. */
struct str api_openapi(const char *version, struct arena *arena);
struct str api_routes_markdown(struct arena *arena);
struct str api_errors_markdown(struct arena *arena);
/* One line a route, tab-separated: method, path, resource, action, scope, flags: what the role matrix is made from. */
struct str api_routes_table(struct arena *arena);

#endif

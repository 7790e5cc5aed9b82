/* The way out to foreign servers, under the egress rules of egress.h: https with verified TLS 1.2 or newer, no
 * redirects, no proxies, ceilings and deadlines on everything. Only curl.c knows libcurl. */
#ifndef CRM_CONNECTORS_HTTP_H
#define CRM_CONNECTORS_HTTP_H

#include "base/json.h"
#include "crm-connectors/egress.h"

struct crm_http; /* for one thread at a time; keeps connections open between requests */

/* Hears of every host before something is sent there; .host may be NULL. */
struct crm_told {
    void (*host)(void *self, struct str host);
    void *self;
    void (*end)(void *self); /* called when the way out ends, which may be lent on; NULL = self is somebody else's */
};

struct crm_http_options {
    const char *allow_private; /* "host:port host:port": hosts of the operator that may be private and speak http */
    const char *only;          /* list of the same form, from reach.h: nobody else is contacted; NULL = nobody at all */
    const char *ca_file;       /* PEM, trusted besides the system's; NULL = none */
    int connect_ms, total_ms;  /* 0 = 5 s and 30 s */
    crm_resolve_fn *resolve;   /* NULL = getaddrinfo; tests lend their own */
    void *resolve_self;
    struct crm_told told;
};

struct crm_header {
    struct str name, value; /* without CR, LF, NUL */
};

/* Memory of the caller's for an answer that must lie nowhere else. */
struct crm_into {
    char *p;
    size_t room;
    size_t n; /* bytes that came */
};

struct crm_request {
    const char *method;        /* "GET", "REPORT" … */
    struct str url;            /* absolute */
    struct json_list headers;  /* struct crm_header */
    struct str user, password; /* sent as Basic when user is not absent */
    struct str body;           /* absent = none */
    bool changes;              /* it may change something there: never sent twice, on a connection of its own */
    size_t ceiling;            /* bytes of the answer; 0 = LIMIT_HTTP_ANSWER */
    struct crm_into *into;     /* NULL, or where the body of a 2xx goes: what finds no room there is never fetched */
};

struct crm_answer {
    int status;
    struct json_list headers; /* struct crm_header, of the final answer */
    struct str body;          /* never absent */
};

/* Creates the way out; NULL options = defaults, texts are copied. Never fails for want of a network. Errors:
 * ERR_INVALID (ca_file, allow_private, only): options->told.end was not called. */
int crm_http_new(const struct crm_http_options *options, struct crm_http **ret_http, struct err *err);
void crm_http_freep(struct crm_http **http);

/* Sends one request and takes the whole answer, whatever its status. Errors:
 * ERR_HOST_REFUSED  the address breaks a rule or is not on the list: nothing was sent (one sentence for all reasons but
 *                   the spelling of it)
 * ERR_CRM_DOWN      nothing was sent for sure: no name, no connection, no trust in the certificate
 * ERR_CRM_UNCERTAIN the request may have arrived, but no whole answer came back
 * ERR_TOO_LARGE     the request arrived, the answer passed the ceiling */
int crm_http_send(struct crm_http *http, const struct crm_request *request, struct arena *arena,
                  struct crm_answer *ret_answer, struct err *err);

/* What was sent since crm_http_new(): requests that were given an answer or lost on the way, and how long they took. */
struct crm_http_use {
    int64_t requests, total_ms, slowest_ms;
};
struct crm_http_use crm_http_use(const struct crm_http *http);

/* Value of a header (name without regard to case), absent when missing; the first when repeated. */
struct str crm_answer_header(const struct crm_answer *answer, const char *name);
/* Retry-After as milliseconds from now: seconds, fractions, HTTP-date (RFC 9110); 0 when absent or unreadable; at most
 * one day. */
int64_t crm_answer_retry_after(const struct crm_answer *answer, int64_t now_ms);

#endif

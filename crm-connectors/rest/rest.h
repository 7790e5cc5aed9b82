/* JSON over HTTP with a bearer token: what the REST APIs of all vendors share. A token that is refused is renewed once
 * and the request sent again (a 401 changes nothing there). */
#ifndef CRM_CONNECTORS_REST_REST_H
#define CRM_CONNECTORS_REST_REST_H

#include "crm-connectors/fault.h"

/* One vendor's API for one unit of work. */
struct crm_rest {
    struct crm_lent *lent;
    struct arena *arena;
    struct str base;          /* "https://host/path", no final slash */
    struct json_list headers; /* struct crm_header, sent with every request besides Accept and Authorization */
    struct str token;         /* bearer token that never changes, for connections without OAuth; else absent */
    const struct crm_quota_headers *quota; /* NULL = the vendor says nothing */
    const void *object;        /* the vendor's own: which of its tables this is about; NULL where it has one */
    struct str user, password; /* Basic instead of a bearer token when user is not absent */
    /* What an answer outside 2xx means: fills *ret and returns true, or false for what crm_fault_status() says. */
    bool (*judge)(const struct crm_answer *answer, bool changes, struct arena *arena, struct crm_result *ret);
};

/* Headers of every answer that say how many requests are left, and of how many; NULL = not said. */
struct crm_quota_headers {
    const char *left, *limit;
    const char *used; /* one header that has both: "api-usage=18/5000", used and limit */
};

struct crm_call {
    const char *method;
    struct str path;          /* behind the base, or a whole URL as the vendor gave it for the next page */
    struct str body;          /* JSON, absent = none */
    const char *type;         /* of the body; NULL = application/json */
    const char *accept;       /* of the answer; NULL = application/json */
    struct crm_into *into;    /* where the body of a 2xx goes, or NULL: into the answer */
    struct json_list headers; /* struct crm_header, for this call */
    bool changes;
};

/* 1: answered with 2xx, *ret_answer filled. 0: *ret says what it means instead. -1 with an error: nothing could be
 * asked. A whole URL as path must have the base's scheme, host and port: tokens travel nowhere else
 * (ERR_HOST_REFUSED). */
int crm_rest_call(const struct crm_rest *rest, const struct crm_call *call, struct crm_answer *ret_answer,
                  struct crm_result *ret, struct err *err);

/* Appends the text percent-encoded (RFC 3986: all but unreserved characters). */
void crm_rest_escape(struct strbuf *out, struct str text);
/* The same for one text. */
struct str crm_rest_escaped(struct str text, struct arena *arena);
/* The result that a broken answer of 2xx means: a read found nothing usable, a write may have happened. */
void crm_rest_broken(bool changes, struct crm_result *ret);

#endif

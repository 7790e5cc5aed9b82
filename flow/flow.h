/* What every use case is lent: the store, the reader, the way out, the clock; and on whose behalf it acts. */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include "base/id.h"
#include "base/json.h"
#include "store/audit/audit.h"

struct store;            /* store/store.h */
struct crm_connector;    /* crm-connectors/table.h */
struct crm_http_options; /* crm-connectors/http.h */
struct crm_submission;   /* crm-connectors/submission/submission.h */

/* Opens untrusted bytes in another process: services/ lends a client of kartei-parse. */
struct flow_reader {
    void *self;
    /* Reads the image behind `fd` (a sealed memfd or unlinked file, position 0) with a wall deadline; *ret_json is an
     * ocr_message (ocr/message.h). Errors: ERR_PARSE_KILLED, ERR_BUSY. */
    int (*read)(void *self, int fd, int deadline_ms, struct arena *arena, struct str *ret_json, struct err *err);
    /* The same for a mail; *ret_json is an ocr_mail (ocr/mail/mail.h). */
    int (*mail)(void *self, int fd, int deadline_ms, struct arena *arena, struct str *ret_json, struct err *err);
};

/* One for the whole process: every use case may be called by any thread. */
struct flow {
    struct store *store;
    struct flow_reader reader;                     /* .read is NULL in kartei-api: only the worker reads */
    const struct crm_http_options *egress;         /* rules of the way out; NULL = the strict defaults */
    const struct crm_connector *const *connectors; /* ended by NULL; NULL = all of crm-connectors/ */
    const char *public_url;                        /* where people reach us, "https://kartei.example"; for OAuth */
    const char *notification_url;                  /* where services tell us of new mail, https; NULL or "" = nowhere */
    const struct crm_submission *mail;             /* the mail server that takes our own mail; NULL = we send none */
    const char *default_region;                    /* ISO 3166-1 alpha-2 for national phone numbers; NULL = "DE" */
};

struct flow_idempotency; /* flow/idempotency.h */

struct flow_reads; /* flow/audit/audit.h */

/* The role of the worker and the command line: in no row, for nobody to be given. */
#define FLOW_SYSTEM "system"

/* On whose behalf: always from the session (or the job), never from the request. */
struct flow_actor {
    struct id org, user;        /* user is empty for the system itself */
    const char *role;           /* of the table rights; NULL: may nothing; FLOW_SYSTEM: may everything */
    bool any;                   /* reaches what is others' too: ownership "any" of the row that let it in */
    const char *language;       /* "de" or "en": the language of every sentence in the answers */
    const char *request;        /* request id for the audit log */
    struct store_origin origin; /* session, token or grant, address: for the audit log */
    struct flow_reads *reads;   /* collects which records the request read; NULL: nobody wants to know */
    /* The request's Idempotency-Key after flow_idempotency_begin(), or NULL. Use cases that create keep their answer
     * (201 or 202, Location, JSON of the resource) in the transaction that creates, so both happen or none. */
    const struct flow_idempotency *once;
};

/* One page of a list. Items come in a stable order; `next` continues behind the last one. */
struct flow_page {
    int64_t limit;    /* 1 … LIMIT_PAGE */
    struct str after; /* absent = from the start; else a `next` of the same list: opaque, not signed (api/ signs) */
};
struct flow_list {
    struct json_list items; /* structs of the shape that the function names */
    struct str next;        /* absent = that was all */
};

/* What went wrong with a resource, for people: the members of a problem document (RFC 9457). */
struct flow_problem {
    struct str type; /* "/problems/no-card" */
    struct str title, detail;
};
extern const struct json_shape flow_problem_shape; /* "ResourceProblem" */

#endif

/* What every use case is lent: the store, the reader, the way out, the clock; and on whose behalf it acts. */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include "base/err.h"
#include "base/id.h"

struct store;    /* store/store.h */
struct crm_http; /* crm-connectors/http.h */

/* Opens untrusted bytes in another process: services/ lends a client of kartei-parse. */
struct flow_reader {
    void *self;
    /* Reads the image behind `fd` (a sealed memfd or unlinked file, position 0) with a wall deadline; *ret_json is an
     * ocr_message (ocr/message.h). Errors: ERR_PARSE_KILLED, ERR_BUSY. */
    int (*read)(void *self, int fd, int deadline_ms, struct arena *arena, struct str *ret_json, struct err *err);
};

struct flow {
    struct store *store;
    struct flow_reader reader;  /* .read is NULL in kartei-api: only the worker reads */
    struct crm_http *http;      /* connections to CRMs under the egress rules */
    const char *default_region; /* ISO 3166-1 alpha-2 for national phone numbers, "DE" */
};

/* On whose behalf: always from the session (or the job), never from the request. */
struct flow_actor {
    struct id org, user; /* user is empty for the system itself */
    bool admin;
    const char *language; /* "de" or "en" */
    const char *request;  /* request id for the audit log */
};

#endif

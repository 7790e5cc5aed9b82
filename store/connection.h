/* Connections to CRMs: settings and secret sealed, health in the open. */
#ifndef STORE_CONNECTION_H
#define STORE_CONNECTION_H

#include "store/store.h"

struct store_connection {
    struct id id;
    struct str kind;           /* name of the connector: "book", "carddav", "tryton" … */
    struct str name;           /* sealed at rest */
    struct str settings;       /* JSON, sealed at rest */
    struct str secret;         /* JSON, sealed at rest; absent in lists and from store_connection_get() */
    struct str state;          /* "new" | "ok" | "down" | "reauthorise" | "off" */
    struct str problem, param; /* slug and parameter of base/errors.def; absent when well */
    struct str cursor; /* where the next pull goes on; the connector's own, sealed at rest; absent = from the start */
    int64_t ok_at, pulled_at; /* last success, last complete pull; 0 = never */
    int64_t records;          /* living ones in the mirror */
    struct str policy;        /* "read" | "propose" | "confirm" | "fill"; absent in store_connection_add(): "read" */
    bool native_merge;        /* the CRM's own merge of two records is allowed */
    int64_t mapping, mapping_revision; /* active version (0 = the connector's own); grows with each change of it */
    int64_t warnings;                  /* that the active mapping has by the fields as last described */
    int64_t tested_at;                 /* last self-test (crm/test.h); 0 = never */
    int64_t version, created_at;
};

int store_connection_add(struct store_tx *tx, const struct store_connection *connection, struct id *ret_id,
                         struct err *err);
int store_connection_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                         struct store_connection *ret_connection, struct err *err);
/* The same with the secret: for the moment of contacting the CRM only; `arena` should be a wiping one. */
int store_connection_open(struct store_tx *tx, const struct id *id, struct arena *arena,
                          struct store_connection *ret_connection, struct err *err);
/* struct store_connection, oldest first, at most 200. */
int store_connection_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_connections, struct err *err);
/* Writes name, settings and, unless absent, secret over connection->version; state becomes "new". ERR_STALE,
 * ERR_NOT_FOUND. */
int store_connection_save(struct store_tx *tx, const struct store_connection *connection, struct err *err);
/* Writes policy and native_merge over the version. ERR_STALE, ERR_NOT_FOUND. */
int store_connection_policy(struct store_tx *tx, const struct id *id, int64_t version, struct str policy,
                            bool native_merge, struct err *err);
/* Health and progress, leaving the version alone: state, problem, param; ok_at becomes now when state is "ok".
 * *ret_changed (may be NULL): it was in another state before. */
int store_connection_health(struct store_tx *tx, const struct id *id, const char *state, const struct err *problem,
                            bool *ret_changed, struct err *err);
/* How the calls to its CRM go. While `retry_at` lies ahead, no job of the connection is claimed. */
struct store_calls {
    int64_t failures;                /* in a row */
    int64_t retry_at;                /* 0 = at any time */
    int64_t quota_left, quota_limit; /* as the vendor said last; quota_at 0 = it never did; limit 0 = not said */
    int64_t quota_at;
};
enum { STORE_CALL_FAILED = -1 };
/* Notes a call. `rest_ms`: 0 = it succeeded; > 0: nobody shall call for so long; STORE_CALL_FAILED: pauses that grow
 * with each failure, 2 s to 5 min, with jitter. `quota`: quota_left and quota_limit (-1 = unknown) of the answer, or
 * NULL. */
int store_connection_called(struct store_tx *tx, const struct id *id, int64_t rest_ms, const struct store_calls *quota,
                            struct err *err);
/* All zeros when nothing was noted yet. */
int store_connection_calls(struct store_tx *tx, const struct id *id, struct store_calls *ret_calls, struct err *err);
/* The present version, with the row locked until the end of the transaction. */
int store_connection_lock(struct store_tx *tx, const struct id *id, int64_t *ret_version, struct err *err);
/* Notes how far a pull has come; `complete` sets pulled_at. An absent cursor starts over. */
int store_connection_cursor(struct store_tx *tx, const struct id *id, struct str cursor, bool complete,
                            struct err *err);
/* Deletes the connection with its mirror, candidates and secret. ERR_STALE, ERR_NOT_FOUND; ERR_CONFLICT while
 * write-backs of it are not at an end. Finished write-backs stay. */
int store_connection_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err);

#endif

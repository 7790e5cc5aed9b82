/* Whom an organisation may contact by what it has set up, and whom it has contacted. */
#ifndef STORE_AUDIT_EGRESS_H
#define STORE_AUDIT_EGRESS_H

#include "store/store.h"

/* A connection or mailbox as far as it says whom it contacts. */
struct store_egress_source {
    struct id id;
    struct str kind, name, settings; /* settings: JSON */
    struct str state;                /* as of store/connection.h */
    struct str base;                 /* API address that came with its tokens, or absent */
    bool mailbox;
};
/* struct store_egress_source, at most 1200. */
int store_egress_sources(struct store_tx *tx, struct arena *arena, struct json_list *ret_sources, struct err *err);

/* The organisation contacts this host now; *ret_fresh: for the first time. `connection` may be empty. */
int store_egress_note(struct store_tx *tx, struct str host, const struct id *connection, bool *ret_fresh,
                      struct err *err);
/* A host contacted within the last 30 days. */
struct store_egress_host {
    struct str host;
    int64_t hours; /* in so many it was */
    int64_t first_at, last_at;
};
/* struct store_egress_host, the most contacted first, at most 500. */
int store_egress_hosts(struct store_tx *tx, struct arena *arena, struct json_list *ret_hosts, struct err *err);

#endif

/* The built-in address book: records of a connection of kind "address_book" are not a mirror but the truth. */
#ifndef FLOW_CRM_BOOK_H
#define FLOW_CRM_BOOK_H

#include "crm-connectors/connector.h"
#include "dedupe/dedupe.h"
#include "store/record.h"

#define FLOW_BOOK_KIND "address_book"

struct flow_book {
    struct store *store;
    struct id org, connection;
    bool drop; /* what is written waits for a file, too: store/crm/export.h */
};

/* Whether records of that kind of connection are kept here instead of mirrored: the address book, file drop. */
bool flow_book_keeps(struct str kind);

/* The functions that a connector is lent; `self` must live as long. */
struct crm_book flow_book_lend(struct flow_book *self);

/* Keeps a CRM's record for matching, with all its match keys, in the caller's transaction. *ret_id is ours. */
int flow_mirror_put(struct store_tx *tx, const struct id *connection, const struct crm_record *record,
                    struct id *ret_id, struct err *err);
/* A record as the store keeps it. */
struct store_record flow_mirror_row(const struct id *connection, const struct crm_record *record);
/* A contact's match keys as hashes, those that are used for matching first. */
struct flow_keys {
    int64_t hash[DEDUPE_KEYS_MAX];
    size_t n, matching;
};
int flow_keys_of(struct store_tx *tx, const struct contact *contact, struct flow_keys *ret_keys, struct err *err);
/* Hashes of a contact's match keys: `use` is DEDUPE_FOR_MATCH, DEDUPE_FOR_SEARCH or both; at most DEDUPE_KEYS_MAX. */
int flow_key_hashes(struct store_tx *tx, const struct contact *contact, unsigned use, int64_t *ret_hashes,
                    size_t *ret_n, struct err *err);

#endif

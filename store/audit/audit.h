/* The audit trail of an organisation: append-only entries in a hash chain. The hash of an entry is SHA-256 over the
 * hash of the entry before it (32 zero bytes before the first) and the entry's canonical text, one line of JSON. */
#ifndef STORE_AUDIT_AUDIT_H
#define STORE_AUDIT_AUDIT_H

#include "base/crypto.h"
#include "store/store.h"

/* By which way and from where somebody acts; all of it may be empty. */
struct store_origin {
    struct id session, token, grant; /* cookie, API token, support grant */
    struct str address;              /* of the client; sealed at rest, found again by a keyed hash */
    struct str why;                  /* words of a person, e.g. of a support grant; sealed at rest */
};

/* Ids and words only, never a name or value of a person: entries outlive erasure. */
struct store_audit {
    struct id user;      /* who; empty = the system */
    const char *action;  /* "contact.update", "contact.read" … */
    const char *kind;    /* what: "contact", "write_back" … */
    struct id subject;   /* may be empty */
    const char *request; /* request id, or NULL */
    const char *note;    /* words: "state=written attempt=2", or NULL; ≤ 400 bytes */
    struct store_origin origin;
    const struct id *records; /* further records it touched, n of them; NULL = none */
    size_t n;
};
/* Adds an entry to what the transaction writes when it commits. All texts are copied. */
void store_audit(struct store_tx *tx, const struct store_audit *entry);

/* Writes entries that belong to no other change, n of one organisation, and returns when they are durable. Callers of
 * one organisation that come together share one transaction, so that readers do not wait for each other's disk. Any
 * thread. Errors: ERR_STORE_DOWN, ERR_DISK_FULL, ERR_BUSY: then none is written. */
int store_audit_append(struct store *store, const struct id *org, const struct store_audit *entries, size_t n,
                       struct err *err);

/* Walks the chain from its beginning. *ret_bad is 0 when whole, else the number of the first entry that was changed,
 * moved or is missing (one past the last for a cut tail). *ret_n counts entries. */
int store_audit_verify(struct store_tx *tx, int64_t *ret_n, int64_t *ret_bad, struct err *err);

/* Number and hash of the newest entry; 0 and zero bytes when there is none. */
struct store_audit_head {
    int64_t seq;
    struct crypto_hash hash;
};
int store_audit_head(struct store_tx *tx, struct store_audit_head *ret_head, struct err *err);

/* The next entries behind number `after`, at most 1000, each as the line that the chain covers: "HASH JSON", HASH in
 * hex as kept in the row. *ret_last is the last one's number; `after` when there is none. */
int store_audit_lines(struct store_tx *tx, int64_t after, struct arena *arena, struct str *ret_lines, int64_t *ret_last,
                      struct err *err);

#endif

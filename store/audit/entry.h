/* Inside of the store: one entry of the audit trail as the chain sees it. */
#ifndef STORE_AUDIT_ENTRY_H
#define STORE_AUDIT_ENTRY_H

#include "store/audit/audit.h"
#include "store/pg.h"

/* As it stands in the table: sealed values are bytes. */
struct store_audit_row {
    int64_t seq, at; /* at: ms since 1970 */
    struct id user, session, token, grant, subject;
    struct str address, address_hash, why; /* sealed, keyed hash, sealed */
    struct str action, kind, request, note;
    struct str records; /* ids separated by blanks, "" = none */
    struct crypto_hash hash;
};

/* The line of JSON that the hash covers: ids, words and numbers as they are, sealed and hashed values in base64url. Its
 * first member is the number. */
struct str store_audit_text(const struct id *org, const struct store_audit_row *row, struct arena *arena);
/* SHA-256 over the hash before it and the text. */
struct crypto_hash store_audit_hash(const struct crypto_hash *before, struct str text);
/* Row `i` of audit_page.sql; texts are views into the rows. */
struct store_audit_row store_audit_row(const struct store_rows *rows, int i);

/* Purposes of keys under the organisation's index key: entries are never written over, so what is sealed in them is
 * sealed under a key that lives as long as the organisation, not under a data key that is retired by rotation (ADR
 * 0017). */
struct store_audit_place {
    const char *column; /* "address", "why" */
    int64_t seq;
};
int store_audit_seal(struct store_tx *tx, struct store_audit_place place, struct str plain, struct arena *arena,
                     struct str *ret_sealed, struct err *err);
int store_audit_unseal(struct store_tx *tx, struct store_audit_place place, struct str sealed, struct arena *arena,
                       struct str *ret_plain, struct err *err);
int store_audit_address_hash(struct store_tx *tx, struct str address, struct arena *arena, struct str *ret_hash,
                             struct err *err);

/* Writes collected entries behind `head`, numbered on from it; `at` is their time. store/journal.c. */
struct store_audit_list;
int store_audit_write(struct store_tx *tx, const struct store_audit_list *list, struct store_audit_head head,
                      int64_t at, struct err *err);

/* What a transaction has collected. */
struct store_audit_list {
    struct store_audit_item *first, **end;
    int64_t n;
};

/* The queues in which callers of store_audit_append() meet; part of struct store. */
struct store_audit_queues;
struct store_audit_queues *store_audit_queues_new(void);
void store_audit_queues_free(struct store_audit_queues *queues);

#endif

/* Contacts: sealed, versioned, softly deleted, found again by keyed hashes. */
#ifndef STORE_CONTACT_H
#define STORE_CONTACT_H

#include "contact/contact.h"
#include "store/store.h"

struct store_contact {
    struct id id, list, owner, scan;            /* scan may be empty */
    int64_t card;                               /* 1-based on the scan; 0 = none */
    struct str state;                           /* "read" | "matched" | "confirmed" | "written" | "rejected" */
    int64_t version;                            /* grows by one with every change of contact, list, state, deletion */
    int64_t created_at, updated_at, deleted_at; /* deleted_at 0 = living */
    struct contact contact;
    struct store_fair_ref {
        struct id id;                      /* empty = captured nowhere in particular */
        struct str name, tag, legal_basis; /* as in struct store_fair; read only */
    } fair;
    bool back;            /* its card has a picture of the other side; false in lists */
    int64_t checked_at;   /* since when a person found right what was read; 0 = nobody did */
    struct id mailbox;    /* that suggested it; empty = it came otherwise */
    int64_t suggested_at; /* 0 = no suggestion, or somebody has taken it up */
    struct str reading;   /* JSON of the caller: claims, unassigned text …; absent when there is none */
};

/* An earlier version. */
struct store_contact_version {
    int64_t version, saved_at; /* when it was replaced */
    struct id saved_by;        /* who replaced it; empty = the system */
    struct contact contact;
};

/* Adds a contact in `state`, a suggestion when .mailbox is not empty; .id, .version and times of `contact` are ignored.
 */
int store_contact_add(struct store_tx *tx, const struct store_contact *contact, struct id *ret_id, struct err *err);
/* Deleted ones too. ERR_NOT_FOUND. */
int store_contact_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_contact *ret_contact,
                      struct err *err);
/* Replaces contact, list and reading where the version is contact->version, and keeps the earlier content as a version.
 * `by` may be NULL; a person who saves a suggestion takes it up. *ret_version is the new version. ERR_STALE,
 * ERR_NOT_FOUND (also when deleted). */
int store_contact_save(struct store_tx *tx, const struct store_contact *contact, const struct id *by,
                       int64_t *ret_version, struct err *err);
/* Changes the state. `version` 0 = whatever it is. ERR_CONFLICT when it is not in `from`; `from` NULL = any state. */
int store_contact_move(struct store_tx *tx, const struct id *id, int64_t version, const char *from, const char *to,
                       struct err *err);
/* Notes that a person found right what was read, or did not. ERR_STALE, ERR_NOT_FOUND (also when deleted). */
int store_contact_check(struct store_tx *tx, const struct id *id, int64_t version, bool checked, struct err *err);
int store_contact_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err);
int store_contact_restore(struct store_tx *tx, const struct id *id, int64_t version, struct err *err);
/* struct store_contact_version, newest first, at most 200. */
int store_contact_versions(struct store_tx *tx, const struct id *id, struct arena *arena,
                           struct json_list *ret_versions, struct err *err);

struct store_contact_filter {
    const struct id *user;   /* only in lists this user owns or belongs to; NULL = all */
    const struct id *viewer; /* suggestions only in lists this user owns or belongs to; NULL = all */
    const struct id *list;   /* NULL = any */
    struct str state;        /* absent = any */
    const struct id *fair;   /* NULL = any */
    bool deleted;            /* only deleted ones instead of only living ones */
    const int64_t *keys;     /* store_match_keys(): contacts having all of them; NULL = no search */
    size_t key_count;
};
/* struct store_contact (with reading absent). */
int store_contact_list(struct store_tx *tx, const struct store_contact_filter *filter, const struct store_page *page,
                       struct arena *arena, struct json_list *ret_contacts, struct err *err);
/* Living contacts of the organisation. */
int store_contact_count(struct store_tx *tx, int64_t *ret_n, struct err *err);

/* Deletes a suggestion with everything that hangs on it, for good. ERR_NOT_FOUND, ERR_STALE (also when somebody has
 * taken it up). */
int store_suggestion_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err);
/* The same for all that nobody has taken up for age_ms; at most 500 at a time. */
int store_suggestions_expire(struct store_tx *tx, int64_t age_ms, int64_t *ret_n, struct err *err);

#endif

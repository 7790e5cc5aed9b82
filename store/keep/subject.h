/* What people ask about their own data (GDPR, articles 15 and 17), and what of it hangs on which rows. */
#ifndef STORE_KEEP_SUBJECT_H
#define STORE_KEEP_SUBJECT_H

#include "store/match/index.h"

struct store_subject_request {
    struct id id, user, done_by;         /* done_by is empty before it is done */
    int64_t number;                      /* 1, 2, … in the organisation */
    struct str kind;                     /* "access" | "erasure" */
    struct str subject;                  /* JSON of the caller, sealed at rest; absent when an erasure is done */
    struct str reference;                /* of the person who takes it, sealed at rest; absent = none, and as subject */
    struct str certificate;              /* JSON of the caller, sealed at rest; absent = none */
    int64_t created_at, due_at, done_at; /* due a month later (article 12, 3); done_at 0 = not yet */
};

/* Adds kind, subject, reference, user of `request`. */
int store_subject_request_add(struct store_tx *tx, const struct store_subject_request *request, struct id *ret_id,
                              struct err *err);
/* ERR_NOT_FOUND. */
int store_subject_request_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                              struct store_subject_request *ret_request, struct err *err);
/* Newest first (struct store_subject_request). */
int store_subject_request_list(struct store_tx *tx, const struct store_page *page, struct arena *arena,
                               struct json_list *ret_requests, struct err *err);
/* It is done, by `by`; an erasure loses what the person was looked for by. ERR_CONFLICT: it was done before. */
int store_subject_request_done(struct store_tx *tx, const struct id *id, const struct id *by, struct str certificate,
                               struct err *err);

/* What a person's data are. */
struct store_subject_rows {
    const struct id *contacts, *records;
    size_t contact_count, record_count;
};
/* Contacts or records that no search by keys finds, for who looks at each (struct id): those that were put into the bin
 * before they were compared, or deleted in their CRM. */
int store_subjects_without_keys(struct store_tx *tx, enum store_subject kind, int most, struct arena *arena,
                                struct json_list *ret_ids, struct err *err);
/* How many write-backs hang on them, and how many of those are under way. */
int store_subject_writes(struct store_tx *tx, const struct store_subject_rows *rows, int64_t *ret_all,
                         int64_t *ret_open, struct err *err);
/* Photos that show one of the contacts. */
struct store_subject_photo {
    struct id scan;
    int64_t created_at, others; /* cards of others on it */
};
int store_subject_photos(struct store_tx *tx, const struct id *contacts, size_t n, struct arena *arena,
                         struct json_list *ret_photos, struct err *err);

#endif

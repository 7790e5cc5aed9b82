/* Inside of flow/subject: requests as rows, and what was chosen as ids. */
#ifndef FLOW_SUBJECT_SUBJECT_H
#define FLOW_SUBJECT_SUBJECT_H

#include "flow/subject_answer.h"
#include "store/keep/subject.h"

/* A request that is open, of that kind (-1: any), and whom it is about. ERR_NOT_FOUND, ERR_CONFLICT. */
int flow_subject_open(struct store_tx *tx, const struct id *request, int kind, struct arena *arena,
                      struct store_subject_request *ret_row, struct err *err);
/* Whom a request is about, from its row. */
int flow_subject_of(const struct store_subject_request *row, struct arena *arena, struct flow_subject *ret_subject,
                    struct err *err);
/* The request as it stands. */
int flow_subject_fresh(struct store_tx *tx, const struct id *request, struct arena *arena,
                       struct flow_subject_request *ret_request, struct err *err);

/* The chosen ids, each there once. ERR_INVALID with a pointer: none, or no id. */
struct flow_subject_chosen {
    struct id contacts[FLOW_SUBJECT_MOST], records[FLOW_SUBJECT_MOST];
    size_t contact_count, record_count;
};
int flow_subject_chosen(const struct flow_subject_choice *choice, struct arena *arena,
                        struct flow_subject_chosen **ret_chosen, struct err *err);

/* Sentences as a list. */
struct json_list flow_subject_sentences(const char *const *sentences, size_t n, struct arena *arena);

/* Where it remains: records of CRMs that Kartei only mirrors, by connection (struct flow_subject_remains).
 * ERR_NOT_FOUND: one of the records is not there. */
int flow_subject_remains(struct store_tx *tx, const struct flow_subject_chosen *chosen, struct arena *arena,
                         struct json_list *ret_remains, struct err *err);
/* Name and kind of a connection among `all` (struct store_connection); NULL when it is gone. */
const struct store_connection *flow_subject_connection(const struct json_list *all, const struct id *id);

extern const struct json_shape flow_subject_shape, flow_subject_certificate_shape;

/* Certificates: the text that is signed, the signature, and whether it is right. */
struct store;
int flow_subject_certify(struct store *store, const struct id *org, struct flow_subject_certificate *certificate,
                         struct arena *arena, struct err *err);
int flow_subject_certificate_check(struct store *store, struct flow_subject_certificate *certificate, struct err *err);

#endif

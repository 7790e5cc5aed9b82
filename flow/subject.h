/* What a person may ask about the own data, taken and answered by an administrator: access (GDPR, article 15, with the
 * copy of article 20) and erasure (article 17). Nobody is told apart by a machine here: what may be the person's is
 * found, a human says what is. */
#ifndef FLOW_SUBJECT_H
#define FLOW_SUBJECT_H

#include "flow/contacts.h"

enum { FLOW_SUBJECT_MOST = 200 }; /* contacts, and records, of one answer */

/* Whom to look for: one of the three at least. */
struct flow_subject {
    struct str name, email, phone;
};

/* Where data remain that Kartei cannot reach: a CRM that has the person, too. */
struct flow_subject_remains {
    struct str connection_id, connection, kind;
    int64_t records;
};

/* Proof of an erasure, without a name: what went, by ids, and what remains elsewhere. */
struct flow_subject_certificate {
    int64_t number; /* of the request */
    struct str organisation, erased_at, erased_by;
    struct json_list contacts, scans, records; /* struct str: ids */
    int64_t write_backs, files;
    struct json_list remains; /* struct flow_subject_remains */
    struct str statement;     /* what it says, in the language of who erased */
    struct str text;          /* that was signed */
    struct str signature;     /* Ed25519 (RFC 8032) over the text, base64url */
    struct str key;           /* public key, hex */
    bool valid;               /* the signature is right by the instance's key */
};

/* Resource "SubjectRequest". */
struct flow_subject_request {
    struct str id;
    int64_t number;
    int kind;                    /* flow_subject_kind_words */
    int state;                   /* flow_subject_state_words */
    struct flow_subject subject; /* all absent after an erasure */
    struct str reference;        /* a file number or the like; absent = none, and after an erasure */
    struct str created_at, created_by, due_at, done_at, done_by; /* by: names of users */
    struct flow_subject_certificate *certificate;                /* NULL = none */
};
/* Input of POST /v1/subject-requests. */
struct flow_subject_new {
    int kind; /* -1: not said */
    struct flow_subject subject;
    struct str reference;
};
extern const char *const flow_subject_kind_words[];  /* "access", "erasure" */
extern const char *const flow_subject_state_words[]; /* "open", "overdue", "done" */

/* What may be the person's. `by` holds what it was found by: "email", "phone", "name". */
struct flow_subject_contact {
    struct str id, display, organization, list, created_at, deleted_at;
    int state; /* flow_contact_words */
    struct json_list by;
};
struct flow_subject_record {
    struct str id, display, organization, connection_id, connection, kind, remote_id;
    bool kept_here; /* Kartei is the only place where it is */
    struct json_list by;
};
struct flow_subject_finds {
    struct json_list contacts, records; /* the structs above */
    struct str user;                    /* name of the user who has this e-mail; absent = none */
    bool more;                          /* there is more than FLOW_SUBJECT_MOST: look for something rarer */
};

extern const struct json_shape flow_subject_request_shape, flow_subject_new_shape, flow_subject_finds_shape;

/* Newest first (struct flow_subject_request). */
int flow_subject_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_page *page,
                      struct arena *arena, struct flow_list *ret_list, struct err *err);
/* ERR_INVALID with a pointer: nothing to look for. */
int flow_subject_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_subject_new *input,
                        struct arena *arena, struct flow_subject_request *ret_request, struct err *err);
int flow_subject_get(const struct flow *flow, const struct flow_actor *actor, struct id request, struct arena *arena,
                     struct flow_subject_request *ret_request, struct err *err);
/* Looks for the person in all lists, the bin, and all that is known of the CRMs. ERR_CONFLICT: the request is done and
 * the person forgotten. */
int flow_subject_find(const struct flow *flow, const struct flow_actor *actor, struct id request, struct arena *arena,
                      struct flow_subject_finds *ret_finds, struct err *err);
#endif

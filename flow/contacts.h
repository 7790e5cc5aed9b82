/* Contacts: persons as we know them, with where each value comes from; create, find, change, bin, versions. */
#ifndef FLOW_CONTACTS_H
#define FLOW_CONTACTS_H

#include "contact/contact.h"
#include "flow/fairs.h"

struct flow_contact_source {
    int kind; /* flow_contact_source_words: "scan", "api", "signature" */
    struct str scan_id;
    int64_t card;               /* 1-based; 0 without a scan */
    bool back;                  /* the card has a picture of its other side; false in lists */
    struct flow_fair_ref *fair; /* where it was captured, or NULL */
    struct str suggested_at;    /* of a suggestion that nobody has taken up yet; else absent */
};

struct flow_unassigned {
    struct str text;
    struct json_list box, card_box; /* 4 doubles each, as in contact_claim */
    struct str side;                /* as there */
};

/* Whether the CRM already knows the person: sign, text and what it rests on. */
struct flow_verdict {
    int kind;            /* flow_verdict_words: "exists", "possible", "new", "checking" */
    struct str sentence; /* in the actor's language */
};

/* Resource "Contact". */
struct flow_contact {
    struct str id, list_id, owner_id;
    int state; /* flow_contact_words */
    int64_t version;
    struct str created_at, updated_at, deleted_at;
    struct str checked_at; /* since when a person found right what was read; absent: nobody did */
    struct flow_contact_source source;
    struct str display; /* "Dr. Anna Schmidt-Lehmann" */
    struct contact contact;
    struct json_list claims;     /* struct contact_claim; empty in lists */
    struct json_list unassigned; /* struct flow_unassigned; empty in lists */
    struct flow_verdict verdict;
};
/* Resource "ContactVersion": an earlier state, newest first. */
struct flow_contact_version {
    int64_t version;
    struct str at, user_id; /* who replaced it, and when */
    struct contact contact;
};
/* Input of POST /v1/contacts. */
struct flow_contact_new {
    const struct contact *contact; /* NULL: what the vCard says */
    struct str vcard;              /* the first one of the text (contact/vcard.h); only without `contact` */
    struct str list_id;            /* absent: the list of the fair, else the actor's first list */
    struct str fair_id;            /* absent: none */
};
extern const struct json_shape flow_contact_shape, flow_contact_version_shape, flow_contact_new_shape,
    flow_contact_check_shape, flow_contact_source_shape, flow_unassigned_shape, flow_verdict_shape;
extern const char *const flow_contact_words[]; /* "read", "matched", "confirmed", "written", "rejected", NULL */
enum flow_verdict_kind { FLOW_VERDICT_EXISTS, FLOW_VERDICT_POSSIBLE, FLOW_VERDICT_NEW, FLOW_VERDICT_CHECKING };
enum flow_source_kind { FLOW_SOURCE_SCAN, FLOW_SOURCE_API, FLOW_SOURCE_SIGNATURE };
extern const char *const flow_verdict_words[], *const flow_contact_source_words[];

struct flow_contact_query {
    struct id list;  /* empty = all that the actor may see */
    int state;       /* index into flow_contact_words, -1 = any */
    struct str q;    /* e-mail, phone, family name or a word of the organisation; absent = all */
    struct id fair;  /* captured there; empty = anywhere */
    struct str scan; /* only those of one scan; absent = all */
    bool deleted;    /* the bin instead of the shelf */
    struct flow_page page;
};
/* Newest first; items are struct flow_contact. Errors: ERR_INVALID (q without anything to look for). */
int flow_contact_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_contact_query *query,
                      struct arena *arena, struct flow_list *ret_list, struct err *err);

/* Errors of all that follow: ERR_NOT_FOUND, ERR_FORBIDDEN (reader of the list), ERR_STALE (another version than the
 * one the caller saw), ERR_INVALID with a pointer, ERR_STORE_DOWN. A change leaves the former state as a version, asks
 * for a new match and returns the contact as it then is. */
int flow_contact_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_contact_new *input,
                        struct arena *arena, struct flow_contact *ret_contact, struct err *err);
int flow_contact_get(const struct flow *flow, const struct flow_actor *actor, struct id contact, struct arena *arena,
                     struct flow_contact *ret_contact, struct err *err);

struct flow_contact_patch {
    struct id contact;
    int64_t version;
    struct str patch; /* RFC 7396 merge patch of the contact's fields: {"job_title":"Leiterin","name_prefix":null} */
};
int flow_contact_patch(const struct flow *flow, const struct flow_actor *actor, const struct flow_contact_patch *patch,
                       struct arena *arena, struct flow_contact *ret_contact, struct err *err);

/* A suggestion goes for good, with everything that hangs on it; other contacts into the bin. */
int flow_contact_delete(const struct flow *flow, const struct flow_actor *actor, struct id contact, int64_t version,
                        struct err *err);
int flow_contact_restore(const struct flow *flow, const struct flow_actor *actor, struct id contact,
                         struct arena *arena, struct flow_contact *ret_contact, struct err *err);
/* Input of POST /v1/contacts/{id}/check. */
struct flow_contact_check {
    bool checked;
};
struct flow_contact_mark {
    struct id contact;
    int64_t version;
    bool checked;
};
/* Notes that a person found right what was read, or takes that back. It is no decision about the CRM. */
int flow_contact_check(const struct flow *flow, const struct flow_actor *actor, const struct flow_contact_mark *mark,
                       struct arena *arena, struct flow_contact *ret_contact, struct err *err);
/* Items are struct flow_contact_version. */
int flow_contact_versions(const struct flow *flow, const struct flow_actor *actor, struct id contact,
                          struct arena *arena, struct flow_list *ret_list, struct err *err);
/* vCard 4.0 (RFC 6350) of the contact. */
int flow_contact_vcard(const struct flow *flow, const struct flow_actor *actor, struct id contact, struct arena *arena,
                       struct str *ret_vcard, struct err *err);

#endif

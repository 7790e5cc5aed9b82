/* The merge view: card against the CRM record as it is now, and a proposal per field. */
#ifndef FLOW_REVIEW_H
#define FLOW_REVIEW_H

#include "contact/contact.h"
#include "contact/custody.h"
#include "flow/flow.h"
#include "flow/match.h"

struct flow_snippet {
    struct str scan_id;
    int64_t card;
    struct json_list box; /* 4 doubles x,y,w,h in pixels of the card's image */
};

/* One row of the merge view: one field, or one value of a field with several ("emails/0"). */
struct flow_review_field {
    struct str field; /* name of contact/fields.def */
    int group;        /* flow_group_words: "conflict", "addition", "equal", "unmapped" */
    struct str card;  /* JSON of the value on the card, absent = none */
    struct str crm;   /* JSON of the value in the CRM, absent = none */
    int proposal;     /* flow_take_words: "card", "crm", "both", "own" */
    struct str why;   /* key of the rule that preset it, for the pages' catalogues */
    bool multi;       /* "both" is a choice */
    bool main;        /* one of its values is the main one there: the first */
    double confidence;
    struct flow_snippet *snippet; /* NULL when the value is not from a photo */
};

struct flow_review_record {
    struct str id;        /* ours (mirror); absent when only the CRM knows it */
    struct str remote_id; /* the CRM's */
    struct str version;   /* the CRM's, to be handed to the preview */
    struct str fetched_at;
    struct str written_at, written_by; /* our last write to it, RFC 3339, and who decided it; absent = none known */
    struct contact_custody custody;    /* whose it is, and when and by whom it was last changed there */
    struct contact contact;
};

struct flow_review_connection {
    struct str id, name, kind;
    struct str reversible; /* "yes", "partly", "no" */
    struct str reversal;   /* key of the pages' catalogues: what cannot be undone and why; absent = all can */
    int policy;            /* flow_policy_words: what may be written there */
    bool native_merge;     /* two of its records may be merged by the CRM itself */
};

/* What people decided where the same comparisons spoke for it. */
struct flow_similar {
    int64_t same, different;
    struct str last_by, last_at; /* name, absent when gone; RFC 3339 */
};

struct flow_review_candidate {
    struct str id;
    double weight, probability;
    struct json_list reasons; /* struct flow_reason */
    struct flow_why why;
    struct flow_similar *similar; /* NULL: nobody decided such a case yet */
};

/* Resource "Review". */
struct flow_review {
    struct str contact_id;
    int64_t contact_version;
    struct str captured_at, captured_by; /* RFC 3339; name, absent when gone */
    struct flow_review_connection connection;
    struct flow_review_record *record; /* NULL: a new record would be created */
    int action;                        /* flow_action_words: "update", "create" */
    struct json_list fields;           /* struct flow_review_field: conflicts, additions, equal, unmapped */
    struct flow_review_candidate *candidate;
};

extern const struct json_shape flow_review_shape, flow_review_field_shape, flow_review_record_shape,
    flow_review_connection_shape, flow_review_candidate_shape, flow_snippet_shape, flow_similar_shape;
enum flow_action { FLOW_ACTION_UPDATE, FLOW_ACTION_CREATE, FLOW_ACTION_MERGE };
extern const char *const flow_group_words[], *const flow_take_words[], *const flow_action_words[];

struct flow_review_query {
    struct id contact, connection, record; /* record empty: the best candidate there, or a create */
    bool create;                           /* a new record although candidates exist */
};
/* Fetches the record from the CRM now. Errors: ERR_NOT_FOUND, ERR_CRM_DOWN, ERR_CRM_REAUTHORISE, ERR_CRM_QUOTA. */
int flow_review(const struct flow *flow, const struct flow_actor *actor, const struct flow_review_query *query,
                struct arena *arena, struct flow_review *ret_review, struct err *err);

#endif

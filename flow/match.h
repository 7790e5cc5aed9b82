/* Candidates: records that may be the same person, with reasons; and what a person decides about them. */
#ifndef FLOW_MATCH_H
#define FLOW_MATCH_H

#include "contact/custody.h"
#include "flow/flow.h"

/* One field's part in the judgement. */
struct flow_reason {
    struct str field;                         /* "emails", "family_name" … */
    struct str level;                         /* "exact", "sounds-alike", "different" … as the scorer names it */
    double weight;                            /* bits: log2 of the Bayes factor, negative speaks against */
    struct str sentence;                      /* in the actor's language: "gleiche E-Mail-Adresse" */
    struct str rarity;                        /* what the rarity of the names adds, in words; may be absent */
    struct json_list left_steps, right_steps; /* struct str: what was done to the two values before, in words */
};

/* What speaks for another explanation, in the actor's language; all absent for candidates of earlier versions. */
struct flow_why {
    int rival; /* dedupe_rival_words: the likeliest explanation beside one person; -1 = unknown */
    struct str rival_sentence;
    struct str hangs_on; /* what it would be without the strongest reason */
};

struct flow_connection_ref {
    struct str id, name, kind;
};

/* Resource "Candidate". */
struct flow_candidate {
    struct str id, contact_id;
    struct flow_connection_ref connection;
    struct str record_id, remote_id;
    int record_kind;                /* flow_record_kind_words */
    struct str organization;        /* of the record; absent: none */
    struct str fetched_at;          /* when the CRM gave the record last, RFC 3339 */
    struct contact_custody custody; /* whose the record is, and when and by whom it was last changed */
    struct str display;             /* "Anna Schmidt, Muster GmbH" as the mirror has it */
    double weight, probability;     /* sum of the bits; 0..1 */
    int band;                       /* flow_band_words: "obvious", "possible" */
    struct json_list reasons;       /* struct flow_reason, strongest first */
    struct flow_why why;
    int decided; /* flow_decision_words: "same", "different"; -1 = open */
};
/* Input of POST /v1/candidates/{id}/decision. */
struct flow_decision {
    bool same;
    struct str reason; /* free words, may be absent; kept in the audit trail, sealed */
};
extern const struct json_shape flow_candidate_shape, flow_reason_shape, flow_why_shape, flow_decision_shape,
    flow_connection_ref_shape;
enum flow_band { FLOW_BAND_OBVIOUS, FLOW_BAND_POSSIBLE };
enum flow_decided { FLOW_DECIDED_SAME, FLOW_DECIDED_DIFFERENT };
extern const char *const flow_record_kind_words[]; /* "person", "lead", "company", NULL */
extern const char *const flow_band_words[], *const flow_decision_words[];

/* Best first; items are struct flow_candidate. Errors: ERR_NOT_FOUND (the contact). */
int flow_candidate_list(const struct flow *flow, const struct flow_actor *actor, struct id contact, struct arena *arena,
                        struct flow_list *ret_list, struct err *err);

struct flow_decide {
    struct id candidate;
    int64_t version; /* of the contact, as the caller saw it */
    struct flow_decision decision;
};
/* Keeps the decision; the contact's version moves. Errors: ERR_NOT_FOUND, ERR_FORBIDDEN, ERR_STALE. */
int flow_candidate_decide(const struct flow *flow, const struct flow_actor *actor, const struct flow_decide *decide,
                          struct arena *arena, struct flow_candidate *ret_candidate, struct err *err);

#endif

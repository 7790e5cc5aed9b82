/* What flow's own files ask about candidates: verdicts of contacts, and reasons in words. */
#ifndef FLOW_CANDIDATES_H
#define FLOW_CANDIDATES_H

#include "dedupe/dedupe.h"
#include "flow/contacts.h"
#include "flow/match.h"
#include "store/candidate.h"
#include "store/contact.h"

/* What matching keeps of a verdict beside weight, probability and band; sealed in the candidate's row. */
struct flow_kept_reasons {
    int outcome;              /* dedupe_outcome_words */
    struct json_list reasons; /* struct dedupe_reason */
    double prior, rival_bits; /* as in struct dedupe_verdict */
    int rival;                /* dedupe_rival_words; -1 = kept before rivals were */
};
extern const struct json_shape flow_kept_reasons_shape;

/* What is kept of a verdict, as JSON in the arena. */
struct str flow_reasons_kept(const struct dedupe_verdict *verdict, struct arena *arena);
/* Why a candidate may be one person, and what else it may be, in the actor's language; *ret_reasons: struct
 * flow_reason, strongest first. Of the row weight, probability, band and what is kept matter. */
struct flow_why flow_why_of(const struct flow_actor *actor, const struct store_candidate *row, struct arena *arena,
                            struct json_list *ret_reasons);

/* A record in one line: "Anna Schmidt, Muster GmbH". */
struct str flow_record_display(const struct contact *contact, struct arena *arena);

/* The candidate that speaks for the contact, of its candidates: the one decided to be the same, else the heaviest open
 * one, else NULL. */
const struct store_candidate *flow_candidate_best(const struct json_list *candidates);
/* A candidate, and a contact, as people see them. */
int flow_candidate_view(struct store_tx *tx, const struct flow_actor *actor, const struct store_candidate *row,
                        struct arena *arena, struct flow_candidate *ret_candidate, struct err *err);
int flow_contact_view(struct store_tx *tx, const struct flow_actor *actor, const struct store_contact *row,
                      struct arena *arena, struct flow_contact *ret_contact, struct err *err);

/* Whether the candidate is the same person with a new employer. */
bool flow_candidate_moved(const struct store_candidate *row);

/* Whether a CRM already has the person, from the state of the contact (of which id and state matter) and its
 * candidates. */
int flow_verdict_of(struct store_tx *tx, const struct flow_actor *actor, const struct store_contact *contact,
                    struct arena *arena, struct flow_verdict *ret_verdict, struct err *err);

#endif

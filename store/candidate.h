/* Candidates: records that may be the same person as a contact, and what a person decided. */
#ifndef STORE_CANDIDATE_H
#define STORE_CANDIDATE_H

#include "store/store.h"

struct store_candidate {
    struct id id, contact, record, connection;
    double weight, probability;
    struct str band;    /* "obvious" | "possible" */
    struct str reasons; /* JSON array of the caller, sealed at rest */
    struct str decided; /* "same" | "different"; absent = not yet */
    struct str why;     /* what the person noted; sealed at rest; absent = nothing */
    struct id decided_by;
    int64_t decided_at; /* 0 = not yet */
    /* What follows is only for store_candidates_set(). */
    bool moved;                   /* the same person with another employer */
    struct json_list speaks_for;  /* struct str: comparisons that speak for it, by name */
    int64_t conflicts, additions; /* fields in which the record differs, and that it lacks */
};

/* Replaces the candidates of a contact by `n` others (ids ignored; connection is that of the record). Decided ones stay
 * and keep their decision; their weight, band and reasons are renewed when they come again. */
int store_candidates_set(struct store_tx *tx, const struct id *contact, const struct store_candidate *candidates,
                         size_t n, struct err *err);
/* Of living records, heaviest first (struct store_candidate). */
int store_candidates_of(struct store_tx *tx, const struct id *contact, struct arena *arena,
                        struct json_list *ret_candidates, struct err *err);
int store_candidate_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                        struct store_candidate *ret_candidate, struct err *err);
/* Notes (or changes) a decision. "same" with one record of a connection makes others of that connection that were
 * "same" undecided again. `why` may be absent. ERR_NOT_FOUND. */
int store_candidate_decide(struct store_tx *tx, const struct id *id, bool same, struct str why, const struct id *user,
                           struct err *err);
/* What people decided about other candidates for which the same comparisons spoke. */
struct store_similar {
    int64_t same, different; /* of the latest; 0 and 0 = nothing */
    struct id last_by;
    int64_t last_at; /* 0 = nothing */
};
int store_candidate_similar(struct store_tx *tx, const struct id *id, struct store_similar *ret_similar,
                            struct err *err);
/* Takes a decision back: the candidate is open again. ERR_NOT_FOUND. */
int store_candidate_reopen(struct store_tx *tx, const struct id *id, struct err *err);

#endif

/* Versions of the matching rules as people see them: draft -> simulated -> active -> retired, and back to any earlier
 * one. Administrators only. */
#ifndef FLOW_RULES_RULES_H
#define FLOW_RULES_RULES_H

#include "contact/contact.h"
#include "flow/flow.h"
#include "flow/match.h"
#include "flow/merge/survivorship.h"

/* What one level of a comparison tells, in bits. */
struct flow_weight {
    struct str field, level; /* of dedupe/levels.def */
    struct str sentence;     /* in the actor's language, for the answers */
    double bits, shipped;    /* of these rules; as Kartei ships it */
};

/* What was learned from decisions; absent in rules that a person wrote. */
struct flow_lesson {
    int64_t same, different;
    bool kept; /* too few decisions, or none that teach: the shipped weights stay */
    double surprise_before, surprise_after, largest_change;
    struct str field, level, sentence;
};

/* What a simulation on stock and decisions found; counts of pairs of a contact and a record. */
struct flow_simulation {
    int64_t contacts, total; /* looked at so far, of all */
    int64_t obvious_before, obvious_after, possible_before, possible_after;
    int64_t more, more_different;                     /* pairs shown that were not; of them decided "not the same" */
    int64_t fewer, fewer_same;                        /* pairs no more shown; of them decided "the same" */
    int64_t decisions, against_before, against_after; /* past decisions; those that the lanes speak against */
    struct json_list proposals;                       /* struct flow_proposals_changed: fields whose proposal changes */
    bool complete;
    struct str cursor;   /* contact to go on after; internal */
    struct str sentence; /* for the answers */
};
struct flow_proposals_changed {
    struct str field;
    int64_t contacts;
};

/* Resource "MatchingRules". Number 0 with an id of zeros are those that Kartei ships. */
struct flow_rules {
    struct str id;
    int64_t number;
    int state;                       /* flow_rules_words */
    int origin;                      /* flow_rules_origin_words */
    struct str author, activated_by; /* names */
    struct str created_at, simulated_at, activated_at;
    double possible, obvious;
    struct json_list weights;      /* struct flow_weight; empty in lists */
    struct json_list survivorship; /* struct flow_survival; empty in lists */
    struct flow_lesson *lesson;
    struct flow_simulation *simulation;
    bool outdated; /* weights for the levels of an earlier Kartei: cannot be used any more */
    int64_t version;
};
enum flow_rules_origin { FLOW_RULES_SHIPPED, FLOW_RULES_EDITED, FLOW_RULES_LEARNED };
extern const char *const flow_rules_words[], *const flow_rules_origin_words[];

/* Input of POST /v1/rules and of PATCH: what is absent stays as in the base, respectively as it is. */
struct flow_rules_input {
    struct str base_id;       /* creating only; absent: the active ones */
    double possible, obvious; /* probabilities; 0 = absent */
    struct json_list weights; /* struct flow_weight with field, level, bits */
    struct json_list survivorship;
};

/* Input and output of testing a pair. */
struct flow_pair_test {
    struct contact left, right;
};
struct flow_pair_verdict {
    double weight, probability;
    int band, outcome; /* dedupe_band_words, dedupe_outcome_words */
    struct str sentence;
    struct json_list reasons; /* struct flow_reason */
    struct flow_why why;
};
extern const struct json_shape flow_rules_shape, flow_rules_input_shape, flow_pair_test_shape, flow_pair_verdict_shape,
    flow_simulation_shape, flow_lesson_shape, flow_weight_shape;

/* Items are struct flow_rules, newest first, the shipped ones last. */
int flow_rules_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                    struct flow_list *ret_list, struct err *err);
int flow_rules_get(const struct flow *flow, const struct flow_actor *actor, struct id id, struct arena *arena,
                   struct flow_rules *ret_rules, struct err *err);
/* ERR_INVALID with a pointer; ERR_NOT_FOUND (the base). */
int flow_rules_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_rules_input *input,
                      struct arena *arena, struct flow_rules *ret_rules, struct err *err);
struct flow_rules_patch {
    struct id rules;
    int64_t version;
    struct flow_rules_input input;
};
/* Rules that were changed have to be simulated anew. ERR_STALE; ERR_CONFLICT: they were active once. */
int flow_rules_patch(const struct flow *flow, const struct flow_actor *actor, const struct flow_rules_patch *patch,
                     struct arena *arena, struct flow_rules *ret_rules, struct err *err);
/* Jobs: a simulation of these rules, and a lesson from all decisions so far, which ends in a new draft. */
int flow_rules_simulate(const struct flow *flow, const struct flow_actor *actor, struct id id, struct id *ret_job,
                        struct err *err);
int flow_rules_learn(const struct flow *flow, const struct flow_actor *actor, struct id *ret_job, struct err *err);
/* Makes simulated rules, or those of earlier, the active ones; everything that waits for a decision is compared again.
 * ERR_CONFLICT: not simulated, active already, or outdated. ERR_STALE. */
struct flow_rules_at {
    struct id rules;
    int64_t version;
};
int flow_rules_activate(const struct flow *flow, const struct flow_actor *actor, const struct flow_rules_at *at,
                        struct arena *arena, struct flow_rules *ret_rules, struct err *err);
/* What these rules say about two contacts. */
struct flow_rules_question {
    struct id rules;
    const struct flow_pair_test *pair;
};
int flow_rules_test(const struct flow *flow, const struct flow_actor *actor, const struct flow_rules_question *question,
                    struct arena *arena, struct flow_pair_verdict *ret_verdict, struct err *err);

#endif

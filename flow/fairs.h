/* Fairs: a trade fair or another occasion at which cards are collected. A capture there brings along its list, its tag
 * and the legal basis on which the data are kept. */
#ifndef FLOW_FAIRS_H
#define FLOW_FAIRS_H

#include "flow/flow.h"

/* Resource "Fair". */
struct flow_fair {
    struct str id, name;
    struct str tag;     /* absent: none */
    struct str list_id; /* where its captures go; absent: to the first list of whoever takes them */
    int legal_basis;    /* flow_legal_basis_words */
    struct str created_by, created_at;
    int state;        /* flow_fair_words */
    int64_t contacts; /* living ones from there */
    int64_t version;
};
/* Input of POST; of PATCH, where absent = unchanged and an empty tag or list_id takes it away. */
struct flow_fair_input {
    struct str name, tag, list_id;
    int legal_basis, state; /* -1: absent */
};
/* What a contact tells of where it was captured. */
struct flow_fair_ref {
    struct str id, name, tag;
    int legal_basis;
};
extern const struct json_shape flow_fair_shape, flow_fair_input_shape, flow_fair_ref_shape;
extern const char *const flow_legal_basis_words[]; /* "consent", "contract", "legitimate_interest", NULL */
extern const char *const flow_fair_words[];        /* "open", "closed", NULL */

/* Items are struct flow_fair, the latest first: those whose list the actor reaches, and those without a list. */
int flow_fair_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                   struct flow_list *ret_list, struct err *err);
/* Errors: ERR_INVALID with a pointer; ERR_NOT_FOUND, ERR_FORBIDDEN (the list). */
int flow_fair_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_fair_input *input,
                     struct arena *arena, struct flow_fair *ret_fair, struct err *err);
struct flow_fair_patch {
    struct id fair;
    int64_t version;
    struct flow_fair_input input;
};
/* Changes it, closes it or opens it again. Errors: as above, ERR_STALE; ERR_FORBIDDEN: somebody else's; ERR_CONFLICT:
 * another legal basis after something was captured there. */
int flow_fair_change(const struct flow *flow, const struct flow_actor *actor, const struct flow_fair_patch *patch,
                     struct arena *arena, struct flow_fair *ret_fair, struct err *err);

#endif

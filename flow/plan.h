/* The change that a person chose, as it is kept sealed from the dry run to the proof. */
#ifndef FLOW_PLAN_H
#define FLOW_PLAN_H

#include "flow/look.h"
#include "flow/preview.h"

enum { FLOW_IMAGE_BYTES = 64 * 1024 };

struct flow_plan {
    int action;                /* enum flow_action */
    struct str remote_id;      /* absent: create */
    struct str version;        /* of the CRM's record as it was decided on */
    int64_t mapping;           /* version of the field mapping that it was made by */
    struct str company;        /* id of the company to link that a person chose; absent: the only one of its name */
    struct str company_before; /* id of the company that the record was linked to; absent: none, or a plain text */
    struct str give_id, give_version; /* of a merge: the record that goes, as it was decided on */
    struct contact before, after;     /* the record as seen, and as it shall be */
    struct str image;                 /* crm_record.image of `before`: for the way back */
    struct json_list changes;         /* struct flow_change: what differs, for people */
    struct json_list rulings;         /* struct flow_ruling: the rule behind each field; none of a merge */
};
extern const struct json_shape flow_plan_shape;

/* The plan that the picks make of both sides; .changes is empty when the CRM has all of it. ERR_INVALID with a pointer
 * into the choices. */
int flow_plan_make(const struct flow_look *look, const struct flow_picks *picks, struct arena *arena,
                   struct flow_plan *ret_plan, struct err *err);

/* What a rehearsal told. */
struct flow_told {
    struct json_list left;                 /* struct str: values that the CRM has no room for */
    struct flow_company_question *company; /* NULL: there is nothing to ask */
    struct flow_problem *refusal;          /* NULL: nothing speaks against it */
};
/* Asks the CRM what writing would leave out, or be refused for; nothing is written. ERR_CRM_*. */
int flow_plan_rehearse(const struct flow_actor *actor, struct flow_look *look, const struct flow_plan *plan,
                       struct arena *arena, struct flow_told *ret_told, struct err *err);

/* A plan that somebody, or the policy, decided on. Then the actor is the system: no user of it is kept. */
struct flow_intent {
    const struct store_contact *contact; /* in the state and version that it was decided in */
    struct id connection, record;        /* record empty: create */
    struct str plan;                     /* JSON by flow_plan_shape */
};
/* In the caller's transaction: the intent is written, the contact moves on, the worker is told. ERR_CONFLICT when the
 * contact's state does not allow it or another one of it is under way. */
int flow_intend(struct store_tx *tx, const struct flow_actor *actor, const struct flow_intent *intent,
                struct arena *arena, struct id *ret_write_back, struct err *err);

#endif

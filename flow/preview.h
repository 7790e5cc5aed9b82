/* The dry run of what a person chose: the exact change, what the CRM says to it, and which company is meant. */
#ifndef FLOW_PREVIEW_H
#define FLOW_PREVIEW_H

#include "flow/review.h"

/* What a person takes for one field. */
struct flow_choice {
    struct str field;
    int take;         /* flow_take_words */
    struct str value; /* JSON of the own value; only with "own" */
    struct str main;  /* of several values the one that shall be the main one; absent = as it comes */
};
/* A company of the CRM, where those are records of their own. */
struct flow_company {
    struct str id, name; /* the CRM's */
    struct str place;    /* what tells it from others of the name; absent when the CRM does not say */
};
/* Which company is meant has to be asked. */
enum flow_company_found { FLOW_COMPANY_NONE, FLOW_COMPANY_SEVERAL };
struct flow_company_question {
    int found;                /* flow_company_words: "none", "several" have the name */
    struct str name;          /* as it would be written */
    struct json_list choices; /* struct flow_company: those several, or such whose name is alike */
    bool can_make;            /* none, and one may be made from here: flow_company_make() */
};
/* Two records of the CRM are to become one, by its own merge: this one goes. */
struct flow_merge_wish {
    struct str record_id, remote_version; /* as its review had it */
};
/* Input of POST /v1/previews. */
struct flow_preview_new {
    struct str contact_id;
    int64_t contact_version;
    struct str connection_id, record_id; /* record_id absent: create */
    struct str remote_version;           /* of the review; absent: create */
    struct json_list choices;            /* struct flow_choice; fields not named follow the proposal */
    struct flow_company *company;        /* to be linked as employer; NULL: the only one of the name */
    struct flow_merge_wish *merge;       /* merged into record_id, and nothing else is written; NULL: no merge */
};
struct flow_change {
    struct str field, before, after; /* JSON values, absent = none */
};
/* What the vendor will still take, as it said last. */
struct flow_quota {
    int64_t left;
    int64_t limit; /* -1 = it did not say */
};
/* Resource "Preview": what writing would do. */
struct flow_preview {
    struct str id;
    int action;
    struct json_list changes; /* struct flow_change */
    bool reversible;
    int64_t calls;            /* requests that the CRM will see */
    struct flow_quota *quota; /* NULL: this vendor says nothing about it */
    struct str expires_at;
    struct json_list warnings;             /* struct str: sentences in the actor's language */
    struct json_list left;                 /* struct str: values that the CRM has no room for */
    struct flow_company_question *company; /* NULL: there is nothing to ask */
    struct flow_problem *refusal; /* the CRM, or the description of its fields, would refuse it; NULL = nothing would */
};
/* Input of POST /v1/connections/{id}/companies. */
struct flow_company_new {
    struct id connection; /* of the path */
    struct str name;      /* 2 … 200 bytes */
};
extern const struct json_shape flow_choice_shape, flow_preview_new_shape, flow_preview_shape, flow_quota_shape,
    flow_change_shape, flow_company_shape, flow_company_question_shape, flow_merge_wish_shape, flow_company_new_shape;
extern const char *const flow_company_words[]; /* "none", "several", NULL */

struct flow_company_query {
    struct id connection;
    struct str text; /* 2 … 200 bytes */
};
/* Companies of a connection's CRM whose name contains the text: struct flow_company. Errors: ERR_INVALID, ERR_NOT_FOUND
 * (the connection, or it links no companies), ERR_READ_ONLY, ERR_CRM_*. */
int flow_companies(const struct flow *flow, const struct flow_actor *actor, const struct flow_company_query *query,
                   struct arena *arena, struct json_list *ret_companies, struct err *err);
/* Makes a company of this name in the CRM, unless it has exactly one: that one then. Two who ask at once, and one who
 * asks again after an answer got lost, get one company. It cannot be taken back from here: others may have been linked
 * to it. Errors: ERR_INVALID (name), ERR_NOT_FOUND (the connection, or it makes no companies), ERR_READ_ONLY,
 * ERR_PROPOSE_ONLY, ERR_BUSY (it is being made, or nobody knows yet whether it was: ask again later), ERR_CONFLICT (the
 * CRM has several of the name), ERR_CRM_*; after ERR_CRM_UNCERTAIN asking again is safe. */
int flow_company_make(const struct flow *flow, const struct flow_actor *actor, const struct flow_company_new *input,
                      struct arena *arena, struct flow_company *ret_company, struct err *err);
/* Plans with the code that writing uses, and keeps the plan sealed for an hour. Errors: as above, ERR_STALE (contact),
 * ERR_CRM_CONFLICT (record), ERR_INVALID with a pointer into the choices, ERR_FORBIDDEN, ERR_READ_ONLY. */
int flow_preview(const struct flow *flow, const struct flow_actor *actor, const struct flow_preview_new *input,
                 struct arena *arena, struct flow_preview *ret_preview, struct err *err);

#endif

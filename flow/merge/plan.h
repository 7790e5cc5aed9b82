/* The merge, pure: card and CRM record side by side, a proposal per field, and what a person's choices would change.
 * Review, dry run and write share it, so what was shown is what is written. */
#ifndef FLOW_MERGE_PLAN_H
#define FLOW_MERGE_PLAN_H

#include "flow/merge/survivorship.h"

enum flow_group { FLOW_GROUP_CONFLICT, FLOW_GROUP_ADDITION, FLOW_GROUP_EQUAL, FLOW_GROUP_UNMAPPED };
enum flow_take { FLOW_TAKE_CARD, FLOW_TAKE_CRM, FLOW_TAKE_BOTH, FLOW_TAKE_OWN };

/* Which fields the CRM has a place for: true for a field of fields.def. */
typedef bool flow_mapped_fn(const void *self, const struct contact_field *field);

struct flow_sides {
    const struct contact *card;
    const struct contact *crm; /* NULL: there is no record yet */
    bool moved;                /* the same person with a new employer: then the card knows the organisation */
    const struct flow_survivorship *survivorship; /* NULL: the default */
    const struct json_list *claims;               /* struct contact_claim of the card; may be empty */
    flow_mapped_fn *mapped;
    const void *mapped_self;
};

/* One field of the merge view. */
struct flow_row {
    const struct contact_field *field;
    enum flow_group group;
    enum flow_take proposal;
    const char *why;                   /* key of the rule behind the proposal: see plan.c */
    double confidence;                 /* of the card's reading: the least of the field's claims; 1 without claims */
    const struct contact_claim *claim; /* the first claim of the field with a place on the card, or NULL */
};

/* Rows for the fields that at least one side fills: conflicts, additions, equal, unmapped, each in the order of
 * fields.def. What only one side knows stays; of two differing values the survivorship decides. Returns the number; at
 * most contact_field_count rows. */
size_t flow_rows(const struct flow_sides *sides, struct arena *arena, struct flow_row **ret_rows);

/* JSON of a field's value, absent when empty. */
struct str flow_field_json(const struct contact *contact, const struct contact_field *field, struct arena *arena);
/* True when both contacts say the same in the field, by the comparison of the merge view. */
bool flow_field_same(const struct contact *a, const struct contact *b, const struct contact_field *field,
                     struct arena *arena);

/* True when both have the same value as their first, or none. */
bool flow_main_same(const struct contact *a, const struct contact *b, const struct contact_field *field,
                    struct arena *arena);

struct flow_pick {
    const struct contact_field *field;
    enum flow_take take;
    struct str own;  /* JSON value, with FLOW_TAKE_OWN */
    struct str main; /* the value that shall be the first; absent = as it comes. Fields of values only */
};
struct flow_picks {
    const struct flow_pick *picks; /* fields not named follow the proposal */
    size_t n;
    const char *region; /* ISO 3166-1 alpha-2, for own phone numbers */
    bool by_policy;     /* nobody picked: the connection's policy, which fills blanks only */
};

/* What became of a field's proposal: which rule made it, and whether the person let it stand. */
struct flow_ruling {
    struct str field;
    struct str rule;    /* flow_row.why, or the policy's that kept it; absent: no side fills the field, no rule spoke */
    int proposal, take; /* flow_take_words */
    bool overridden;    /* decided otherwise than the rule: another side, an own value, or another main value */
};
extern const struct json_shape flow_ruling_shape;

/* The record as it shall be: starts from the CRM's (or from nothing) and takes what was chosen; unmapped fields stay
 * the CRM's. With it the rulings (struct flow_ruling; room for all fields): one for each field that differs, and for
 * each that was decided otherwise than proposed. Errors: ERR_INVALID with a pointer "/choices/i", also for a main value
 * that is not among the field's. */
int flow_merge(const struct flow_sides *sides, const struct flow_picks *picks, struct arena *arena,
               struct contact *ret_after, struct json_list *ret_rulings, struct err *err);
/* A person decided on the field by other means than a pick. */
void flow_overrule(struct json_list *rulings, const char *field);

#endif

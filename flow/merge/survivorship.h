/* Survivorship: which of two differing values of a field is proposed to stay, as data. Whatever the rule, a blank never
 * replaces a value, a doubtful reading never replaces the CRM's, and a person who moved brings the new employer. */
#ifndef FLOW_MERGE_SURVIVORSHIP_H
#define FLOW_MERGE_SURVIVORSHIP_H

#include "contact/contact.h"

enum flow_survives {
    FLOW_SURVIVES_TRUSTED, /* the CRM's: people keep it */
    FLOW_SURVIVES_NEWEST,  /* the card's: it was handed over after the CRM was filled */
    FLOW_SURVIVES_LONGEST, /* the one with more letters; the CRM's on a tie */
    FLOW_SURVIVES_FULLEST, /* the one with more words, or more parts of an address; the CRM's on a tie */
    FLOW_SURVIVES_ALL,     /* both, side by side: fields of several values only */
};
extern const char *const flow_survives_words[]; /* "trusted", "newest", "longest", "fullest", "all", NULL */

enum { FLOW_SURVIVORSHIP_FIELDS = 11 }; /* fields.def */

struct flow_survivorship {
    enum flow_survives rule[FLOW_SURVIVORSHIP_FIELDS]; /* in the order of contact_fields */
};
/* survivorship.def. */
extern const struct flow_survivorship flow_survivorship_default;

/* One row as people and JSON have it. */
struct flow_survival {
    struct str field; /* name of fields.def */
    int rule;         /* flow_survives_words */
};
extern const struct json_shape flow_survival_shape;

/* All rows; in the arena. */
struct json_list flow_survivorship_rows(const struct flow_survivorship *survivorship, struct arena *arena);
/* Rows over a base: fields not named keep theirs. ERR_INVALID with a pointer below "/survivorship": no such field,
 * named twice, or "all" where there is room for one value only. */
int flow_survivorship_apply(const struct json_list *rows, const struct flow_survivorship *base,
                            struct flow_survivorship *ret_survivorship, struct err *err);

/* The rule of a field. */
enum flow_survives flow_survives(const struct flow_survivorship *survivorship, const struct contact_field *field);
/* Whether the card's value of a differing field survives by a rule other than ALL. */
bool flow_card_survives(enum flow_survives rule, const struct contact *card, const struct contact *crm,
                        const struct contact_field *field);

#endif

/* The mails of sign-in: their words in both languages, and their way out. */
#ifndef FLOW_SIGN_IN_LETTER_H
#define FLOW_SIGN_IN_LETTER_H

#include "flow/flow.h"

enum flow_letter_kind { FLOW_LETTER_LINK, FLOW_LETTER_SIGN_UP, FLOW_LETTER_INVITATION, FLOW_LETTERS };
struct flow_letter {
    enum flow_letter_kind kind;
    const char *language; /* "de" or "en" */
    struct str to;        /* address */
    struct id org_id;
    struct str org;  /* its name */
    struct str code; /* to be typed there; absent = none */
    struct str path; /* behind PUBLIC_URL: what the button leads to */
};
/* Sends it by the instance's mail server. Errors as crm_submission_send(); ERR_NOT_FOUND without such a server. */
int flow_letter_send(const struct flow *flow, const struct flow_letter *letter, struct err *err);

#endif

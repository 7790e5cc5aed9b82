/* Normal form of an organisation's name: legal form and noise words taken off, abbreviations spelled one way. */
#ifndef CONTACT_COMPANY_H
#define CONTACT_COMPANY_H

#include "base/str.h"

enum { CONTACT_COMPANY_WORDS = 8 };

struct contact_company {
    struct str
        words[CONTACT_COMPANY_WORDS]; /* plain spelling: "muster", "maschinenbau"; never empty when name is not */
    size_t n;
    struct str core;    /* the words joined by blanks */
    struct str joined;  /* the words joined without blanks: meets "muster-maschinenbau.de" */
    struct str acronym; /* first letters of the words when there are two or more, else "" */
    struct str legal;   /* "gmbh", "gmbh co kg", "ltd" …; "" when none was found */
};

/* Texts live in the arena. An absent or empty name gives n == 0 and empty texts. */
void contact_company_form(struct str organization, struct arena *arena, struct contact_company *ret_company);

#endif

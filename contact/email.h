/* E-mail addresses and domain names: syntax (RFC 5321, the dot-string form), public suffixes, free-mail and role
 * tables. Only email.c knows libpsl. */
#ifndef CONTACT_EMAIL_H
#define CONTACT_EMAIL_H

#include "base/str.h"

struct contact_email {
    struct str address; /* local part as given, domain in lower case */
    struct str local;   /* view into address */
    struct str domain;  /* view into address */
    struct str site;    /* registrable domain ("muster.example" of mail.muster.example); absent when there is none */
};

/* Checks a whole address: dot-atom local part of at most 64 bytes, domain of at least two labels, 254 bytes in all;
 * letters of other scripts are allowed (RFC 6531). False when it is not an address. */
bool contact_email_parse(struct str text, struct arena *arena, struct contact_email *ret_email);

/* True for a host name of two or more labels of letters, digits, inner hyphens (RFC 1123; IDN letters allowed). */
bool contact_domain_valid(struct str domain);
/* True when the last label is a top-level domain of the Public Suffix List, or reserved for tests (.example, .test). */
bool contact_domain_known(struct str domain);
/* Registrable domain in lower case ("muster.co.uk" of www.muster.co.uk), absent when the name is itself a suffix. */
struct str contact_domain_site(struct str domain, struct arena *arena);
/* True for mailboxes anybody can have (gmail.com, gmx.de, web.de …): says nothing about the employer. */
bool contact_domain_free_mail(struct str domain);
/* True for local parts of a role, not a person (info, office, kontakt, sales …). */
bool contact_email_role(struct str local);
/* ISO 3166-1 alpha-2 of a country-code domain ("DE" of muster.de, "GB" of .uk), "" otherwise or for the ones sold as
 * words (.io, .ai, .tv, .me, .co). Static storage. */
const char *contact_domain_region(struct str domain);

#endif

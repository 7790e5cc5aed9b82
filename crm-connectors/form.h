/* The form of a connection: what a person has to enter, and which addresses a vendor's customers have. */
#ifndef CRM_CONNECTORS_FORM_H
#define CRM_CONNECTORS_FORM_H

#include "base/str.h"

/* Addresses that a vendor's customers have (crm_form_field.address); lists have blanks between. */
struct crm_form_address {
    const char *hosts;  /* "login.example *.my.example *--*.test.example"; * = letters, digits and single hyphens */
    const char *offers; /* whole addresses to choose from, the first is the usual one; others are typed; NULL = none */
    const char *like;   /* for people: what such an address looks like */
};
/* Whether a host, in lower case, is one of them. */
bool crm_form_host_fits(const struct crm_form_address *address, struct str host);

/* One field of the connection's form. */
struct crm_form_field {
    const char *name;  /* member of settings or secret */
    const char *label; /* key of the pages' catalogues */
    const char *type;  /* "url", "text", "password", "key" (several lines), "grant" */
    bool secret, required;
    const char *preset; /* or NULL */
    unsigned grants;    /* enum crm_grant, or-ed: belongs to these kinds of connection alone; 0 = to all */
    const struct crm_form_address *address; /* of a "url": which ones the vendor has; NULL = any */
};

struct crm_form {
    const struct crm_form_field *fields;
    size_t n;
};

#endif

/* Whom a connection, a mailbox or the instance's own mail may contact: worked out from the table, the settings and what
 * came with the tokens. What is enforced (crm_http_options .only) and what is published are made of the same rows. */
#ifndef CRM_CONNECTORS_REACH_H
#define CRM_CONNECTORS_REACH_H

#include "crm-connectors/connector.h"

struct crm_submission; /* submission/submission.h */

enum crm_reach_purpose {
    CRM_REACH_API,        /* the vendor's API: test, pull, live record, write-back */
    CRM_REACH_TOKEN,      /* its token endpoint */
    CRM_REACH_REVOKE,     /* where a permission is given back */
    CRM_REACH_IMAP,       /* a mailbox */
    CRM_REACH_PROVIDER,   /* an identity provider: description, keys, tokens, userinfo */
    CRM_REACH_SUBMISSION, /* the server that takes our own mail */
    CRM_REACH_PURPOSES
};
extern const char *const crm_reach_words[]; /* "api", "token", "revoke", "imap", "provider", "submission", NULL */

/* One host and port, TCP. */
struct crm_reach {
    struct str host; /* lower case; an IPv6 literal without brackets */
    uint16_t port;
    enum crm_reach_purpose purpose;
};
struct crm_reach_list {
    struct crm_reach *rows;
    size_t n;
};

/* Of a connection or mailbox; `base` is the API's address that came with its tokens, or absent; `allow` the operator's
 * list of private hosts. An address that breaks a rule of egress.h is on no list: nothing may be sent there. */
struct crm_reach_list crm_reach_of(const struct crm_connector *connector, struct str settings, struct str base,
                                   const char *allow, struct arena *arena);
/* Of web addresses, absent ones left out. */
struct crm_reach_list crm_reach_urls(const struct str *urls, size_t n, const char *allow,
                                     enum crm_reach_purpose purpose, struct arena *arena);
/* Of the mail server. */
struct crm_reach_list crm_reach_mail(const struct crm_submission *mail, const char *allow, struct arena *arena);

/* "host:port host:port" of the rows whose purpose is one of `purposes` (bits 1 << enum crm_reach_purpose), each once:
 * for crm_http_options .only. */
char *crm_reach_only(const struct crm_reach_list *list, unsigned purposes, struct arena *arena);

#endif

/* Where we may connect to when strangers name the host: pure checks of URLs and addresses (OWASP API7, RFC 6890). */
#ifndef CRM_CONNECTORS_EGRESS_H
#define CRM_CONNECTORS_EGRESS_H

#include "base/err.h"

struct crm_address {
    int family;          /* 4 or 6 */
    unsigned char b[16]; /* network order; 4 or 16 bytes used */
};

enum { CRM_ADDRESSES = 16 }; /* of one name, at most */

/* Addresses of a host name: returns how many (0 = there is no such name), or -1 when nobody could say now. */
typedef int crm_resolve_fn(void *self, const char *host, int timeout_ms, struct crm_address ret[CRM_ADDRESSES]);

struct crm_target {
    bool tls;
    struct str host; /* lower case; an IPv6 literal without brackets */
    uint16_t port;
    struct str path; /* with query; starts with '/' */
    struct str url;  /* put together again from the parts, so that nobody reads it differently */
    bool allowed;    /* on the operator's list: private addresses and plain http are fine */
    bool literal;    /* the host is an address */
    struct crm_address address;
};

/* Takes an URL apart by a strict grammar: https (http only when allowed), no user, no fragment, no escapes or foreign
 * letters in the host, port 443 unless allowed; IPv4 only as four plain decimal parts, IPv6 without zone. `allow` is
 * the operator's list, NULL = empty. Errors: ERR_HOST_REFUSED with the reason (spelling only). */
int crm_egress_url(struct str url, const char *allow, struct arena *arena, struct crm_target *ret_target,
                   struct err *err);
/* A mail server: always encrypted, from the first byte (`tls`) or by STARTTLS. */
struct crm_mail_host {
    struct str host;
    uint16_t port;
    bool tls;
    bool submission; /* it takes our mail (SMTP, RFC 6409); else it keeps other people's (IMAP) */
};
/* The scheme of its URL: "imaps", "imap", "smtps", "smtp". */
const char *crm_mail_scheme(const struct crm_mail_host *at);
/* No line break in it: a header's value may have come from a foreign answer (an ETag in an XML body). */
bool crm_egress_one_line(struct str value);
/* The same for a mail server: a list entry opens private addresses and other ports than 993 (tls) and 143 (STARTTLS),
 * for submission 465 and 587; never plain text. */
int crm_egress_mail(const struct crm_mail_host *at, const char *allow, struct arena *arena,
                    struct crm_target *ret_target, struct err *err);
/* True when the address is global unicast and neither private, loopback, link-local, shared, documentation, benchmark,
 * multicast, reserved nor a wrapper (mapped, 6to4, Teredo, NAT64) around such. */
bool crm_egress_public(const struct crm_address *address);
/* True when the list is well-formed: host:port pairs between blanks or commas. */
bool crm_egress_list_valid(const char *allow);
/* Whether host and port are on a well-formed list; NULL is the empty one. */
bool crm_egress_listed(const char *list, struct str host, uint16_t port);
/* "192.0.2.1" or "2001:db8::1" into an address; false for every other spelling. */
bool crm_egress_literal(struct str host, struct crm_address *ret_address);
/* The other way round. */
struct str crm_egress_text(const struct crm_address *address, struct arena *arena);
/* The lent resolver's default: getaddrinfo in a thread of its own, so that the deadline holds. */
int crm_egress_resolve(void *self, const char *host, int timeout_ms, struct crm_address ret[CRM_ADDRESSES]);

/* Who is asked for addresses, and how long. */
struct crm_names {
    crm_resolve_fn *resolve;
    void *self;
    int timeout_ms;
};
/* Resolves the target's name once and judges every address: *ret_pin is "host:port:address,[address]", absent for a
 * literal. Errors: ERR_HOST_REFUSED (no such name, or an address that is not for us), ERR_CRM_DOWN (nobody could say).
 */
int crm_egress_pin(const struct crm_names *names, const struct crm_target *target, struct arena *arena,
                   struct str *ret_pin, struct err *err);

#endif

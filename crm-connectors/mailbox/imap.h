/* The part of IMAP (RFC 9051, RFC 3501, IDLE: RFC 2177) that looking at incoming mail needs, spoken over a connection
 * that is signed in already. Nothing it sends can change a mailbox: EXAMINE opens read-only, BODY.PEEK sets no flag.
 * The server is not trusted: every size has a ceiling, and what does not fit the grammar ends the connection. */
#ifndef CRM_CONNECTORS_MAILBOX_IMAP_H
#define CRM_CONNECTORS_MAILBOX_IMAP_H

#include "base/err.h"

enum {
    CRM_IMAP_HEADER_MAX = 64 * 1024,  /* bytes of the fields that are asked for, of one mail */
    CRM_IMAP_UIDS = 256,              /* of one search */
    CRM_IMAP_IDLE_MS = 25 * 60 * 1000 /* servers hang up after 30 minutes (RFC 2177 asks for 29) */
};

/* The connection, lent: crm_stream_*, or a test's own bytes. Return 0, or -1 with an error. */
struct crm_imap_wire {
    void *self;
    int (*send)(void *self, const char *p, size_t n, struct err *err);
    /* 1 to n bytes; 0 within timeout_ms (0 = the wire's own patience), or when woken: *ret_n = 0. */
    int (*receive)(void *self, char *p, size_t n, int timeout_ms, size_t *ret_n, struct err *err);
};

struct crm_imap {
    struct crm_imap_wire wire;
    unsigned tag;
    size_t at, n; /* of what came and is not yet read */
    size_t line;  /* bytes of the response being read, literals not counted */
    char buf[16 * 1024];
};

/* What EXAMINE says of a folder. */
struct crm_imap_folder {
    uint32_t uid_validity, uid_next; /* never 0 */
    int64_t exists;                  /* mails in it */
};

/* One mail of a fetch. */
struct crm_imap_mail {
    uint32_t uid;
    int64_t size;      /* of the whole mail, as the server says; 0 = it does not */
    struct str fields; /* the header fields asked for, as they are; valid during the call of `each` only */
};

/* All give ERR_CRM_DOWN when the connection breaks or the server says something that is no IMAP (detail: what), and
 * ERR_CRM_REFUSED with its words when it answers NO or BAD. After ERR_CRM_DOWN the connection is of no use. */
int crm_imap_examine(struct crm_imap *imap, struct crm_imap_folder *ret_folder, struct err *err);
/* The lowest UIDs of INBOX that are greater than `after`, ascending; at most CRM_IMAP_UIDS. `since_ms` > 0: only mail
 * that arrived since the day before that moment. */
int crm_imap_search(struct crm_imap *imap, uint32_t after, int64_t since_ms, uint32_t ret_uids[CRM_IMAP_UIDS],
                    size_t *ret_n, struct err *err);
/* From, Sender, Reply-To, List-Id and Auto-Submitted of the mails; `each` returns -1 to give up. A mail that is gone
 * is left out. */
int crm_imap_headers(struct crm_imap *imap, const uint32_t *uids, size_t n,
                     int (*each)(void *self, const struct crm_imap_mail *mail, struct err *err), void *self,
                     struct err *err);
/* The first `room` bytes of a mail into `to`; *ret_n = 0 when it is gone. Nothing of it stays in `imap`. */
int crm_imap_body(struct crm_imap *imap, uint32_t uid, char *to, size_t room, size_t *ret_n, struct err *err);
/* Waits until the folder has news, for at most timeout_ms, or until the wire is woken: *ret_news. */
int crm_imap_idle(struct crm_imap *imap, int timeout_ms, bool *ret_news, struct err *err);
/* Says goodbye, as far as that works. */
void crm_imap_logout(struct crm_imap *imap);

#endif

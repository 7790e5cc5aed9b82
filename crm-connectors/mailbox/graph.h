/* Incoming mail of Microsoft 365 by Microsoft Graph v1.0: the inbox of the person who consented, with Mail.Read alone.
 * Of a mail first who sent it is asked for, then the two header fields that tell lists and programs, then all of it.
 * Nothing here changes a mailbox; what is written are subscriptions. */
#ifndef CRM_CONNECTORS_MAILBOX_GRAPH_H
#define CRM_CONNECTORS_MAILBOX_GRAPH_H

#include "crm-connectors/connector.h"

extern const struct crm_connector crm_graph_mailbox;

/* Functions give 1; 0 with *ret for any other answer (CRM_GONE: there is no such mail or subscription; CRM_QUOTA or
 * CRM_DOWN with retry_after_ms: nobody shall ask before); -1 with an error when nothing could be asked. */

struct crm_graph_mail {
    struct str id;     /* immutable as long as the mail is in the mailbox */
    struct str fields; /* From, Sender, Reply-To as header fields; absent for a mail that went */
};
struct crm_graph_page {
    struct json_list mails; /* struct crm_graph_mail */
    struct str next, delta; /* exactly one: the next page, or where the next look goes on */
    bool forgotten;         /* with 0: the link is no longer known there: begin anew */
};
struct crm_graph_from {
    struct str link;  /* a .next or .delta of before; empty = from that moment on: */
    int64_t since_ms; /* ms since 1970 */
};
/* A page of what came into the inbox. */
int crm_graph_delta(struct crm_lent *lent, const struct crm_graph_from *from, struct arena *arena,
                    struct crm_graph_page *ret_page, struct crm_result *ret, struct err *err);

/* One mail, by its id. The sender as crm_graph_mail.fields; From, Sender, Reply-To, List-Id and Auto-Submitted as they
 * came; the whole mail as MIME. */
int crm_graph_sender(struct crm_lent *lent, struct str id, struct arena *arena, struct str *ret_fields,
                     struct crm_result *ret, struct err *err);
int crm_graph_fields(struct crm_lent *lent, struct str id, struct arena *arena, struct str *ret_fields,
                     struct crm_result *ret, struct err *err);
int crm_graph_mime(struct crm_lent *lent, struct str id, struct arena *arena, struct crm_into *into,
                   struct crm_result *ret, struct err *err);
/* Whether a text may be the id of a mail or subscription. */
bool crm_graph_id(struct str id);

/* To be told of new mail in the inbox. */
struct crm_graph_subscription {
    struct str url, lifecycle_url; /* ours, https */
    struct str secret;             /* at most 128 characters: comes with every notification */
    struct str id;                 /* the service's */
    int64_t expires_at;
};
enum { CRM_GRAPH_MINUTES = 10000 /* asked for; the service allows 10,070 */ };
/* Subscribes: fills .id and .expires_at. One of ours that is there already (its answer was lost) is replaced. */
int crm_graph_subscribe(struct crm_lent *lent, struct crm_graph_subscription *subscription, struct arena *arena,
                        struct crm_result *ret, struct err *err);
/* Lives longer: fills .expires_at. Answers a demand to consent again, too. */
int crm_graph_renew(struct crm_lent *lent, struct crm_graph_subscription *subscription, struct arena *arena,
                    struct crm_result *ret, struct err *err);
int crm_graph_unsubscribe(struct crm_lent *lent, struct str id, struct arena *arena, struct crm_result *ret,
                          struct err *err);

#endif

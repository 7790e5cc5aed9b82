/* One look at a mailbox, whichever way its mail comes: what the job "mail" and the ways share. */
#ifndef FLOW_MAIL_CHECK_H
#define FLOW_MAIL_CHECK_H

#include "base/locked.h"
#include "flow/mail/mail.h"
#include "flow/work/work.h"

struct flow_check {
    struct flow_work *work;
    struct flow_mail mail;
    struct locked bytes;                    /* the one place where a mail ever lies */
    struct store_mailbox_progress progress; /* not yet kept */
    struct str done;                        /* id of the mail that is looked at, where the service has ids */
    int64_t begun_at;                       /* by the database's clock */
    int64_t wait_ms; /* the service asked us to stay away that long; -1 = without saying how long; 0 = it did not */
};

/* By From, Sender, Reply-To, List-Id, Auto-Submitted, as far as they are among the fields: whether the mail is read.
 * Counts those that are not. */
bool flow_check_wanted(struct flow_check *check, struct str fields);
/* Reads the first n bytes of check->bytes as a mail and wipes them; a suggestion is kept together with counts, cursor
 * (absent = unchanged) and check->done. */
int flow_check_mail(struct flow_check *check, size_t n, struct str cursor, struct err *err);
/* Keeps counts, cursor and check->done; `complete`: nothing new is left. */
int flow_check_progress(struct flow_check *check, struct str cursor, bool complete, struct err *err);

/* The ways. *ret_left: stopped in the middle, because the worker is to end. */
int flow_check_imap(struct flow_check *check, bool *ret_left, struct err *err);
int flow_check_graph(struct flow_check *check, bool *ret_left, struct err *err);

/* What an answer of crm-connectors/mailbox/graph.h means for the look: 1; 0: there is no such thing; -1 with the error
 * and check->wait_ms. */
int flow_check_answer(struct flow_check *check, int r, const struct crm_result *result, struct err *err);
/* Subscribes or renews where that is due; *ret_told: new mail will be told of; *ret_fresh: only from now on. Where the
 * service cannot reach us that is no failure. */
int flow_check_subscription(struct flow_check *check, bool *ret_told, bool *ret_fresh, struct err *err);

#endif

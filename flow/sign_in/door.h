/* What happens at the door before anybody is known, as notes for the worker: a mail that is asked for, a sign-in that
 * was refused. For known and unknown addresses the answer and its cost are the same, because nobody has looked yet. */
#ifndef FLOW_SIGN_IN_DOOR_H
#define FLOW_SIGN_IN_DOOR_H

#include "flow/sign_in.h"
#include "flow/work/work.h"

enum flow_door_kind { FLOW_DOOR_LINK, FLOW_DOOR_REFUSED, FLOW_DOOR_SIGN_UP, FLOW_DOOR_INVITATION };
struct flow_door_note {
    int kind; /* enum flow_door_kind */
    struct str email, language;
    struct str browser, code;            /* of a link: see struct flow_asked; of an invitation its own code */
    struct str org, name, invitation;    /* of a sign-up and an invitation: ids, and what the person is called */
    struct str method, request, address; /* of a refusal */
    int64_t at_ms;
};
/* Fills at_ms and leaves the note. */
int flow_door_leave(const struct flow *flow, struct flow_door_note *note, struct err *err);
/* Asks for a mail with a link: fills browser and code besides, and says what the asking browser gets. */
int flow_door_ask(const struct flow *flow, struct flow_door_note *note, struct arena *arena,
                  struct flow_asked *ret_asked, struct err *err);
/* A note by its id, for the jobs that come of it. ERR_NOT_FOUND after an hour. */
int flow_door_read(const struct flow *flow, const struct id *id, struct arena *arena, struct flow_door_note *ret_note,
                   struct err *err);
/* Makes jobs and audit entries of the notes that wait; *ret_n says of how many. For the worker, any time. */
int flow_door_route(const struct flow *flow, struct arena *arena, size_t *ret_n, struct err *err);

/* Kinds of jobs that notes become; rows of flow_job_kinds. Subject: the note; user: who is meant, if it is a user. */
int flow_work_send_link(struct flow_work *work, struct err *err);       /* link.c */
int flow_work_send_sign_up(struct flow_work *work, struct err *err);    /* flow/sign_up/sign_up.c */
int flow_work_send_invitation(struct flow_work *work, struct err *err); /* flow/sign_up/invitations.c */
/* What all of them do: reads the note, lets `write` say what the letter holds, sends it, settles the job. A note that
 * is gone, or a letter whose .to stays absent, sends nothing. */
struct flow_letter;
int flow_door_mail(struct flow_work *work, struct flow_letter *letter,
                   int (*write)(struct flow_work *work, const struct flow_door_note *note, struct flow_letter *letter,
                                struct err *err),
                   struct err *err);
/* The job that mails somebody who has an account a link, whatever they asked for; in the transaction. */
int flow_door_link_job(struct store_tx *tx, const struct id *note, const struct id *user, struct err *err);

#endif

/* How far a test of a connection or mailbox came, in words. */
#ifndef FLOW_CRM_STEPS_H
#define FLOW_CRM_STEPS_H

#include "flow/connect.h"

/* struct flow_test_step: those that were reached and the one that failed, in the actor's language; all of them for
 * ERR_NONE. `mail`: of a mailbox. */
struct json_list flow_test_steps(const struct flow_actor *actor, const struct err *failure, bool mail,
                                 struct arena *arena);
/* An error of talking to a server, said of a mail server: ERR_MAIL_DOWN, ERR_MAIL_SIGN_IN; others stay. */
void flow_mail_say(struct err *err);

#endif

/* Which passwords are taken, everywhere the same: long enough, not one of those that many people use, nothing in it
 * that strangers know of the user. No rules of composition, every character counts (NIST SP 800-63B-4 section 3.1.1).
 */
#ifndef FLOW_SIGN_IN_PASSWORD_RULE_H
#define FLOW_SIGN_IN_PASSWORD_RULE_H

#include "base/err.h"

enum {
    FLOW_PASSWORD_ALONE = 15, /* characters, where nothing else is asked for */
    FLOW_PASSWORD_WITH = 8,   /* with a second factor */
    FLOW_PASSWORD_BYTES = 1024,
};

/* Whose password it is to be. */
struct flow_password_of {
    struct str email, name, org; /* none of their words of four letters or more may be in it */
    bool second_factor;          /* one is asked for, whatever happens */
};
/* ERR_INVALID with the pointer "/password" and the reason. */
int flow_password_judge(struct str password, const struct flow_password_of *of, struct err *err);

/* The shipped list: a line end before, between and behind its lines, which are sorted by byte. */
extern const struct str flow_common_passwords;

#endif

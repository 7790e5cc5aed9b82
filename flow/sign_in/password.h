/* Passwords: a place at the hasher, and new ones. Each hash takes 64 MiB, so few are made at a time and guessing cannot
 * take the machine's memory. */
#ifndef FLOW_SIGN_IN_PASSWORD_H
#define FLOW_SIGN_IN_PASSWORD_H

#include "store/people.h"

/* Waits up to 10 s for a place. ERR_BUSY. */
int flow_password_enter(struct err *err);
void flow_password_leave(void);

/* Judges a new password for the user (password_rule.h; a user without id is a new one) and puts its hash there; an
 * absent one makes password_hash absent, which keeps what is stored. ERR_INVALID with a pointer, ERR_BUSY. */
int flow_password_set(struct store_tx *tx, struct store_user *user, struct str password, struct arena *arena,
                      struct err *err);

#endif

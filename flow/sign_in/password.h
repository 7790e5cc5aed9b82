/* A place at the password hasher: each takes 64 MiB, so few work at a time and guessing cannot take the machine's
 * memory. */
#ifndef FLOW_SIGN_IN_PASSWORD_H
#define FLOW_SIGN_IN_PASSWORD_H

#include "base/err.h"

/* Waits up to 10 s for a place. ERR_BUSY. */
int flow_password_enter(struct err *err);
void flow_password_leave(void);

#endif

/* `kartei admin` from the inside: what its verbs share. */
#ifndef SERVICES_ADMIN_ADMIN_H
#define SERVICES_ADMIN_ADMIN_H

#include "flow/flow.h"

struct admin_options {
    struct str org, name, email, role, language, file; /* absent when not given */
    int64_t minutes;                                   /* life of a link */
    bool if_missing, json, password_stdin;
};

struct admin {
    const struct flow *flow;
    struct arena *arena;
    struct admin_options options;
};

/* Each prints its result on stdout. Errors as in flow/. */
int admin_create_org(struct admin *admin, struct err *err);
int admin_list_orgs(struct admin *admin, struct err *err);
int admin_create_user(struct admin *admin, struct err *err);
int admin_list_users(struct admin *admin, struct err *err);
int admin_login_link(struct admin *admin, struct err *err);
int admin_fill_demo(struct admin *admin, struct err *err);
int admin_verify_audit(struct admin *admin, struct err *err);
/* A demo organisation with a stock and an administrator; prints a link that signs in once. */
int admin_demo(struct admin *admin, struct err *err);

/* As root: become the owner of KARTEI_VAR, to whom database and keys answer. Errors: ERR_INTERNAL. */
int admin_leave_root(struct err *err);

#endif

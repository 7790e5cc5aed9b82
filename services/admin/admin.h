/* `kartei admin` from the inside: what its verbs share. */
#ifndef SERVICES_ADMIN_ADMIN_H
#define SERVICES_ADMIN_ADMIN_H

#include "flow/flow.h"

struct admin_options {
    struct str org, name, email, role, language, file; /* absent when not given */
    struct str session, token, grant, user, record, address, action, from, to,
        confirm;                      /* questions to the audit trail */
    struct str kind, outcome, detail; /* of a drill */
    int64_t minutes;                  /* life of a link */
    bool if_missing, json, password_stdin, entries, nft;
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
/* The audit trail: which records were touched or, with --entries, by which entries; lines for kartei-audit-verify; the
 * public key of signed heads; the store's own look at the chain. */
int admin_audit_find(struct admin *admin, struct err *err);
int admin_audit_export(struct admin *admin, struct err *err);
int admin_audit_key(struct admin *admin, struct err *err);
int admin_audit_verify(struct admin *admin, struct err *err);
/* A demo organisation with a stock and an administrator; prints a link that signs in once. */
int admin_demo(struct admin *admin, struct err *err);

/* Keys: versions of an organisation's data key, a fresh one, another master key for the whole instance. */
int admin_keys_list(struct admin *admin, struct err *err);
int admin_keys_rotate(struct admin *admin, struct err *err);
int admin_keys_rotate_master(struct admin *admin, struct err *err);

/* An organisation for ever, by its keys; and the erasure list once more after a restore. */
int admin_erase_org(struct admin *admin, struct err *err);
int admin_erasures_replay(struct admin *admin, struct err *err);

/* Whom the instance may contact: lines, JSON lines or rules for nftables. */
int admin_egress(struct admin *admin, struct err *err);
/* A look for canaries in all files of the instance, and what another program tried. */
int admin_drill_canary(struct admin *admin, struct err *err);
int admin_drill_note(struct admin *admin, struct err *err);
extern const char *const admin_program; /* version of the program */

/* What verbs share: the organisation of --org as the system, with all rights; ERR_INVALID without it. */
int admin_actor(const struct admin *admin, struct flow_actor *ret_actor, struct err *err);
/* One line on stdout. */
void admin_print(struct str line);
/* ERR_INVALID when an option is missing. */
int admin_need(struct str value, const char *option, struct err *err);

/* As root: become the owner of KARTEI_VAR, to whom database and keys answer. Errors: ERR_INTERNAL. */
int admin_leave_root(struct err *err);

#endif

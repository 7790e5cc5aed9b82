/* How people get in who have no account: invitations, domains whose people may sign up, and sign-ups that wait for the
 * address to be confirmed. Codes and tokens are random and stored as SHA-256. */
#ifndef STORE_SIGN_IN_SIGN_UP_H
#define STORE_SIGN_IN_SIGN_UP_H

#include "base/crypto.h"
#include "store/store.h"

struct store_invitation {
    struct id id;
    struct str email, domain; /* to whom it is bound; absent = to nobody; sealed at rest */
    struct str role;
    int64_t uses_left, expires_at, created_at;
};
/* A fresh one; .id, .expires_at and .created_at are ignored. */
struct store_invitation_new {
    struct store_invitation invitation;
    struct str code;
    int64_t life_ms;
    struct id creator; /* empty: the command line */
};
int store_invitation_add(struct store_tx *tx, const struct store_invitation_new *fresh, struct id *ret_id,
                         struct err *err);
int store_invitation_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                         struct store_invitation *ret_invitation, struct err *err);
/* Those not over, newest first (struct store_invitation, at most 200). */
int store_invitation_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_invitations, struct err *err);
/* Takes one use. ERR_NOT_FOUND: none is left, or it is over. */
int store_invitation_use(struct store_tx *tx, const struct id *id, struct err *err);
/* Sign-ups by it that wait go with it. ERR_NOT_FOUND. */
int store_invitation_delete(struct store_tx *tx, const struct id *id, struct err *err);
/* Whose invitation a code is, over all organisations. ERR_NOT_FOUND: unknown, used up, over. */
int store_invitation_find(struct store *store, struct str code, struct id *ret_org, struct id *ret_id, struct err *err);

/* A domain, in lower case, whose people may sign up with a role. ERR_CONFLICT: it is there already. */
int store_sign_up_domain_add(struct store_tx *tx, struct str domain, struct str role, struct err *err);
/* Those of the organisation as "domain role" (struct str). */
int store_sign_up_domain_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_domains, struct err *err);
/* ERR_NOT_FOUND. */
int store_sign_up_domain_drop(struct store_tx *tx, struct str domain, struct err *err);
/* Whose people they are, over all organisations: exactly this domain. ERR_NOT_FOUND. */
int store_sign_up_domain_find(struct store *store, struct str domain, struct arena *arena, struct id *ret_org,
                              struct str *ret_role, struct err *err);

struct store_sign_up {
    struct str email, name, language; /* sealed at rest */
    struct id invitation;             /* empty: by domain */
    struct str role;
};
int store_sign_up_add(struct store_tx *tx, const struct store_sign_up *sign_up, int64_t life_ms, struct id *ret_id,
                      struct err *err);
/* ERR_NOT_FOUND: over, or used. */
int store_sign_up_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_sign_up *ret_sign_up,
                      struct err *err);
/* The token that its mail carries; a later one replaces it. */
int store_sign_up_token(struct store_tx *tx, const struct id *id, struct str token, struct err *err);
/* Which one a token means, over all organisations; nothing is used up. ERR_BAD_LOGIN. */
int store_sign_up_find(struct store *store, struct str token, struct id *ret_org, struct id *ret_id, struct err *err);
/* Uses it up: of any number of callers exactly one succeeds. ERR_BAD_LOGIN. */
int store_sign_up_use(struct store_tx *tx, const struct id *id, struct str token, struct err *err);

#endif

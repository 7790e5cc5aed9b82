/* Invitations: codes that let somebody in who has no account. A code is random and stored as SHA-256; to whom it is
 * bound is sealed at rest. */
#ifndef STORE_SIGN_IN_INVITATION_H
#define STORE_SIGN_IN_INVITATION_H

#include "store/store.h"

struct store_invitation {
    struct id id;
    struct str email, domain; /* to whom it is bound; absent = to nobody; both are never there */
    struct str role;
    int64_t uses, used;
    struct id creator;
    int64_t created_at, expires_at, revoked_at; /* revoked_at: 0 = not revoked */
};
/* Of `fresh` the binding, role, uses and creator count. */
int store_invitation_add(struct store_tx *tx, const struct store_invitation *fresh, struct str code, int64_t life_ms,
                         struct id *ret_id, struct err *err);
int store_invitation_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                         struct store_invitation *ret_invitation, struct err *err);
/* Newest first (struct store_invitation, at most 200), those that are over too for 30 days. */
int store_invitation_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_invitations, struct err *err);
/* Takes one use. ERR_NOT_FOUND: none is left, or it does not hold any more. */
int store_invitation_use(struct store_tx *tx, const struct id *id, struct err *err);
/* ERR_NOT_FOUND, also when it is revoked already. */
int store_invitation_revoke(struct store_tx *tx, const struct id *id, struct err *err);
/* Whose invitation a code is, over all organisations. ERR_NOT_FOUND: unknown, used up, over, revoked: one statement,
 * one answer. */
int store_invitation_find(struct store *store, struct str code, struct id *ret_org, struct id *ret_id, struct err *err);

#endif

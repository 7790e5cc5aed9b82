/* Whom an identity provider's subject stands for. Only issuer and subject together name a person (OpenID Connect Core
 * 1.0 section 5.7); they are known by a keyed hash. */
#ifndef STORE_OIDC_IDENTITY_H
#define STORE_OIDC_IDENTITY_H

#include "store/store.h"

struct store_identity {
    struct str issuer, subject;
};
/* The user, and that the identity was used now. ERR_NOT_FOUND. */
int store_identity_use(struct store_tx *tx, const struct store_identity *identity, struct id *ret_user,
                       struct err *err);
/* Joins it to a user, as learned from `provider`. ERR_CONFLICT: it stands for somebody already. */
int store_identity_add(struct store_tx *tx, const struct store_identity *identity, const struct id *provider,
                       const struct id *user, struct err *err);
/* The user of the organisation with this address, compared as store_user_add() does. ERR_NOT_FOUND. */
int store_user_by_email(struct store_tx *tx, struct str email, struct arena *arena, struct id *ret_user,
                        bool *ret_active, struct err *err);

#endif

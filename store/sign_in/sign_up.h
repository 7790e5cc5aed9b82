/* Signing up: the domains whose people an organisation lets in, and sign-ups that wait for their address to be
 * confirmed. Names, addresses and domains are sealed at rest; tokens are kept as hashes. */
#ifndef STORE_SIGN_IN_SIGN_UP_H
#define STORE_SIGN_IN_SIGN_UP_H

#include "store/store.h"

struct store_sign_up_domain {
    struct id id;
    struct str domain; /* in lower case */
    struct str role;
    int64_t created_at;
};
/* ERR_CONFLICT: the organisation has it already. */
int store_sign_up_domain_add(struct store_tx *tx, const struct store_sign_up_domain *fresh, const struct id *creator,
                             struct id *ret_id, struct err *err);
int store_sign_up_domain_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                             struct store_sign_up_domain *ret_domain, struct err *err);
/* Exactly this domain, in lower case. ERR_NOT_FOUND. */
int store_sign_up_domain_find(struct store_tx *tx, struct str domain, struct arena *arena,
                              struct store_sign_up_domain *ret_domain, struct err *err);
/* Oldest first (struct store_sign_up_domain, at most 200). */
int store_sign_up_domain_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_domains, struct err *err);
/* Sign-ups by it that wait go with it. ERR_NOT_FOUND. */
int store_sign_up_domain_drop(struct store_tx *tx, const struct id *id, struct err *err);

struct store_sign_up {
    struct str email, name, language;
    struct id domain, invitation; /* what lets it in: one of them, the other is empty */
};
struct store_sign_up_new {
    struct store_sign_up sign_up;
    struct str token, browser, code; /* of the link; of the asking browser's cookie; what another browser has to type */
    int64_t life_ms;
};
/* Voids an older one of the same address. */
int store_sign_up_put(struct store_tx *tx, const struct store_sign_up_new *fresh, struct err *err);
struct store_sign_up_found {
    struct id org, id;
    bool wants_code; /* another browser, and no or a wrong code; the fifth wrong one ends it */
};
/* Which one a link means, over all organisations; nothing is used up. ERR_BAD_LOGIN. */
struct store_link_try;
int store_sign_up_find(struct store *store, const struct store_link_try *link, struct store_sign_up_found *ret_found,
                       struct err *err);
/* Uses it up: of any number of callers exactly one succeeds. ERR_BAD_LOGIN. */
int store_sign_up_use(struct store_tx *tx, const struct id *id, struct str token, struct arena *arena,
                      struct store_sign_up *ret_sign_up, struct err *err);

#endif

/* Second factors of a user: the seed of time-based codes, recovery codes; and whom the organisation asks for one. */
#ifndef STORE_SIGN_IN_FACTOR_H
#define STORE_SIGN_IN_FACTOR_H

#include "base/crypto.h"
#include "store/store.h"

struct store_factor {
    struct str seed; /* sealed at rest */
    int64_t last_step;
    bool confirmed; /* a first code was right: it is asked for from then on */
};
/* A fresh seed, not yet confirmed; it replaces one that never was. ERR_CONFLICT when one is confirmed. */
int store_factor_begin(struct store_tx *tx, const struct id *user, struct str seed, struct err *err);
/* ERR_NOT_FOUND when there is none. */
int store_factor_get(struct store_tx *tx, const struct id *user, struct arena *arena, struct store_factor *ret_factor,
                     struct err *err);
/* Notes that a code of this time step was right, and confirms the seed. ERR_BAD_LOGIN: this or a later step was used
 * before. Of any number of callers with one step exactly one succeeds. */
int store_factor_step(struct store_tx *tx, const struct id *user, int64_t step, struct err *err);
/* Removes seed and recovery codes; none is no error. */
int store_factor_drop(struct store_tx *tx, const struct id *user, struct err *err);

/* Recovery codes: random, stored as SHA-256; new ones replace all of the user's. */
int store_recovery_put(struct store_tx *tx, const struct id *user, const struct str *codes, size_t n, struct err *err);
/* Uses one up. ERR_BAD_LOGIN: unknown or used. */
int store_recovery_use(struct store_tx *tx, const struct id *user, struct str code, struct err *err);
int store_recovery_left(struct store_tx *tx, const struct id *user, int64_t *ret_n, struct err *err);

struct store_policy {
    struct str roles; /* names with blanks between them */
    int64_t version;  /* 0 = there is no row yet */
};
int store_policy_get(struct store_tx *tx, struct arena *arena, struct store_policy *ret_policy, struct err *err);
/* Writes over the version it carries; *policy gets the new one. ERR_STALE. */
int store_policy_put(struct store_tx *tx, struct store_policy *policy, struct err *err);

#endif

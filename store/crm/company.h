/* Companies that were made in a CRM from here: a name belongs to one attempt at a time. Of the name a keyed hash is
 * kept. */
#ifndef STORE_CRM_COMPANY_H
#define STORE_CRM_COMPANY_H

#include "store/store.h"

struct store_company {
    struct id connection;
    struct str name; /* folded by the caller: what shall count as one name */
};
struct store_company_claim {
    struct id id;
    struct id marker; /* the same for each attempt until one is known to have made it; empty by store_company_get() */
    struct str remote_id; /* what was made; absent: nobody knows yet */
};
/* Claims the name. ERR_CONFLICT when another attempt claimed it, or made it, less than `wait_ms` ago. */
int store_company_take(struct store_tx *tx, const struct store_company *company, int64_t wait_ms,
                       struct store_company_claim *ret_claim, struct err *err);
/* ERR_NOT_FOUND: nobody has claimed the name. */
int store_company_get(struct store_tx *tx, const struct store_company *company, struct arena *arena,
                      struct store_company_claim *ret_claim, struct err *err);
int store_company_made(struct store_tx *tx, const struct id *claim, struct str remote_id, struct err *err);
/* Gives the name back: for sure nothing was made. */
int store_company_drop(struct store_tx *tx, const struct id *claim, struct err *err);

#endif

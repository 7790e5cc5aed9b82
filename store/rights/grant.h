/* Support grants: whom of support the organisation has let in, by whom, how far, why and until when. */
#ifndef STORE_RIGHTS_GRANT_H
#define STORE_RIGHTS_GRANT_H

#include "store/people.h"

struct store_grant {
    struct id id, user, granted_by, ended_by; /* ended_by is empty while it holds, and when it ended by itself */
    struct str area;                          /* "configuration" | "content" */
    struct str reason;                        /* sealed at rest */
    int64_t created_at, expires_at, ended_at; /* ms since 1970; ended_at 0 = nobody has ended it */
};

/* Adds a grant that ends after `life_ms`. ERR_CONFLICT while another one of the user holds. */
int store_grant_add(struct store_tx *tx, const struct store_grant *grant, int64_t life_ms, struct id *ret_id,
                    struct err *err);
/* ERR_NOT_FOUND. */
int store_grant_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_grant *ret_grant,
                    struct err *err);
/* All (struct store_grant), newest first; at most 500. */
int store_grant_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_grants, struct err *err);
/* Opens the sealed reason of a grant. */
int store_grant_reason(struct store_tx *tx, const struct id *id, struct str sealed, struct arena *arena,
                       struct str *ret_reason, struct err *err);
/* Ends a grant and with it every session of its user. ERR_CONFLICT when it has ended. */
int store_grant_end(struct store_tx *tx, const struct store_grant *grant, const struct id *by, struct err *err);

#endif

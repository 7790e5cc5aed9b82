/* Fairs: occasions at which cards are collected, and what a capture there brings along. */
#ifndef STORE_FAIR_H
#define STORE_FAIR_H

#include "store/store.h"

struct store_fair {
    struct id id;
    struct id list;         /* where its captures go; empty: to the first list of whoever takes them */
    struct str name, tag;   /* sealed at rest; tag may be absent */
    struct str legal_basis; /* "consent" | "contract" | "legitimate_interest" */
    struct id created_by;
    int64_t version, created_at, closed_at; /* closed_at 0 = open */
    int64_t contacts;                       /* living ones that were captured there */
};

/* Adds name, tag, list, legal_basis and created_by of `fair`. */
int store_fair_add(struct store_tx *tx, const struct store_fair *fair, struct id *ret_id, struct err *err);
/* ERR_NOT_FOUND. */
int store_fair_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_fair *ret_fair,
                   struct err *err);
/* struct store_fair, the latest first; `user`: only those whose list the user reaches or that have none; NULL: all. */
int store_fair_list(struct store_tx *tx, const struct id *user, struct arena *arena, struct json_list *ret_fairs,
                    struct err *err);
/* Replaces name, tag, list and legal_basis, closes it or opens it again, where the version is fair->version. ERR_STALE,
 * ERR_NOT_FOUND; ERR_CONFLICT: another legal basis after something was captured. */
int store_fair_save(struct store_tx *tx, const struct store_fair *fair, struct err *err);

#endif
